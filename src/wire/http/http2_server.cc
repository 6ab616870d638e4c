// HTTP/2 on a server's connection: many requests at a time.
#include <cstring>
#include <map>

#include "base/strings.h"
#include "wire/http/http2_session.h"
#include "wire/http/server_connection.h"

namespace fleet::http {
namespace {

constexpr size_t kMaxUnsent = size_t{256} << 10;
constexpr size_t kTakeBytes = size_t{64} << 10;
constexpr auto kBodyGrace = std::chrono::seconds{5};
constexpr size_t kFieldOverhead = 32;  // bytes a field costs beside its text, as RFC 9113 counts

struct Stream {
  Request request;
  std::string target;
  Instant since;
  size_t header_bytes = 0;
  bool complete = false;               // the request is whole, or refused
  std::shared_ptr<Exchange> exchange;  // once complete
  std::deque<Chunk> out;
  size_t sent_of_first = 0;
  bool head_sent = false;
  bool streaming = false;
  bool end = false;  // `out` is the rest
  bool cut = false;
};

class Http2Server final : public ServerProtocol, public Http2Events {
 public:
  explicit Http2Server(ServerConnection& connection)
      : connection_(connection),
        limits_(connection.host().limits()),
        session_(Http2Session::Role::Server,
                 *this,
                 {.max_streams = limits_.max_streams,
                  .max_header_bytes = static_cast<uint32_t>(limits_.max_header_bytes)}),
        idle_since_(connection.now()) {}

  void on_bytes(std::string_view bytes) override {
    if (!session_.receive(bytes)) {
      session_.send_to(connection_, SIZE_MAX);
      connection_.close_when_sent();
    }
  }

  void on_room() override {
    const bool goes_on = session_.send_to(connection_, kMaxUnsent);
    if (!goes_on || (draining_ && streams_.empty())) connection_.close_when_sent();
  }

  void on_answer(int32_t id) override {
    const auto at = streams_.find(id);
    if (at != streams_.end()) pump(id, at->second);
  }

  void on_closed() override {
    auto streams = std::exchange(streams_, {});
    for (auto& [id, stream] : streams) {
      if (stream.exchange) stream.exchange->leave();
    }
  }

  std::optional<Instant> deadline() override {
    if (streams_.empty()) return idle_since_ + limits_.idle_timeout;
    std::optional<Instant> first;
    for (const auto& [id, stream] : streams_) {
      if (incomplete_ == 0) break;
      if (!stream.complete && (!first || stream_deadline(stream) < *first)) {
        first = stream_deadline(stream);
      }
    }
    return first;
  }

  void on_deadline() override {
    if (streams_.empty()) {
      session_.goaway();
      session_.send_to(connection_, SIZE_MAX);
      connection_.close_when_sent();
      return;
    }
    for (auto& [id, stream] : streams_) {
      if (!stream.complete && stream_deadline(stream) <= connection_.now()) {
        refuse(id, stream, 408, "request took too long\n");
      }
    }
  }

  void drain() override {
    draining_ = true;
    session_.goaway();
    for (auto& [id, stream] : streams_) {
      if (stream.streaming) stream.exchange->finish();
    }
  }

  void on_stream_begins(int32_t id) override {
    Stream stream;
    stream.request = connection_.new_request(20);
    stream.since = connection_.now();
    streams_.emplace(id, std::move(stream));
    ++incomplete_;
  }

  bool on_field(int32_t id, std::string_view name, std::string_view value) override {
    Stream* stream = find(id);
    if (stream == nullptr) return true;
    stream->header_bytes += name.size() + value.size() + kFieldOverhead;
    if (stream->header_bytes > limits_.max_header_bytes) return false;
    if (stream->complete) return true;  // trailers
    Request& request = stream->request;
    if (name == ":method") {
      request.method = std::string(value);
    } else if (name == ":path") {
      stream->target = std::string(value);
    } else if (name == ":authority") {
      request.host = std::string(value);
    } else if (!name.starts_with(':')) {
      if (name == "host" && request.host.empty()) request.host = std::string(value);
      request.headers.add(name, value);
    }
    return true;
  }

  void on_head_complete(int32_t id, bool end_of_stream) override {
    Stream* stream = find(id);
    if (stream == nullptr || stream->complete) return;
    if (stream->request.path.empty() && !set_target(stream->request, stream->target)) {
      refuse(id, *stream, 400, "bad request target\n");
    } else if (end_of_stream) {
      complete(id, *stream);
    }
  }

  void on_data(int32_t id, std::string_view bytes) override {
    Stream* stream = find(id);
    if (stream == nullptr || stream->complete) return;
    if (stream->request.body.size() + bytes.size() > limits_.max_body_bytes) {
      refuse(id, *stream, 413, cat("body is larger than ", limits_.max_body_bytes, " bytes\n"));
      return;
    }
    stream->request.body += bytes;
  }

  void on_end_of_stream(int32_t id) override {
    Stream* stream = find(id);
    if (stream != nullptr && !stream->complete) complete(id, *stream);
  }

  void on_stream_closed(int32_t id, uint32_t) override {
    const auto at = streams_.find(id);
    if (at == streams_.end()) return;
    if (!at->second.complete) --incomplete_;
    const auto exchange = std::move(at->second.exchange);
    streams_.erase(at);
    if (streams_.empty()) idle_since_ = connection_.now();
    if (exchange) exchange->leave();
  }

  void on_goaway(int32_t) override {}

  Filled fill(int32_t id, uint8_t* into, size_t size) override {
    Stream* stream = find(id);
    if (stream == nullptr) return {.cut = true};
    if (stream->out.empty() && !stream->end && !stream->cut) take(*stream, kTakeBytes);
    Filled filled;
    while (filled.bytes < size && !stream->out.empty()) {
      const std::string& first = *stream->out.front();
      const size_t n = std::min(size - filled.bytes, first.size() - stream->sent_of_first);
      std::memcpy(into + filled.bytes, first.data() + stream->sent_of_first, n);
      filled.bytes += n;
      stream->sent_of_first += n;
      if (stream->sent_of_first < first.size()) continue;
      stream->out.pop_front();
      stream->sent_of_first = 0;
    }
    filled.cut = stream->cut;
    filled.end = stream->out.empty() && stream->end;
    filled.wait = !filled.end;
    return filled;
  }

 private:
  Stream* find(int32_t id) {
    const auto at = streams_.find(id);
    return at == streams_.end() ? nullptr : &at->second;
  }

  Instant stream_deadline(const Stream& stream) const {
    const auto rate = std::max<int64_t>(1, static_cast<int64_t>(limits_.min_body_rate));
    const auto seconds = static_cast<int64_t>(stream.request.body.size()) / rate;
    return stream.since + kBodyGrace + std::chrono::seconds{seconds};
  }

  void complete(int32_t id, Stream& stream) {
    stream.complete = true;
    --incomplete_;
    stream.exchange = connection_.new_exchange(id);
    Request request = std::move(stream.request);
    stream.request = {};
    stream.request.method = request.method;
    const auto exchange = stream.exchange;  // the stream may go meanwhile
    connection_.host().dispatch(std::move(request), exchange);
  }

  void refuse(int32_t id, Stream& stream, int status, std::string body) {
    stream.complete = true;
    --incomplete_;
    stream.request.body.clear();
    stream.exchange = connection_.new_exchange(id);
    stream.exchange->answer(
        {status, {{"content-type", "text/plain; charset=utf-8"}}, std::move(body)});
  }

  AnswerHead* take(Stream& stream, size_t max_bytes) {
    Exchange::Taken taken = stream.exchange->take(max_bytes);
    for (Chunk& chunk : taken.chunks)
      stream.out.push_back(std::move(chunk));
    stream.end = stream.end || taken.end;
    stream.cut = stream.cut || taken.cut;
    if (!taken.head) return nullptr;
    head_ = std::move(*taken.head);
    return &head_;
  }

  void pump(int32_t id, Stream& stream) {
    if (stream.head_sent) {
      session_.resume(id);
      return;
    }
    AnswerHead* head = take(stream, kTakeBytes);
    if (head == nullptr) return;
    stream.head_sent = true;
    stream.streaming = !head->length;
    complete_head(*head, connection_.host().date());
    const bool with_body = has_answer_body(stream.request.method, head->status) &&
                           (stream.streaming || *head->length > 0);
    if (!with_body) stream.out.clear();
    session_.answer(id, head->status, head->headers, with_body);
    if (draining_ && stream.streaming) stream.exchange->finish();
  }

  ServerConnection& connection_;
  const Limits& limits_;
  std::map<int32_t, Stream> streams_;
  Http2Session session_;
  AnswerHead head_;
  Instant idle_since_;
  size_t incomplete_ = 0;  // streams whose request is not whole yet
  bool draining_ = false;
};

}  // namespace

std::unique_ptr<ServerProtocol> make_http2_server(ServerConnection& connection) {
  return std::make_unique<Http2Server>(connection);
}

}  // namespace fleet::http
