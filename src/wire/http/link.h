// A socket on a loop: handshake, bytes in, bytes out, one deadline. Servers and clients build on
// it.
//
// Threads: the loop's only. Lifetime: a shared_ptr; it keeps itself alive during its own calls.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "wire/http/reactor.h"
#include "wire/http/server.h"
#include "wire/tls/channel.h"

namespace fleet::http {

class Link : public Reactor::Watcher, public std::enable_shared_from_this<Link> {
 public:
  Link(Reactor& reactor, tls::Channel channel);
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;
  ~Link() override;

  // Goes on with the handshake, then calls on_open.
  void begin();
  void send(std::string_view bytes);
  void send(Chunk chunk);  // shared, not copied, when it is large
  // Sends what there is, now as far as possible.
  void flush();
  size_t unsent() const { return unsent_; }
  // Stops and resumes reading. What has been read is not given again.
  void set_reading(bool on);
  // Closes once all is sent and the peer has closed its side, or two seconds later: a peer that is
  // still sending would otherwise lose the answer.
  void close_when_sent();
  void close(std::string_view reason);
  bool is_closed() const { return closed_; }

  Reactor& reactor() { return reactor_; }
  tls::Channel& channel() { return channel_; }
  Instant now() const { return reactor_.clock().instant(); }
  // When bytes last came, or left.
  Instant last_read() const { return last_read_; }
  Instant last_write() const { return last_write_; }

 protected:
  virtual void on_open() = 0;
  virtual void on_bytes(std::string_view bytes) = 0;
  // Little is left to send: the time to make more.
  virtual void on_room() = 0;
  // Once; nothing is called after it.
  virtual void on_closed(std::string_view reason) = 0;
  // When to call on_deadline; asked for after each event.
  virtual std::optional<Instant> deadline() = 0;
  virtual void on_deadline() = 0;

 private:
  void on_ready(bool readable, bool writable) final;
  void on_timer() final;
  bool shake_hands();
  void read_some();
  bool write_some();
  void settle();  // tells the loop what to wait for

  Reactor& reactor_;
  tls::Channel channel_;
  std::deque<Chunk> out_;
  std::shared_ptr<std::string> tail_;  // the last of out_, while it may grow
  size_t sent_of_first_ = 0;
  size_t unsent_ = 0;
  bool open_ = false;
  bool reading_ = true;
  bool want_write_ = false;  // the socket is full
  bool closing_ = false;
  std::optional<Instant> linger_until_;  // all is sent, what comes is thrown away
  bool closed_ = false;
  bool flushing_ = false;
  Instant last_read_;
  Instant last_write_;
};

}  // namespace fleet::http
