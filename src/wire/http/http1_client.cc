// HTTP/1.1 on a client's connection: one call at a time.
#include "base/strings.h"
#include "wire/http/client_connection.h"
#include "wire/http/http1_parser.h"

namespace fleet::http {
namespace {

constexpr size_t kMaxHeaderBytes = size_t{256} << 10;
constexpr size_t kMaxHeld = size_t{1} << 20;  // bytes that the caller has not taken; then we wait

class Http1Client final : public ClientConnection {
 public:
  using ClientConnection::ClientConnection;

 private:
  void loop_start(const CallPtr& call) override {
    call_ = call;
    got_bytes_ = false;
    keep_alive_ = true;
    parser_.set_answers_head(call->method == "HEAD");
    ++calls_;
    std::string head =
        cat(call->method, " ", call->target, " HTTP/1.1\r\nhost: ", call->authority, "\r\n");
    for (const auto& field : call->headers.fields()) {
      head += cat(field.name, ": ", field.value, "\r\n");
    }
    const bool may_have_body = call->method != "GET" && call->method != "HEAD";
    if (may_have_body || !call->body.empty()) {
      head += cat("content-length: ", call->body.size(), "\r\n");
    }
    send(head + "\r\n");
    if (!call->body.empty()) send(std::make_shared<const std::string>(std::move(call->body)));
    set_reading(true);
    flush();
  }

  void loop_consumed(const CallPtr& call, size_t) override {
    if (call == call_) set_reading(true);
  }

  void loop_abandoned(const CallPtr& call) override {
    if (call == call_) close("call was given up");
  }

  void on_bytes(std::string_view bytes) override {
    if (!call_) {
      close("unexpected bytes");
      return;
    }
    got_bytes_ = true;
    if (!input_.empty()) {
      input_ += bytes;
      bytes = input_;
    }
    while (call_ && !is_closed()) {
      const auto event = parser_.next(bytes);
      if (event == Http1Parser::Event::NeedMore) break;
      on_event(event);
    }
    input_ = std::string(bytes);
  }

  void on_event(Http1Parser::Event event) {
    switch (event) {
      case Http1Parser::Event::Head:
        interim_ = parser_.head().status < 200;
        if (interim_) return;
        keep_alive_ = parser_.head().keeps_alive();
        call_->loop_head(parser_.head().status, parser_.head().headers);
        return;
      case Http1Parser::Event::Body:
        if (call_->loop_data(parser_.piece()) > kMaxHeld) set_reading(false);
        return;
      case Http1Parser::Event::End:
        if (!interim_) end_call();
        return;
      case Http1Parser::Event::Error:
        close(cat("bad answer: ", parser_.error()));
        return;
      case Http1Parser::Event::NeedMore:
        return;
    }
  }

  void end_call() {
    const CallPtr call = std::exchange(call_, nullptr);
    idle_since_ = now();
    set_reading(true);
    // Before the caller knows: it may ask for a connection at once.
    if (keep_alive_ && !is_closed()) {
      tell_ended();
    } else {
      close("");
    }
    call->loop_end();
  }

  void on_room() override {}

  void on_closed(std::string_view reason) override {
    tell_closed();
    const CallPtr call = std::exchange(call_, nullptr);
    if (!call) return;
    if (got_bytes_ && call->loop_has_head() && parser_.finish() == Http1Parser::Event::End) {
      call->loop_end();
      return;
    }
    // A kept connection may have been closed by the peer just before our request came.
    const bool stale = !got_bytes_ && calls_ > 1;
    call->loop_fail(Error{Code::ServiceUnavailable, std::string(reason)},
                    stale ? Again::IfIdempotent : Again::No);
  }

  std::optional<Instant> deadline() override {
    if (call_) return {};
    return idle_since_ + times().idle;
  }

  void on_deadline() override { close("idle"); }

  CallPtr call_;
  Http1Parser parser_{Http1Parser::Role::Response, kMaxHeaderBytes, SIZE_MAX};
  std::string input_;
  Instant idle_since_ = now();
  uint64_t calls_ = 0;
  bool got_bytes_ = false;
  bool interim_ = false;
  bool keep_alive_ = true;
};

}  // namespace

void ClientConnection::start(const CallPtr& call) {
  auto post = [weak = weak_from_this(), loop = reactor().shared_from_this()](auto work) {
    return loop->post([weak, work] {
      const auto self = std::static_pointer_cast<ClientConnection>(weak.lock());
      work(self.get());
    });
  };
  const std::weak_ptr<BodyReader::State> weak_call = call;
  call->set_hooks({[post, weak_call](size_t bytes) {
                     post([weak_call, bytes](ClientConnection* self) {
                       // A call that is gone still owes the connection's window its bytes.
                       if (self != nullptr && !self->is_closed()) {
                         self->loop_consumed(weak_call.lock(), bytes);
                         self->flush();
                       }
                     });
                   },
                   [post, call] {
                     post([call](ClientConnection* self) {
                       if (self == nullptr || self->is_closed()) return;
                       self->loop_abandoned(call);
                       self->flush();
                     });
                   }});
  const bool taken = post([call](ClientConnection* self) {
    if (self == nullptr || self->is_closed()) {
      call->loop_fail(Error{Code::ServiceUnavailable, "connection was closed"}, Again::Yes);
    } else {
      self->loop_start(call);
    }
  });
  if (!taken) call->loop_fail(Error{Code::Cancelled, "the client is gone"}, Again::No);
}

void ClientConnection::tell_ended() {
  if (const auto owner = owner_.lock()) owner->call_ended(this);
}

void ClientConnection::tell_retired() {
  if (const auto owner = owner_.lock()) owner->retired(this);
}

void ClientConnection::tell_closed() {
  if (const auto owner = owner_.lock()) owner->closed(this);
}

std::shared_ptr<ClientConnection> make_http1_client(Reactor& reactor,
                                                    tls::Channel channel,
                                                    std::weak_ptr<ConnectionOwner> owner,
                                                    ConnectionTimes times) {
  return std::make_shared<Http1Client>(reactor, std::move(channel), std::move(owner), times);
}

}  // namespace fleet::http
