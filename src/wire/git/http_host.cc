#include "wire/git/http_host.h"

#include "base/strings.h"
#include "codec/base64.h"
#include "sys/environment.h"
#include "sys/files.h"
#include "sys/process.h"
#include "wire/http/server.h"

namespace fleet::git {
namespace {

constexpr size_t kMaxPushBytes = size_t{256} << 20;

sys::Command backend(const HttpHostOptions& options, const http::Request& request) {
  sys::Command command;
  command.args = {"git", "http-backend"};
  command.env = {{"PATH", sys::env("PATH").value_or("/usr/bin:/bin")},
                 {"GIT_CONFIG_NOSYSTEM", "1"},
                 {"GIT_CONFIG_GLOBAL", "/dev/null"},
                 {"GIT_CONFIG_COUNT", "3"},
                 {"GIT_CONFIG_KEY_0", "safe.directory"},
                 {"GIT_CONFIG_VALUE_0", "*"},
                 {"GIT_CONFIG_KEY_1", "http.receivepack"},
                 {"GIT_CONFIG_VALUE_1", "true"},
                 {"GIT_CONFIG_KEY_2", "uploadpack.allowFilter"},
                 {"GIT_CONFIG_VALUE_2", "true"},
                 {"GIT_PROJECT_ROOT", options.folder},
                 {"GIT_HTTP_EXPORT_ALL", "1"},
                 {"REQUEST_METHOD", request.method},
                 {"PATH_INFO", request.path},
                 {"QUERY_STRING", request.raw_query},
                 {"CONTENT_TYPE", std::string(request.headers.value("content-type"))},
                 {"CONTENT_LENGTH", std::to_string(request.body.size())},
                 {"REMOTE_USER", options.user},
                 {"REMOTE_ADDR", request.remote_address}};
  std::string_view protocol = request.headers.value("git-protocol");
  if (!protocol.empty()) command.env.emplace("GIT_PROTOCOL", protocol);
  command.input = request.body;
  command.max_output = kMaxPushBytes;
  return command;
}

// A CGI answer: header lines, an empty line, the body.
http::Response parse_answer(const std::string& output) {
  http::Response response;
  auto parts = cut(output, "\r\n\r\n");
  if (!parts) return {.status = 500, .body = "git http-backend gave no answer\n"};
  for (std::string_view line : split(parts->before, "\r\n")) {
    auto field = cut(line, ":");
    if (!field) continue;
    std::string_view value = trim(field->after);
    if (equal_fold(field->before, "status")) {
      response.status = static_cast<int>(parse_int(value.substr(0, 3)).value_or(500));
    } else {
      response.headers.add(to_lower(field->before), value);
    }
  }
  response.body = parts->after;
  return response;
}

bool may_enter(const HttpHostOptions& options, const http::Request& request) {
  if (options.user.empty()) return true;
  std::string pair = cat(options.user, ':', options.password.reveal());
  return request.headers.value("authorization") == cat("Basic ", codec::base64_encode(pair));
}

void answer(const Context& ctx,
            const HttpHostOptions& options,
            const http::Request& request,
            http::Responder& out) {
  if (!may_enter(options, request)) {
    out.send({.status = 401,
              .headers = {{"www-authenticate", "Basic realm=\"git\""}},
              .body = "who are you?\n"});
    return;
  }
  auto finished = sys::run(ctx, backend(options, request));
  if (!finished.ok()) {
    ctx.log().warn("git http-backend failed", {{"error", finished.error()}});
    out.send({.status = 500, .body = "git http-backend failed\n"});
    return;
  }
  out.send(parse_answer(finished->output));
}

}  // namespace

HttpHost::HttpHost(std::unique_ptr<http::Server> server)
    : server_(std::move(server)) {}

HttpHost::~HttpHost() = default;

Result<std::unique_ptr<HttpHost>> HttpHost::start(const Context& ctx, HttpHostOptions options) {
  options.folder = TRY(sys::real_path(options.folder));
  http::ServerOptions server;
  server.address = options.address;
  server.port = options.port;
  server.name = "git-host";
  server.limits.max_body_bytes = kMaxPushBytes;
  auto handler = [options = std::move(options)](const Context& request_ctx,
                                                const http::Request& request,
                                                http::Responder out) {
    answer(request_ctx, options, request, out);
  };
  auto started = TRY(http::Server::start(ctx, std::move(server), std::move(handler)));
  return std::unique_ptr<HttpHost>(new HttpHost(std::move(started)));
}

std::string HttpHost::url(const std::string& repository) const {
  return server_->url() + "/" + repository;
}

int HttpHost::port() const {
  return server_->port();
}

}  // namespace fleet::git
