// Channel: bytes over a non-blocking socket, with or without TLS.
//
// It never blocks: an operation that must wait says for what, and is repeated when the socket is
// ready. Threads: one at a time.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "sys/unique_fd.h"
#include "wire/tls/context.h"

namespace fleet::tls {

enum class Io {
  Done,
  WantRead,
  WantWrite,
  Closed,  // the peer ended the connection in order
  Failed,  // see Channel::error
};
struct IoResult {
  Io io = Io::Done;
  size_t bytes = 0;  // with Done
};

class Channel {
 public:
  // The socket is non-blocking. `server_name`: for SNI and verification; a name or an address.
  static Channel plain(UniqueFd socket);
  static Result<Channel> server(UniqueFd socket, std::shared_ptr<const ServerContext> context);
  static Result<Channel> client(UniqueFd socket,
                                std::shared_ptr<const ClientContext> context,
                                const std::string& server_name);
  Channel(Channel&&) noexcept;
  Channel& operator=(Channel&&) noexcept;
  ~Channel();

  int fd() const { return socket_.get(); }
  bool tls() const { return session_ != nullptr; }

  Io handshake();  // Done at once when plain
  IoResult read(char* into, size_t size);
  IoResult write(std::string_view bytes);
  // Says goodbye, without waiting for the peer's.
  void shut_down();
  // Gives the socket back, for a TLS session on top of a proxy's plain one.
  UniqueFd release() { return std::move(socket_); }

  std::string_view protocol() const;  // what ALPN chose: "h2", "http/1.1" or empty
  const std::optional<PeerIdentity>& peer() const { return peer_; }
  const std::string& error() const { return error_; }

 private:
  struct Session;
  Channel();
  Io failed(int ssl_result, std::string_view doing);
  UniqueFd socket_;
  std::unique_ptr<Session> session_;
  std::optional<PeerIdentity> peer_;
  std::string error_;
};

}  // namespace fleet::tls
