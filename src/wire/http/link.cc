#include "wire/http/link.h"

#include <array>

namespace fleet::http {
namespace {

constexpr size_t kCopyBelow = size_t{16} << 10;  // smaller pieces are put together
constexpr size_t kTailBytes = size_t{64} << 10;  // of one put-together piece
constexpr size_t kReadOnce = size_t{32} << 10;
constexpr auto kLinger = std::chrono::seconds{2};
constexpr size_t kReadsPerTurn = 16;  // then others get their turn

}  // namespace

Link::Link(Reactor& reactor, tls::Channel channel)
    : reactor_(reactor),
      channel_(std::move(channel)),
      last_read_(reactor.clock().instant()),
      last_write_(last_read_) {}

Link::~Link() = default;

void Link::begin() {
  const auto self = shared_from_this();
  if (shake_hands()) on_room();
  flush();
}

bool Link::shake_hands() {
  switch (channel_.handshake()) {
    case tls::Io::Done:
      open_ = true;
      want_write_ = false;
      on_open();
      return !closed_;
    case tls::Io::WantRead:
      want_write_ = false;
      return false;
    case tls::Io::WantWrite:
      want_write_ = true;
      return false;
    case tls::Io::Closed:
    case tls::Io::Failed:
      close(channel_.error());
      return false;
  }
  return false;
}

void Link::on_ready(bool readable, bool writable) {
  const auto self = shared_from_this();
  if (!open_ && !closed_) {
    if (!shake_hands()) {
      settle();
      return;
    }
    readable = true;
  }
  if (writable) want_write_ = false;
  if (readable && !closed_) read_some();
  flush();
}

void Link::on_timer() {
  const auto self = shared_from_this();
  if (!closed_ && linger_until_ && *linger_until_ <= now()) close("");
  const auto when = closed_ || linger_until_ ? std::nullopt : deadline();
  if (when && *when <= now()) on_deadline();
  flush();
}

void Link::read_some() {
  // One buffer for all links of a thread would do; on the stack it costs nothing when idle.
  std::array<char, kReadOnce> buffer;
  for (size_t turn = 0; turn < kReadsPerTurn && (reading_ || closing_) && !closed_; ++turn) {
    const tls::IoResult result = channel_.read(buffer.data(), buffer.size());
    switch (result.io) {
      case tls::Io::Done:
        last_read_ = now();
        if (!closing_) on_bytes({buffer.data(), result.bytes});
        continue;
      case tls::Io::WantRead:
        return;
      case tls::Io::WantWrite:
        want_write_ = true;
        return;
      case tls::Io::Closed:
        close("connection closed by the peer");
        return;
      case tls::Io::Failed:
        close(channel_.error());
        return;
    }
  }
  if (!reading_ || closed_) return;
  // TLS may hold bytes that the socket no longer shows.
  reactor_.post([weak = weak_from_this()] {
    const auto self = weak.lock();
    if (self && !self->closed_) self->on_ready(true, false);
  });
}

void Link::set_reading(bool on) {
  if (reading_ == on || closed_) return;
  reading_ = on;
  if (!on) return;
  reactor_.post([weak = weak_from_this()] {
    const auto self = weak.lock();
    if (self && !self->closed_ && self->open_) self->on_ready(true, false);
  });
}

void Link::send(std::string_view bytes) {
  if (bytes.empty() || closed_) return;
  if (!tail_ || tail_->size() + bytes.size() > kTailBytes) {
    tail_ = std::make_shared<std::string>();
    out_.push_back(tail_);
  }
  tail_->append(bytes);
  unsent_ += bytes.size();
}

void Link::send(Chunk chunk) {
  if (chunk->size() < kCopyBelow) {
    send(std::string_view(*chunk));
    return;
  }
  if (closed_) return;
  tail_.reset();
  unsent_ += chunk->size();
  out_.push_back(std::move(chunk));
}

// True when all is sent.
bool Link::write_some() {
  while (!out_.empty()) {
    const std::string_view rest = std::string_view(*out_.front()).substr(sent_of_first_);
    const tls::IoResult result = channel_.write(rest);
    if (result.io == tls::Io::WantWrite) want_write_ = true;
    if (result.io == tls::Io::Closed || result.io == tls::Io::Failed) close(channel_.error());
    if (result.io != tls::Io::Done) return false;
    last_write_ = now();
    unsent_ -= result.bytes;
    sent_of_first_ += result.bytes;
    if (sent_of_first_ < out_.front()->size()) continue;
    if (out_.front() == tail_) tail_.reset();
    out_.pop_front();
    sent_of_first_ = 0;
  }
  return true;
}

void Link::flush() {
  // on_room may end here again.
  if (flushing_) return;
  const auto self = shared_from_this();
  flushing_ = true;
  while (open_ && !closed_ && !want_write_) {
    const bool all = write_some();
    if (closed_ || !all) break;
    if (closing_) {
      if (!linger_until_) {
        linger_until_ = now() + kLinger;
        channel_.shut_down();
      }
      break;
    }
    on_room();
    if (unsent_ == 0) break;
  }
  flushing_ = false;
  settle();
}

void Link::settle() {
  if (closed_) return;
  reactor_.watch(channel_.fd(), reading_ || !open_ || closing_, want_write_, this);
  if (const auto when = linger_until_ ? linger_until_ : deadline()) {
    reactor_.set_timer(this, *when);
  } else {
    reactor_.clear_timer(this);
  }
}

void Link::close_when_sent() {
  closing_ = true;
  if (!flushing_) flush();
}

void Link::close(std::string_view reason) {
  if (closed_) return;
  const auto self = shared_from_this();
  closed_ = true;
  const std::string why(reason);
  reactor_.forget(channel_.fd(), this);
  if (open_) channel_.shut_down();
  on_closed(why);
  out_.clear();
  tail_.reset();
  unsent_ = 0;
  // Frees the TLS session and the socket, even while somebody still holds the link.
  channel_ = tls::Channel::plain(sys::UniqueFd());
}

}  // namespace fleet::http
