// HTTP/2 on a client's connection: many calls at a time.
#include <cstring>
#include <map>

#include "base/strings.h"
#include "wire/http/client_connection.h"
#include "wire/http/http2_session.h"

namespace fleet::http {
namespace {

constexpr size_t kMaxUnsent = size_t{256} << 10;
constexpr auto kPingAnswer = std::chrono::seconds{15};

struct Stream {
  CallPtr call;
  size_t body_sent = 0;
  int status = 0;
  Headers headers{};
  bool head_done = false;
};

class Http2Client final : public ClientConnection, public Http2Events {
 public:
  Http2Client(Reactor& reactor,
              tls::Channel channel,
              std::weak_ptr<ConnectionOwner> owner,
              ConnectionTimes times)
      : ClientConnection(reactor, std::move(channel), std::move(owner), times),
        session_(Http2Session::Role::Client,
                 *this,
                 {.connection_window = int32_t{16} << 20,
                  .max_header_bytes = uint32_t{256} << 10,
                  .manual_windows = true}) {}

 private:
  void loop_start(const CallPtr& call) override {
    const Headers pseudo = {{":method", call->method},
                            {":scheme", call->scheme},
                            {":authority", call->authority},
                            {":path", call->target}};
    Headers headers = call->headers;
    if (!call->body.empty()) headers.set("content-length", std::to_string(call->body.size()));
    const auto id = session_.request(pseudo, headers, !call->body.empty());
    if (!id || retired_) {
      call->loop_fail(Error{Code::ServiceUnavailable, "connection takes no more requests"},
                      Again::Yes);
      retire();
      tell_ended();
      return;
    }
    streams_.emplace(*id, Stream{call});
    flush();
  }

  std::map<int32_t, Stream>::iterator find_call(const CallPtr& call) {
    return std::find_if(streams_.begin(), streams_.end(), [&](const auto& entry) {
      return entry.second.call == call;
    });
  }

  void loop_consumed(const CallPtr& call, size_t bytes) override {
    const auto at = find_call(call);
    session_.consume(at == streams_.end() ? 0 : at->first, bytes);
    flush();  // the window update is on its way
  }

  void loop_abandoned(const CallPtr& call) override {
    const auto at = find_call(call);
    if (at != streams_.end()) session_.reset(at->first, kHttp2Cancel);
  }

  void on_bytes(std::string_view bytes) override {
    pinged_ = false;
    if (!session_.receive(bytes)) close("HTTP/2 protocol error");
  }

  void on_room() override {
    if (!session_.send_to(*this, kMaxUnsent)) close_when_sent();
  }

  void on_closed(std::string_view reason) override {
    tell_closed();
    const auto streams = std::exchange(streams_, {});
    for (const auto& [id, stream] : streams) {
      // What the peer had not begun with when it said goodbye can be sent again.
      const bool untouched = id > last_stream_;
      stream.call->loop_fail(Error{Code::ServiceUnavailable, std::string(reason)},
                             untouched ? Again::Yes : Again::IfIdempotent);
    }
  }

  std::optional<Instant> deadline() override {
    if (streams_.empty()) return idle_since_ + times().idle;
    return pinged_ ? pinged_at_ + kPingAnswer : last_read() + times().ping;
  }

  void on_deadline() override {
    if (streams_.empty()) {
      session_.goaway();
      session_.send_to(*this, SIZE_MAX);
      close_when_sent();
    } else if (pinged_) {
      close("the peer does not answer");
    } else {
      pinged_ = true;
      pinged_at_ = now();
      session_.ping();
    }
  }

  void on_stream_begins(int32_t) override {}

  bool on_field(int32_t id, std::string_view name, std::string_view value) override {
    const auto at = streams_.find(id);
    if (at == streams_.end() || at->second.head_done) return true;
    if (name == ":status") {
      at->second.status = static_cast<int>(parse_int(value).value_or(0));
    } else {
      at->second.headers.add(name, value);
    }
    return true;
  }

  void on_head_complete(int32_t id, bool end_of_stream) override {
    const auto at = streams_.find(id);
    if (at == streams_.end()) return;
    Stream& stream = at->second;
    if (!stream.head_done && stream.status < 200) {
      stream.headers = {};  // an interim answer
      return;
    }
    if (!std::exchange(stream.head_done, true)) {
      stream.call->loop_head(stream.status, std::move(stream.headers));
    }
    if (end_of_stream) stream.call->loop_end();
  }

  void on_data(int32_t id, std::string_view bytes) override {
    const auto at = streams_.find(id);
    if (at == streams_.end()) {
      session_.consume(0, bytes.size());
    } else if (at->second.call->loop_data(bytes) == 0) {
      session_.consume(id, bytes.size());  // given up by its caller
    }
  }

  void on_end_of_stream(int32_t id) override {
    const auto at = streams_.find(id);
    if (at != streams_.end()) at->second.call->loop_end();
  }

  void on_stream_closed(int32_t id, uint32_t error) override {
    const auto at = streams_.find(id);
    if (at == streams_.end()) return;
    const CallPtr call = std::move(at->second.call);
    streams_.erase(at);
    if (streams_.empty()) idle_since_ = now();
    const bool refused = error == kHttp2RefusedStream || id > last_stream_;
    // Nothing happens if the answer has ended.
    call->loop_fail(
        Error{Code::ServiceUnavailable, cat("stream was reset by the peer (", error, ")")},
        refused ? Again::Yes : Again::No);
    tell_ended();
  }

  void on_goaway(int32_t last_stream) override {
    last_stream_ = std::min(last_stream_, last_stream);
    retire();
  }

  Filled fill(int32_t id, uint8_t* into, size_t size) override {
    const auto at = streams_.find(id);
    if (at == streams_.end()) return {.cut = true};
    const std::string& body = at->second.call->body;
    const size_t n = std::min(size, body.size() - at->second.body_sent);
    std::memcpy(into, body.data() + at->second.body_sent, n);
    at->second.body_sent += n;
    return {.bytes = n, .end = at->second.body_sent == body.size()};
  }

  void retire() {
    if (!std::exchange(retired_, true)) tell_retired();
  }

  std::map<int32_t, Stream> streams_;
  Http2Session session_;
  Instant idle_since_ = now();
  Instant pinged_at_;
  int32_t last_stream_ = INT32_MAX;  // that the peer works on, by its goodbye
  bool pinged_ = false;
  bool retired_ = false;
};

}  // namespace

std::shared_ptr<ClientConnection> make_http2_client(Reactor& reactor,
                                                    tls::Channel channel,
                                                    std::weak_ptr<ConnectionOwner> owner,
                                                    ConnectionTimes times) {
  return std::make_shared<Http2Client>(reactor, std::move(channel), std::move(owner), times);
}

}  // namespace fleet::http
