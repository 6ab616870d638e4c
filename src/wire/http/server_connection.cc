#include "wire/http/server_connection.h"

#include "base/strings.h"

namespace fleet::http {
namespace {

constexpr std::string_view kHttp2Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

}  // namespace

ServerConnection::ServerConnection(ConnectionHost& host,
                                   Reactor& reactor,
                                   tls::Channel channel,
                                   std::string remote_address)
    : Link(reactor, std::move(channel)),
      host_(host),
      remote_address_(std::move(remote_address)),
      started_(now()) {}

ServerConnection::~ServerConnection() = default;

void ServerConnection::on_open() {
  if (!channel().tls()) return;
  protocol_ = channel().protocol() == "h2" ? make_http2_server(*this) : make_http1_server(*this);
  if (draining_) protocol_->drain();
}

// Without TLS a client may start with HTTP/2 by prior knowledge: its first bytes say so.
void ServerConnection::choose_protocol(std::string_view bytes) {
  first_bytes_ += bytes;
  const size_t seen = std::min(first_bytes_.size(), kHttp2Preface.size());
  const bool may_be_http2 =
      kHttp2Preface.starts_with(std::string_view(first_bytes_).substr(0, seen));
  if (may_be_http2 && seen < kHttp2Preface.size()) return;
  protocol_ = may_be_http2 ? make_http2_server(*this) : make_http1_server(*this);
  if (draining_) protocol_->drain();
  const std::string first = std::move(first_bytes_);
  if (!is_closed()) protocol_->on_bytes(first);
}

void ServerConnection::on_bytes(std::string_view bytes) {
  if (protocol_) {
    protocol_->on_bytes(bytes);
  } else {
    choose_protocol(bytes);
  }
}

void ServerConnection::on_room() {
  if (protocol_) protocol_->on_room();
}

void ServerConnection::on_closed(std::string_view) {
  if (protocol_) protocol_->on_closed();
  host_.closed(*this);
}

std::optional<Instant> ServerConnection::deadline() {
  if (!protocol_) return started_ + host_.limits().header_timeout;
  std::optional<Instant> when = protocol_->deadline();
  // A peer that takes nothing of what we send is gone.
  if (unsent() > 0) {
    const Instant stalled = last_write() + host_.limits().request_timeout;
    when = when ? std::min(*when, stalled) : stalled;
  }
  return when;
}

void ServerConnection::on_deadline() {
  if (!protocol_ || (unsent() > 0 && last_write() + host_.limits().request_timeout <= now())) {
    close("timeout");
  } else {
    protocol_->on_deadline();
  }
}

void ServerConnection::drain() {
  const auto self = shared_from_this();
  draining_ = true;
  if (protocol_) {
    protocol_->drain();
    flush();
  } else {
    close("server stops");
  }
}

Request ServerConnection::new_request(int version) const {
  Request request;
  auto& channel = const_cast<ServerConnection*>(this)->channel();
  request.version = version;
  request.tls = channel.tls();
  request.remote_address = remote_address_;
  request.peer = channel.peer();
  return request;
}

std::shared_ptr<Exchange> ServerConnection::new_exchange(int32_t stream) {
  // Answers may come after the server has gone: the loop is kept, but takes no more work then.
  auto wake = [weak = weak_from_this(), stream, loop = reactor().shared_from_this()] {
    loop->post([weak, stream] {
      const auto self = std::static_pointer_cast<ServerConnection>(weak.lock());
      if (!self || self->is_closed()) return;
      self->protocol_->on_answer(stream);
      self->flush();
    });
  };
  const Limits& limits = host_.limits();
  return std::make_shared<Exchange>(std::move(wake), limits.max_stream_buffer, limits.gzip_from);
}

bool set_target(Request& request, std::string_view target) {
  // A client may send the whole URL, as to a proxy.
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    const size_t slash = target.find('/', scheme.size());
    target = slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  if (!target.starts_with('/')) return false;
  target = target.substr(0, target.find('#'));
  const auto parts = cut(target, "?");
  request.raw_path = std::string(parts ? parts->before : target);
  request.raw_query = std::string(parts ? parts->after : std::string_view());
  auto path = unescape_path(request.raw_path);
  if (!path) return false;
  request.path = std::move(*path);
  request.query = Query::parse(request.raw_query);
  return true;
}

void complete_head(AnswerHead& head, std::string_view date) {
  head.headers.set("date", date);
  if (head.length && head.status != 204 && head.status != 304) {
    if (*head.length > 0 || head.headers.find("content-length") == nullptr) {
      head.headers.set("content-length", std::to_string(*head.length));
    }
  } else {
    head.headers.erase("content-length");
  }
}

bool has_answer_body(std::string_view method, int status) {
  return method != "HEAD" && status >= 200 && status != 204 && status != 304;
}

}  // namespace fleet::http
