#include "support/fault_proxy.h"

#include "base/strings.h"
#include "data/json/parse.h"
#include "data/json/print.h"
#include "wire/crypto/certificate.h"
#include "wire/tls/context.h"

namespace fleet::testing {
namespace {

using data::Value;

struct Identity {
  std::string ca;
  std::shared_ptr<const tls::ServerContext> context;
};

Result<Identity> make_identity(const Clock& clock) {
  TimePoint from = clock.now() - std::chrono::hours(1);
  TimePoint to = clock.now() + std::chrono::hours(24);
  auto authority = TRY(crypto::Authority::make("fault-proxy", from, to));
  auto key = crypto::PrivateKey::generate(crypto::KeyKind::EcdsaP256);
  crypto::CertificateSpec spec;
  spec.common_name = "fault-proxy";
  spec.ip_addresses = {"127.0.0.1"};
  spec.not_before = from;
  spec.not_after = to;
  spec.for_server = true;
  auto certificate = TRY(authority.issue(key.public_key(), spec));
  auto context = TRY(tls::ServerContext::make(
      {.certificate_chain = certificate.pem(), .key = Secret<>(key.pem())}));
  return Identity{authority.certificate.pem(), std::move(context)};
}

http::Response refusal(int code, std::string_view reason) {
  Value status = Value::object({{"kind", "Status"},
                                {"apiVersion", "v1"},
                                {"status", "Failure"},
                                {"message", "made up by the fault proxy"},
                                {"reason", reason},
                                {"code", code}});
  http::Response response{.status = code,
                          .headers = {{"content-type", "application/json"}},
                          .body = json::print(status, json::Keys::AsWritten)};
  if (code == 429) response.headers.set("retry-after", "0");
  return response;
}

// The list of an answer with fewer items, or with none. Anything else stays as it is.
void shorten_list(std::string& body, bool to_nothing) {
  auto list = json::parse(body);
  if (!list.ok() || !(*list)["items"].is_array()) return;
  size_t keep = to_nothing ? 0 : (*list)["items"].size() / 2;
  Value items = Value::array();
  for (size_t i = 0; i < keep; ++i)
    items.push_back((*list)["items"][i]);
  list->set("items", items);
  body = json::print(*list, json::Keys::AsWritten);
}

http::Call call_for(const std::string& upstream, const http::Request& request) {
  http::Call call{
      .method = request.method, .url = upstream + request.raw_path, .body = request.body};
  if (!request.raw_query.empty()) call.url += "?" + request.raw_query;
  for (const auto& field : request.headers.fields()) {
    bool ours = field.name == "host" || field.name == "content-length" ||
                field.name == "connection" || field.name == "accept-encoding" ||
                field.name == "transfer-encoding";
    if (!ours) call.headers.add(field.name, field.value);
  }
  return call;
}

http::Headers passed_on(const http::Headers& headers) {
  http::Headers out;
  for (const auto& field : headers.fields()) {
    bool framing = field.name == "content-length" || field.name == "transfer-encoding" ||
                   field.name == "connection" || field.name == "date" ||
                   field.name == "content-encoding";
    if (!framing) out.add(field.name, field.value);
  }
  return out;
}

}  // namespace

FaultProxy::FaultProxy(std::string upstream, uint64_t seed)
    : upstream_(std::move(upstream)) {
  dice_.with([&](Dice& dice) { dice.random.seed(seed); });
}

FaultProxy::~FaultProxy() {
  stop_.request_stop();
  if (server_) server_->stop(Duration::zero());
  std::vector<Thread> threads;
  streams_.with([&](Streams& streams) { threads.swap(streams.threads); });
}

Result<std::unique_ptr<FaultProxy>> FaultProxy::start(const Context& ctx,
                                                      const std::string& upstream,
                                                      uint64_t seed) {
  std::unique_ptr<FaultProxy> proxy(new FaultProxy(upstream, seed));
  Identity identity = TRY(make_identity(ctx.clock()));
  proxy->ca_pem_ = identity.ca;
  auto trusting = TRY(tls::ClientContext::make({.insecure_skip_verify = true}));
  proxy->client_ = std::make_unique<http::Client>(http::ClientOptions{.tls = trusting});
  http::ServerOptions options;
  options.tls = identity.context;
  options.workers = 16;
  options.name = "fault-proxy";
  auto* self = proxy.get();
  proxy->server_ = TRY(http::Server::start(
      ctx,
      options,
      [self](const Context& request_ctx, const http::Request& request, http::Responder out) {
        self->handle(request_ctx, request, out);
      }));
  return proxy;
}

std::array<int, kFaultKinds> FaultProxy::counts() const {
  return const_cast<Guarded<Dice>&>(dice_).with([](Dice& dice) { return dice.counts; });
}

bool FaultProxy::draw(Fault& fault) {
  int one_in = one_in_;
  if (one_in == 0) return false;
  return dice_.with([&](Dice& dice) {
    if (dice.random() % static_cast<uint64_t>(one_in) != 0) return false;
    size_t kind = dice.random() % kFaultKinds;
    ++dice.counts[kind];
    fault = static_cast<Fault>(kind);
    return true;
  });
}

void FaultProxy::pass_stream(const Context& ctx,
                             const http::Call& call,
                             http::Responder& out,
                             bool breaks) {
  auto body = client_->open(ctx, call);
  if (!body.ok()) {
    out.send(refusal(503, "ServiceUnavailable"));
    return;
  }
  auto stream = out.stream(body->status(), passed_on(body->headers()));
  Context watching(ctx.clock(), ctx.log(), stop_.get_token());
  auto reader = std::make_shared<http::BodyReader>(std::move(*body));
  auto gone = std::make_shared<std::stop_source>();
  stream.on_close([gone] { gone->request_stop(); });
  auto pump = [reader, stream, watching, gone, breaks](const std::stop_token&) mutable {
    std::stop_callback forward(watching.stop(), [gone] { gone->request_stop(); });
    Context reading = watching.with_stop(gone->get_token());
    for (int pieces = 0;; ++pieces) {
      auto piece = reader->read(reading);
      if (!piece.ok() || (breaks && pieces == 1)) {
        stream.cut_off();
        return;
      }
      if (!*piece) {
        stream.finish();
        return;
      }
      if (!stream.offer(std::move(**piece))) return;
    }
  };
  streams_.with([&](Streams& streams) { streams.threads.emplace_back("proxy-stream", pump); });
}

void FaultProxy::handle(const Context& ctx, const http::Request& request, http::Responder& out) {
  Fault fault{};
  bool wrong = draw(fault);
  if (wrong) ++injected_;
  if (wrong && fault == Fault::Unauthorized) return out.send(refusal(401, "Unauthorized"));
  if (wrong && fault == Fault::Gone) return out.send(refusal(410, "Expired"));
  if (wrong && fault == Fault::TooMany) return out.send(refusal(429, "TooManyRequests"));
  if (wrong && fault == Fault::Internal) return out.send(refusal(500, "InternalError"));

  http::Call call = call_for(upstream_, request);
  bool is_watch = request.query.value("watch") == "true" || request.query.value("watch") == "1";
  if (is_watch) return pass_stream(ctx, call, out, wrong && fault == Fault::Dropped);

  auto answer = client_->request(ctx, call);
  if (!answer.ok()) return out.send(refusal(503, "ServiceUnavailable"));
  if (wrong && fault == Fault::Dropped) {
    // The request was carried out, but its caller never learns of it.
    auto stream = out.stream(answer->status, passed_on(answer->headers));
    stream.offer(answer->body.substr(0, answer->body.size() / 2));
    stream.cut_off();
    return;
  }
  if (wrong && request.method == "GET") shorten_list(answer->body, fault == Fault::EmptyList);
  out.send({.status = answer->status,
            .headers = passed_on(answer->headers),
            .body = std::move(answer->body)});
}

}  // namespace fleet::testing
