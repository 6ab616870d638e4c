#include "kube/apiserver/http_front.h"

#include "base/strings.h"
#include "kube/apiserver/watch.h"

namespace fleet::kube::apiserver {

namespace {

http::Headers head_of(const Response& response) {
  http::Headers headers = response.headers;
  headers.set("content-type", response.content_type);
  if (headers.find("cache-control") == nullptr) headers.set("cache-control", "no-cache, private");
  return headers;
}

// Short lists go out whole, so that they can be packed; long ones piece by piece.
void send_pieces(const Context& ctx, Response& response, http::Responder& responder) {
  std::string first;
  std::string piece;
  response.pieces(first);
  if (!response.pieces(piece)) {
    responder.send({response.status, head_of(response), std::move(first)});
    return;
  }
  http::BodyStream stream = responder.stream(response.status, head_of(response));
  if (!stream.write(ctx, std::move(first)).ok()) return;
  do {
    if (!stream.write(ctx, std::exchange(piece, {})).ok()) return;
  } while (response.pieces(piece));
  stream.finish();
}

}  // namespace

Request from_http(const http::Request& request) {
  Request out;
  out.method = request.method;
  out.path = request.path;
  out.query = request.query;
  out.headers = request.headers;
  out.body = request.body;
  out.remote_address = request.remote_address;
  if (request.peer) out.peer = PeerSubject{request.peer->common_name, request.peer->organizations};
  return out;
}

bool HttpFront::is_exempt(const http::Request& request) {
  return request.path == "/healthz" || request.path == "/livez" || request.path == "/readyz" ||
         contains(request.path, "/leases");
}

void HttpFront::answer(const Context& ctx,
                       const http::Request& request,
                       http::Responder responder) const {
  for (const Mount& mount : mounts_) {
    if (!request.path.starts_with(mount.prefix)) continue;
    mount.handler(ctx, request, std::move(responder));
    return;
  }
  Response response = handler_.handle(ctx, from_http(request));
  if (response.watch) {
    http::Headers headers = head_of(response);
    sender_.add(std::move(response.watch), responder.stream(response.status, std::move(headers)));
    return;
  }
  if (response.pieces) {
    send_pieces(ctx, response, responder);
    return;
  }
  http::Headers headers = head_of(response);
  responder.send({response.status, std::move(headers), response.take_text()});
}

}  // namespace fleet::kube::apiserver
