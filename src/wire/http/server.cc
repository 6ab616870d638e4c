#include "wire/http/server.h"

#include <cerrno>
#include <deque>
#include <unordered_map>

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "base/strings.h"
#include "codec/gzip.h"
#include "sys/thread.h"
#include "sys/wait_fd.h"
#include "wire/http/date.h"
#include "wire/http/server_connection.h"
#include "wire/http/socket.h"
#include "wire/http/workers.h"

namespace fleet::http {

// All that the loop owns. It is made before the loop runs and goes after the loop has ended.
struct Server::State final : ConnectionHost, Reactor::Watcher {
  State(const Context& given, ServerOptions wanted, Handler handles)
      : ctx(given),
        options(std::move(wanted)),
        handler(std::move(handles)),
        tls(options.tls) {}

  const Context ctx;
  const ServerOptions options;
  const Handler handler;
  Guarded<std::shared_ptr<const tls::ServerContext>> tls;
  std::shared_ptr<Reactor> reactor;
  sys::UniqueFd listener;
  int port = 0;
  std::unique_ptr<Workers> workers;
  std::atomic<size_t> connection_count = 0;
  std::atomic<uint64_t> request_count = 0;
  sys::Counter requests;
  sys::Counter refused;
  sys::Gauge open;

  // The loop's alone.
  std::unordered_map<ServerConnection*, std::shared_ptr<ServerConnection>> connections;
  DateText date_text;
  bool draining = false;
  bool full_logged = false;

  struct Stopping {
    bool done = false;
  };
  Guarded<Stopping> all_closed;
  Thread loop;

  void on_ready(bool, bool) override {
    while (true) {
      sockaddr_storage from{};
      socklen_t size = sizeof from;
      // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the C interface
      auto* address = reinterpret_cast<sockaddr*>(&from);
      sys::UniqueFd socket(::accept4(listener.get(), address, &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (!socket.valid() && (errno == EINTR || errno == ECONNABORTED)) continue;
      if (!socket.valid()) break;
      welcome(std::move(socket), address_text(address, size));
    }
    if (errno == EMFILE || errno == ENFILE) {
      ctx.log().warn("no file descriptor for a new connection", {{"server", options.name}});
      pause_accepting();
    }
  }

  void on_timer() override {
    if (!draining) reactor->watch(listener.get(), true, false, this);
  }

  void pause_accepting() {
    reactor->watch(listener.get(), false, false, this);
    reactor->set_timer(this, ctx.clock().instant() + std::chrono::milliseconds{200});
  }

  void welcome(sys::UniqueFd socket, std::string address) {
    if (connections.size() >= options.limits.max_connections) {
      if (!std::exchange(full_logged, true)) {
        ctx.log().warn("connection limit reached, new ones are refused",
                       {{"server", options.name}, {"limit", options.limits.max_connections}});
      }
      return;
    }
    tune_socket(socket.get());
    auto context = tls.with([](const auto& c) { return c; });
    auto channel = context ? tls::Channel::server(std::move(socket), std::move(context))
                           : Result<tls::Channel>(tls::Channel::plain(std::move(socket)));
    if (!channel.ok()) return;
    auto connection = std::make_shared<ServerConnection>(
        *this, *reactor, std::move(channel).value(), std::move(address));
    connections.emplace(connection.get(), connection);
    count_connections();
    connection->begin();
  }

  void count_connections() {
    connection_count = connections.size();
    open.set(static_cast<double>(connections.size()));
  }

  const Limits& limits() const override { return options.limits; }
  std::string_view date() override { return date_text.at(ctx.clock().now()); }

  void closed(ServerConnection& connection) override {
    // Not destroyed here: it is in the middle of a call.
    auto at = connections.find(&connection);
    if (at == connections.end()) return;
    reactor->post([keep = std::move(at->second)] {});
    connections.erase(at);
    count_connections();
    full_logged = false;
    if (draining && connections.empty()) report_all_closed();
  }

  void report_all_closed() {
    all_closed.with([](Stopping& s) { s.done = true; });
    all_closed.notify_all();
  }

  void dispatch(Request request, const std::shared_ptr<Exchange>& exchange) override {
    requests.add();
    request.id = std::to_string(request_count.fetch_add(1) + 1);
    exchange->accepts_gzip = request.headers.lists("accept-encoding", "gzip");
    const bool exempt = options.exempt && options.exempt(request);
    Responder responder = Exchange::responder(exchange);
    // The job must be copyable, and the request is large.
    auto shared = std::make_shared<Request>(std::move(request));
    const bool taken = workers->add(
        [this, shared, exchange, responder] { handle(*shared, exchange, responder); }, exempt);
    if (taken) return;
    refused.add();
    responder.send({429,
                    {{"retry-after", "1"}, {"content-type", "text/plain; charset=utf-8"}},
                    "too many requests, please try again later\n"});
  }

  // On a worker.
  void handle(Request& request, const std::shared_ptr<Exchange>& exchange, Responder responder) {
    if (exchange->cancel.stop_requested()) return;
    if (request.headers.lists("content-encoding", "gzip")) {
      auto body = codec::gunzip(request.body, options.limits.max_body_bytes);
      if (!body.ok()) {
        responder.send({status_of(body.error().code()), {}, cat(body.error().message(), "\n")});
        return;
      }
      request.body = std::move(body).value();
    }
    const Context call =
        ctx.with_stop(exchange->cancel.get_token()).with_timeout(options.limits.request_timeout);
    handler(call, request, std::move(responder));
  }

  void drain() {
    if (std::exchange(draining, true)) return;
    reactor->forget(listener.get(), this);
    listener.reset();
    const auto all = connections;  // draining may close them
    for (const auto& [key, connection] : all)
      connection->drain();
    if (connections.empty()) report_all_closed();
  }

  void close_all() {
    const auto all = connections;
    for (const auto& [key, connection] : all)
      connection->close("server stops");
  }
};

Server::Server(std::unique_ptr<State> state)
    : state_(std::move(state)) {}

Result<std::unique_ptr<Server>> Server::start(const Context& ctx,
                                              ServerOptions options,
                                              Handler handler) {
  auto state = std::make_unique<State>(ctx, std::move(options), std::move(handler));
  const ServerOptions& chosen = state->options;
  state->listener = TRY(listen_on(chosen.address, chosen.port));
  state->port = local_port(state->listener.get());
  state->reactor = TRY(Reactor::make(ctx.clock()));
  if (chosen.metrics != nullptr) {
    const sys::Labels labels = {{"server", chosen.name}};
    state->requests =
        chosen.metrics->counter("http_server_requests_total", "Requests received.", labels);
    state->refused = chosen.metrics->counter(
        "http_server_refused_total", "Requests refused for a full queue.", labels);
    state->open = chosen.metrics->gauge("http_server_connections", "Open connections.", labels);
  }
  const int workers = chosen.workers > 0 ? chosen.workers : std::max(4, 2 * sys::processor_count());
  state->workers = std::make_unique<Workers>(chosen.name, workers, chosen.limits.queue);
  state->reactor->watch(state->listener.get(), true, false, state.get());
  state->loop = Thread(chosen.name + "-loop", [s = state.get()](const std::stop_token&) {
    const std::stop_callback on_stop(s->ctx.stop(), [s] { s->reactor->post([s] { s->drain(); }); });
    s->reactor->run();
  });
  return std::unique_ptr<Server>(new Server(std::move(state)));
}

Server::~Server() {
  stop(Duration{0});
}

void Server::stop(Duration grace) {
  State& s = *state_;
  if (!s.loop.joinable()) return;
  s.reactor->post([&s] { s.drain(); });
  // A context of its own: the server's may have ended already.
  const Context wait = Context(s.ctx.clock(), s.ctx.log(), {}).with_timeout(grace);
  [[maybe_unused]] const bool calm =
      s.all_closed.wait(wait, [](const State::Stopping& stopping) { return stopping.done; }).ok();
  s.reactor->post([&s] { s.close_all(); });
  s.workers->stop();  // their exchanges are cancelled, so handlers return
  s.reactor->stop();
  s.loop.join();
  s.connections.clear();
}

int Server::port() const {
  return state_->port;
}

std::string Server::url() const {
  const std::string& address = state_->options.address;
  const bool any = address.empty() || address == "::" || address == "0.0.0.0";
  const std::string host = any                      ? "127.0.0.1"
                           : contains(address, ":") ? cat("[", address, "]")
                                                    : address;
  return cat(state_->options.tls ? "https://" : "http://", host, ":", state_->port);
}

size_t Server::connections() const {
  return state_->connection_count;
}

void Server::set_tls(std::shared_ptr<const tls::ServerContext> context) {
  state_->tls.with([&](auto& current) { current = std::move(context); });
}

}  // namespace fleet::http
