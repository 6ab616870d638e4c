#include "support/fault_proxy.h"

#include "base/strings.h"
#include "data/json/parse.h"
#include "data/json/print.h"
#include "wire/crypto/certificate.h"
#include "wire/tls/context.h"

namespace fleet::testing {
namespace {

using data::Value;

// How long a stalled connection says nothing before it breaks.
constexpr Duration kStall = std::chrono::seconds(3);

constexpr std::array<std::string_view, kFaultKinds> kNames = {"401",
                                                              "410",
                                                              "429",
                                                              "500",
                                                              "a foreign 404",
                                                              "cut request",
                                                              "cut answer",
                                                              "stalled",
                                                              "empty list",
                                                              "half list"};

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

// The list of an answer with fewer items, or with none, as if it were whole. False when there was
// nothing to take away.
bool shorten_list(std::string& body, bool to_nothing) {
  auto list = json::parse(body);
  if (!list.ok() || (*list)["items"].size() == 0) return false;
  size_t keep = to_nothing ? 0 : (*list)["items"].size() / 2;
  Value items = Value::array();
  for (size_t i = 0; i < keep; ++i)
    items.push_back((*list)["items"][i]);
  list->set("items", items);
  list->edit("metadata").erase("continue");
  list->edit("metadata").erase("remainingItemCount");
  body = json::print(*list, json::Keys::AsWritten);
  return true;
}

http::Response refusal(Fault fault) {
  switch (fault) {
    case Fault::Unauthorized:
      return refusal(401, "Unauthorized");
    case Fault::Gone:
      return refusal(410, "Expired");
    case Fault::TooMany:
      return refusal(429, "TooManyRequests");
    case Fault::ForeignNotFound:
      return {.status = 404,
              .headers = {{"content-type", "text/plain"}},
              .body = "404 page not found\n"};
    default:
      return refusal(500, "InternalError");
  }
}

bool is_watch(const http::Request& request) {
  return request.query.value("watch") == "true" || request.query.value("watch") == "1";
}

http::Call call_for(const std::string& upstream, const http::Request& request) {
  http::Call call{
      .method = request.method, .url = upstream + request.raw_path, .body = request.body};
  if (!request.raw_query.empty()) call.url += "?" + request.raw_query;
  for (const auto& field : request.headers.fields()) {
    bool ours = field.name == "host" || field.name == "content-length" ||
                field.name == "connection" || field.name == "accept-encoding" ||
                field.name == "transfer-encoding" || field.name == "content-encoding";
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

std::string_view to_string(Fault fault) {
  return kNames[static_cast<size_t>(fault)];
}

FaultProxy::FaultProxy(Context ctx, std::string upstream, uint64_t seed)
    : ctx_(std::move(ctx)),
      upstream_(std::move(upstream)) {
  dice_.with([&](Dice& dice) { dice.random.seed(seed); });
}

FaultProxy::~FaultProxy() {
  stop_.request_stop();
  if (server_) server_->stop(Duration::zero());
  std::vector<Thread> threads;
  beside_.with([&](Beside& beside) { threads.swap(beside.threads); });
}

Result<std::unique_ptr<FaultProxy>> FaultProxy::start(const Context& ctx,
                                                      const std::string& upstream,
                                                      uint64_t seed) {
  std::unique_ptr<FaultProxy> proxy(new FaultProxy(ctx, upstream, seed));
  Identity identity = TRY(make_identity(ctx.clock()));
  proxy->ca_pem_ = identity.ca;
  proxy->tls_ = identity.context;
  auto trusting = TRY(tls::ClientContext::make({.insecure_skip_verify = true}));
  proxy->client_ = std::make_unique<http::Client>(http::ClientOptions{.tls = trusting});
  TRY(proxy->listen(0));
  proxy->url_ = proxy->server_->url();
  return proxy;
}

Result<> FaultProxy::listen(int port) {
  http::ServerOptions options;
  options.tls = tls_;
  options.port = port;
  options.workers = 16;
  options.name = "fault-proxy";
  server_ = TRY(http::Server::start(
      ctx_,
      options,
      [this](const Context& request_ctx, const http::Request& request, http::Responder out) {
        handle(request_ctx, request, out);
      }));
  return {};
}

Result<> FaultProxy::drop_all() {
  ++injected_;
  const int port = server_->port();
  server_.reset();
  return listen(port);
}

std::array<int, kFaultKinds> FaultProxy::counts() const {
  return const_cast<Guarded<Dice>&>(dice_).with([](Dice& dice) { return dice.counts; });
}

void FaultProxy::set_only(std::optional<Fault> fault) {
  dice_.with([&](Dice& dice) { dice.only = fault; });
}

bool FaultProxy::draw(bool is_list, Fault& fault) {
  int one_in = one_in_;
  if (one_in == 0) return false;
  size_t kinds = is_list ? kFaultKinds : static_cast<size_t>(Fault::EmptyList);
  return dice_.with([&](Dice& dice) {
    if (dice.random() % static_cast<uint64_t>(one_in) != 0) return false;
    fault = dice.only.value_or(static_cast<Fault>(dice.random() % kinds));
    return is_list || fault < Fault::EmptyList;
  });
}

void FaultProxy::run_beside(std::function<void(const std::stop_token&)> body) {
  beside_.with([&](Beside& beside) { beside.threads.emplace_back("proxy", std::move(body)); });
}

// The caller waits and then finds the connection broken.
void FaultProxy::stall(http::Responder out) {
  Context waiting(ctx_.clock(), ctx_.log(), stop_.get_token());
  run_beside([out, waiting](const std::stop_token&) mutable {
    Result<> waited = waiting.sleep(kStall);
    if (!waited.ok()) return;
    out.stream(200, {}).cut_off();
  });
}

void FaultProxy::pass_watch(const Context& ctx,
                            const http::Call& call,
                            http::Responder& out,
                            bool breaks) {
  auto body = client_->open(ctx, call);
  if (!body.ok()) {
    out.send(refusal(503, "ServiceUnavailable"));
    return;
  }
  auto stream = out.stream(body->status(), passed_on(body->headers()));
  Context watching(ctx_.clock(), ctx_.log(), stop_.get_token());
  auto reader = std::make_shared<http::BodyReader>(std::move(*body));
  auto gone = std::make_shared<std::stop_source>();
  stream.on_close([gone] { gone->request_stop(); });
  run_beside([reader, stream, watching, gone, breaks](const std::stop_token&) mutable {
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
  });
}

void FaultProxy::handle(const Context& ctx, const http::Request& request, http::Responder& out) {
  const bool watches = is_watch(request);
  const http::Call call = call_for(upstream_, request);
  std::optional<http::Answer> answer;
  bool is_list = false;
  Fault fault{};
  if (request.method == "GET" && !watches) {
    auto answered = client_->request(ctx, call);
    if (!answered.ok()) return out.send(refusal(503, "ServiceUnavailable"));
    answer = std::move(answered).value();
    std::string copy = answer->body;
    is_list = contains(copy, "\"items\":[") && shorten_list(copy, true);
  }
  bool wrong = draw(is_list, fault);
  if (wrong) {
    ++injected_;
    dice_.with([&](Dice& dice) { ++dice.counts[static_cast<size_t>(fault)]; });
  }
  if (wrong && fault == Fault::CutRequest) return out.stream(200, {}).cut_off();
  if (wrong && fault < Fault::CutRequest) return out.send(refusal(fault));
  if (watches && !(wrong && fault == Fault::Stalled))
    return pass_watch(ctx, call, out, wrong && fault == Fault::CutAnswer);
  if (!watches && !answer) {
    auto answered = client_->request(ctx, call);
    if (!answered.ok()) return out.send(refusal(503, "ServiceUnavailable"));
    answer = std::move(answered).value();
  }
  if (wrong && fault == Fault::Stalled) return stall(out);
  if (wrong && fault == Fault::CutAnswer) {
    auto stream = out.stream(answer->status, passed_on(answer->headers));
    stream.offer(answer->body.substr(0, answer->body.size() / 2));
    stream.cut_off();
    return;
  }
  if (wrong && is_list) shorten_list(answer->body, fault == Fault::EmptyList);
  out.send({.status = answer->status,
            .headers = passed_on(answer->headers),
            .body = std::move(answer->body)});
}

}  // namespace fleet::testing
