// HTTP/1.1 on a server's connection: one request at a time, answers in order.
#include <string>

#include "base/strings.h"
#include "wire/http/http1_parser.h"
#include "wire/http/server_connection.h"

namespace fleet::http {
namespace {

constexpr size_t kMaxAhead = size_t{64} << 10;  // bytes of later requests that are kept
constexpr size_t kTakeBytes = size_t{256} << 10;
constexpr auto kBodyGrace = std::chrono::seconds{5};  // before the minimum rate counts

class Http1Server final : public ServerProtocol {
 public:
  explicit Http1Server(ServerConnection& connection)
      : connection_(connection),
        limits_(connection.host().limits()),
        parser_(Http1Parser::Role::Request, limits_.max_header_bytes, limits_.max_body_bytes),
        since_(connection.now()) {}

  void on_bytes(std::string_view bytes) override {
    // A request's time starts with its first byte.
    if (input_.empty() && !exchange_ && !in_body_) since_ = connection_.now();
    input_ += bytes;
    parse();
  }

  void on_room() override {
    if (exchange_) pump();
  }

  void on_answer(int32_t) override {
    if (exchange_) pump();
  }

  void on_closed() override {
    if (exchange_) exchange_->leave();
    exchange_.reset();
  }

  std::optional<Instant> deadline() override {
    if (exchange_) return {};
    if (in_body_) return since_ + kBodyGrace + body_time();
    const bool idle = served_ > 0 && input_.empty();
    return since_ + (idle ? limits_.idle_timeout : limits_.header_timeout);
  }

  void on_deadline() override {
    if (in_body_ || !input_.empty()) {
      refuse(408, "request took too long\n");
    } else {
      connection_.close("idle");
    }
  }

  void drain() override {
    draining_ = true;
    if (!exchange_) {
      connection_.close_when_sent();
    } else if (streaming_) {
      exchange_->finish();
    }
  }

 private:
  Duration body_time() const {
    const auto bytes = static_cast<int64_t>(request_.body.size());
    return std::chrono::seconds{bytes /
                                std::max<int64_t>(1, static_cast<int64_t>(limits_.min_body_rate))};
  }

  void parse() {
    size_t taken = 0;
    while (!exchange_ && !refused_ && !connection_.is_closed()) {
      std::string_view rest = std::string_view(input_).substr(taken);
      const auto event = parser_.next(rest);
      taken = input_.size() - rest.size();
      if (event == Http1Parser::Event::NeedMore) break;
      on_event(event);
    }
    input_.erase(0, taken);
    if (input_.empty() && input_.capacity() > 4096) input_ = {};
    connection_.set_reading(!exchange_ || input_.size() < kMaxAhead);
  }

  void on_event(Http1Parser::Event event) {
    switch (event) {
      case Http1Parser::Event::Head:
        on_head();
        return;
      case Http1Parser::Event::Body:
        request_.body += parser_.piece();
        return;
      case Http1Parser::Event::End:
        on_request();
        return;
      case Http1Parser::Event::Error:
        refuse(parser_.error_status(), cat(parser_.error(), "\n"));
        return;
      case Http1Parser::Event::NeedMore:
        return;
    }
  }

  void on_head() {
    const bool has_body = parser_.has_body();
    Http1Head head = parser_.take_head();
    request_ = connection_.new_request(11);
    keep_alive_ = head.keeps_alive();
    minor_version_ = head.version;
    request_.method = std::move(head.method);
    request_.headers = std::move(head.headers);
    request_.host = std::string(request_.headers.value("host"));
    if (!set_target(request_, head.target)) {
      refuse(400, "bad request target\n");
      return;
    }
    if (minor_version_ == 1 && request_.headers.all("host").size() != 1) {
      refuse(400, "exactly one host header is needed\n");
      return;
    }
    in_body_ = has_body;
    since_ = connection_.now();
    if (has_body && request_.headers.lists("expect", "100-continue")) {
      connection_.send("HTTP/1.1 100 Continue\r\n\r\n");
    }
  }

  void on_request() {
    in_body_ = false;
    if (refused_) return;
    ++served_;
    method_ = request_.method;
    exchange_ = connection_.new_exchange(0);
    connection_.host().dispatch(std::move(request_), exchange_);
    request_ = {};
  }

  // An answer of our own, after which the connection closes.
  void refuse(int status, std::string_view body) {
    refused_ = true;
    connection_.send(cat("HTTP/1.1 ",
                         status,
                         " ",
                         reason_phrase(status),
                         "\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: ",
                         body.size(),
                         "\r\nconnection: close\r\ndate: ",
                         connection_.host().date(),
                         "\r\n\r\n",
                         body));
    connection_.close_when_sent();
  }

  void send_head(AnswerHead head) {
    complete_head(head, connection_.host().date());
    with_body_ = has_answer_body(method_, head.status);
    streaming_ = !head.length;
    chunked_ = streaming_ && with_body_ && minor_version_ == 1;
    // Without chunks only the end of the connection ends a stream.
    if (draining_ || (streaming_ && with_body_ && !chunked_)) keep_alive_ = false;
    std::string text = cat("HTTP/1.1 ", head.status, " ", reason_phrase(head.status), "\r\n");
    for (const auto& field : head.headers.fields()) {
      if (field.name != "connection") text += cat(field.name, ": ", field.value, "\r\n");
    }
    if (chunked_) text += "transfer-encoding: chunked\r\n";
    if (!keep_alive_) {
      text += "connection: close\r\n";
    } else if (minor_version_ == 0) {
      text += "connection: keep-alive\r\n";
    }
    connection_.send(text + "\r\n");
    if (draining_ && streaming_) exchange_->finish();
  }

  void send_chunk(const Chunk& chunk) {
    if (!with_body_) return;
    if (!chunked_) {
      connection_.send(chunk);
      return;
    }
    char size[20];
    const auto end = std::to_chars(size, size + sizeof size, chunk->size(), 16);
    connection_.send(cat(std::string_view(size, static_cast<size_t>(end.ptr - size)), "\r\n"));
    connection_.send(chunk);
    connection_.send("\r\n");
  }

  void pump() {
    if (connection_.unsent() > kTakeBytes) return;  // on_room comes later
    Exchange::Taken taken = exchange_->take(kTakeBytes);
    if (taken.head) send_head(std::move(*taken.head));
    for (const Chunk& chunk : taken.chunks)
      send_chunk(chunk);
    if (taken.cut) {
      // Without the last chunk the peer sees that something is missing.
      exchange_->leave();
      exchange_.reset();
      connection_.close_when_sent();
      return;
    }
    if (taken.end) end_answer();
  }

  void end_answer() {
    if (chunked_) connection_.send("0\r\n\r\n");
    exchange_->leave();
    exchange_.reset();
    streaming_ = chunked_ = false;
    since_ = connection_.now();
    if (!keep_alive_ || draining_) {
      connection_.close_when_sent();
      return;
    }
    parse();
  }

  ServerConnection& connection_;
  const Limits& limits_;
  Http1Parser parser_;
  std::string input_;
  Request request_;
  std::string method_;
  std::shared_ptr<Exchange> exchange_;  // while a request is being answered
  Instant since_;                       // the connection, or its present state, began
  uint64_t served_ = 0;
  int minor_version_ = 1;
  bool keep_alive_ = true;
  bool in_body_ = false;
  bool refused_ = false;
  bool with_body_ = true;
  bool streaming_ = false;
  bool chunked_ = false;
  bool draining_ = false;
};

}  // namespace

std::unique_ptr<ServerProtocol> make_http1_server(ServerConnection& connection) {
  return std::make_unique<Http1Server>(connection);
}

}  // namespace fleet::http
