#include "wire/http/client.h"

#include <algorithm>
#include <map>

#include "base/strings.h"
#include "codec/gzip.h"
#include "sys/thread.h"
#include "wire/http/client_connection.h"
#include "wire/http/dial.h"

namespace fleet::http {
namespace {

constexpr int kMaxAttempts = 3;

bool is_idempotent(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "PUT" || method == "DELETE" ||
         method == "OPTIONS";
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

struct Lent {
  std::shared_ptr<ClientConnection> connection;
  bool http2 = false;
  size_t calls = 0;
  bool retired = false;  // takes no more calls
};

// The connections to one server (through one proxy).
struct Shelf {
  std::vector<Lent> connections;
  size_t dialing = 0;
  bool one_call_each = false;  // the server speaks HTTP/1.1: waiting for others' dials is no use
};

struct How {
  bool gzip = false;             // ask for a packed answer
  bool redirected_away = false;  // another server than the caller named: no secrets
};

}  // namespace

// The pool, shared with connections, which tell it when they are free or gone.
struct Client::State final : ConnectionOwner, std::enable_shared_from_this<Client::State> {
  explicit State(ClientOptions wanted)
      : options(std::move(wanted)) {}

  ClientOptions options;
  Result<std::shared_ptr<Reactor>> reactor = Reactor::make(sys::system_clock());
  using Shelves = std::map<std::string, Shelf>;
  Guarded<Shelves> shelves;
  Guarded<std::shared_ptr<const tls::ClientContext>> tls;  // made when first needed
  Thread loop;

  void run() {
    if (!reactor.ok()) return;
    loop = Thread("http-client", [r = *reactor](const std::stop_token&) { r->run(); });
  }

  void call_ended(const ClientConnection* connection) override {
    change(connection, [](Shelf&, std::vector<Lent>::iterator at) { at->calls -= 1; });
  }

  Result<std::shared_ptr<const tls::ClientContext>> tls_context() {
    if (options.tls) return options.tls;
    if (auto made = tls.with([](const auto& t) { return t; })) return made;
    auto made = TRY(tls::ClientContext::make({.http2 = options.http2}));
    tls.with([&](auto& t) { t = made; });
    return made;
  }

  void retired(const ClientConnection* connection) override {
    change(connection, [](Shelf&, std::vector<Lent>::iterator at) { at->retired = true; });
  }

  void closed(const ClientConnection* connection) override {
    // Kept until the loop has left its call.
    std::shared_ptr<ClientConnection> keep;
    change(connection, [&](Shelf& shelf, std::vector<Lent>::iterator at) {
      keep = std::move(at->connection);
      shelf.connections.erase(at);
    });
  }

  template <typename Change>
  void change(const ClientConnection* connection, Change what) {
    shelves.with([&](Shelves& all) {
      for (auto& [key, shelf] : all) {
        auto at = std::find_if(shelf.connections.begin(),
                               shelf.connections.end(),
                               [&](const Lent& l) { return l.connection.get() == connection; });
        if (at == shelf.connections.end()) continue;
        what(shelf, at);
        return;
      }
    });
    shelves.notify_all();
  }

  // A connection with room for a call, which is counted.
  Result<std::shared_ptr<ClientConnection>> borrow(const Context& ctx, const DialPlan& plan) {
    const std::string key = cat(plan.url.scheme, "://", plan.url.authority(), "|", plan.proxy);
    std::shared_ptr<ClientConnection> found;
    const auto take = [&](Shelves& all) {
      Shelf& shelf = all[key];
      for (Lent& lent : shelf.connections) {
        const size_t most = lent.http2 ? options.max_streams_per_connection : 1;
        if (lent.retired || lent.calls >= most) continue;
        ++lent.calls;
        found = lent.connection;
        return true;
      }
      if (shelf.dialing > 0 && !shelf.one_call_each) return false;
      ++shelf.dialing;
      return true;
    };
    bool done = false;
    TRY(shelves.wait(ctx, [&](const Shelves& all) {
      // The predicate decides and takes in one step, under the lock.
      if (!done) done = take(const_cast<Shelves&>(all));
      return done;
    }));
    if (found) return found;
    return dial_new(ctx, plan, key);
  }

  Result<std::shared_ptr<ClientConnection>> dial_new(const Context& ctx,
                                                     const DialPlan& plan,
                                                     const std::string& key) {
    auto channel = dial(ctx.with_timeout(options.connect_timeout), plan);
    if (!channel.ok()) {
      shelves.with([&](Shelves& all) { --all[key].dialing; });
      shelves.notify_all();
      return std::move(channel).error();
    }
    const bool http2 = channel->protocol() == "h2";
    const ConnectionTimes times = {options.idle_timeout, options.ping_interval};
    auto make = http2 ? make_http2_client : make_http1_client;
    auto connection = make(**reactor, std::move(channel).value(), weak_from_this(), times);
    shelves.with([&](Shelves& all) {
      Shelf& shelf = all[key];
      --shelf.dialing;
      shelf.one_call_each = !http2;
      shelf.connections.push_back({connection, http2, 1, false});
    });
    shelves.notify_all();
    (*reactor)->post([connection] { connection->begin(); });
    return connection;
  }

  Result<CallPtr> send(const Context& ctx, const Call& call, const Url& url, How how);
  void complete_headers(Headers& headers, const DialPlan& plan, How how) const;
  Result<CallPtr> send_once(const Context& ctx, const DialPlan& plan, const CallPtr& made);
};

namespace {

CallPtr make_call(const Call& call, const Url& url, const std::string& proxy) {
  auto made = std::make_shared<BodyReader::State>();
  made->method = call.method;
  made->scheme = url.scheme;
  made->authority = url.authority();
  made->target = !proxy.empty() && !url.tls() ? url.text() : url.target;
  made->headers = call.headers;
  made->body = call.body;
  made->final_url = url.text();
  made->headers.erase("host");
  made->headers.erase("content-length");
  return made;
}

}  // namespace

Result<CallPtr> Client::State::send_once(const Context& ctx,
                                         const DialPlan& plan,
                                         const CallPtr& made) {
  auto connection = TRY(borrow(ctx, plan));
  connection->start(made);
  Result<> head = made->wait_head(ctx);
  if (head.ok()) return made;
  made->abandon();
  return std::move(head).error();
}

void Client::State::complete_headers(Headers& headers, const DialPlan& plan, How how) const {
  if (headers.find("user-agent") == nullptr) headers.add("user-agent", options.user_agent);
  if (how.gzip && headers.find("accept-encoding") == nullptr) {
    headers.add("accept-encoding", "gzip");
  }
  if (headers.find("authorization") == nullptr) {
    std::string value;
    if (!plan.url.user.empty()) {
      value = basic_authorization(plan.url.user, plan.url.password);
    } else if (options.authorization && !how.redirected_away) {
      value = options.authorization();
    }
    if (!value.empty()) headers.add("authorization", value);
  }
  if (plan.proxy.empty() || plan.url.tls()) return;
  const auto proxy = parse_url(plan.proxy);
  if (proxy.ok() && !proxy->user.empty()) {
    headers.add("proxy-authorization", basic_authorization(proxy->user, proxy->password));
  }
}

Result<CallPtr> Client::State::send(const Context& ctx, const Call& call, const Url& url, How how) {
  DialPlan plan;
  plan.url = url;
  plan.proxy = options.proxy.proxy_for(url);
  plan.server_name = options.server_name.empty() ? url.host : options.server_name;
  if (url.tls()) {
    plan.tls = TRY(tls_context());
  }
  for (int attempt = 1;; ++attempt) {
    CallPtr made = make_call(call, url, plan.proxy);
    complete_headers(made->headers, plan, how);
    Result<CallPtr> sent = send_once(ctx, plan, made);
    if (sent.ok()) return sent;
    const bool again = made->again == Again::Yes ||
                       (made->again == Again::IfIdempotent && is_idempotent(call.method));
    if (!again || attempt == kMaxAttempts || !ctx.check().ok()) {
      return std::move(sent).error().within(cat(call.method, " ", url.text()));
    }
  }
}

Client::Client(ClientOptions options)
    : state_(std::make_shared<State>(std::move(options))) {
  state_->run();
}

Client::~Client() {
  if (!state_->reactor.ok()) return;
  // Connections fail their calls as they close, on the loop.
  (*state_->reactor)->post([state = state_.get()] {
    auto all = state->shelves.with([](State::Shelves& s) { return std::exchange(s, {}); });
    for (auto& [key, shelf] : all) {
      for (Lent& lent : shelf.connections)
        lent.connection->close("the client is gone");
    }
  });
  (*state_->reactor)->stop();
  state_->loop.join();
}

Result<BodyReader> Client::open(const Context& ctx, const Call& call) {
  if (!state_->reactor.ok()) return state_->reactor.error();
  const Url url = TRY(parse_url(call.url));
  return BodyReader(TRY(state_->send(ctx, call, url, {})));
}

Result<Answer> Client::request(const Context& ctx, const Call& call) {
  if (!state_->reactor.ok()) return state_->reactor.error();
  Url url = TRY(parse_url(call.url));
  Call next = call;
  How how{.gzip = true};
  for (int redirects = 0;; ++redirects) {
    CallPtr made = TRY(state_->send(ctx, next, url, how));
    BodyReader reader(made);
    const std::string* location = reader.headers().find("location");
    if (is_redirect(reader.status()) && location != nullptr && redirects < call.max_redirects) {
      const Url target = TRY(resolve_url(url, *location).within("redirect"));
      if (target.authority() != url.authority() || target.scheme != url.scheme) {
        how.redirected_away = true;
        next.headers.erase("authorization");
        next.headers.erase("cookie");
      }
      const bool keeps_method = reader.status() == 307 || reader.status() == 308;
      if (!keeps_method && next.method != "HEAD") {
        next.method = "GET";
        next.body.clear();
      }
      url = target;
      continue;
    }
    Answer answer;
    const std::string doing = cat(call.method, " ", url.text());
    answer.body = TRY(reader.read_all(ctx, call.max_answer_bytes).within(doing));
    answer.status = reader.status();
    answer.headers = reader.headers();
    answer.url = url.text();
    const bool asked_by_us = call.headers.find("accept-encoding") == nullptr;
    if (asked_by_us && answer.headers.lists("content-encoding", "gzip") && !answer.body.empty()) {
      answer.body = TRY(codec::gunzip(answer.body, call.max_answer_bytes).within(doing));
      answer.headers.erase("content-encoding");
      answer.headers.erase("content-length");
    }
    return answer;
  }
}

void Client::close_idle() {
  auto idle = state_->shelves.with([](State::Shelves& all) {
    std::vector<std::shared_ptr<ClientConnection>> out;
    for (auto& [key, shelf] : all) {
      std::erase_if(shelf.connections, [&](Lent& lent) {
        if (lent.calls > 0) return false;
        out.push_back(lent.connection);
        return true;
      });
    }
    return out;
  });
  if (!state_->reactor.ok()) return;
  for (auto& connection : idle) {
    (*state_->reactor)->post([connection = std::move(connection)] { connection->close("idle"); });
  }
}

size_t Client::connections() const {
  return state_->shelves.with([](const State::Shelves& all) {
    size_t count = 0;
    for (const auto& [key, shelf] : all)
      count += shelf.connections.size();
    return count;
  });
}

}  // namespace fleet::http
