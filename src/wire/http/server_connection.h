// One client of a server: its link, and the protocol spoken on it.
//
// Threads: the loop's only, but for `wake`.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "wire/http/exchange.h"
#include "wire/http/link.h"
#include "wire/http/server.h"

namespace fleet::http {

class ServerConnection;

// HTTP/1.1 or HTTP/2 on one connection.
class ServerProtocol {
 public:
  virtual ~ServerProtocol() = default;
  virtual void on_bytes(std::string_view bytes) = 0;
  virtual void on_room() = 0;
  // The exchange of `stream` has something to send.
  virtual void on_answer(int32_t stream) = 0;
  virtual void on_closed() = 0;
  virtual std::optional<Instant> deadline() = 0;
  virtual void on_deadline() = 0;
  // Takes no new requests; closes when those that run are answered. Streams end now.
  virtual void drain() = 0;
};
std::unique_ptr<ServerProtocol> make_http1_server(ServerConnection& connection);
std::unique_ptr<ServerProtocol> make_http2_server(ServerConnection& connection);

// What connections need of the server. Threads: the loop's.
class ConnectionHost {
 public:
  virtual ~ConnectionHost() = default;
  virtual const Limits& limits() const = 0;
  // Hands a whole request to the workers, or answers 429.
  virtual void dispatch(Request request, const std::shared_ptr<Exchange>& exchange) = 0;
  virtual void closed(ServerConnection& connection) = 0;
  virtual std::string_view date() = 0;  // now, as the Date header writes it
};

class ServerConnection final : public Link {
 public:
  ServerConnection(ConnectionHost& host,
                   Reactor& reactor,
                   tls::Channel channel,
                   std::string remote_address);
  ~ServerConnection() override;

  ConnectionHost& host() { return host_; }
  // A request with what the connection knows of its peer.
  Request new_request(int version) const;
  std::shared_ptr<Exchange> new_exchange(int32_t stream);
  void drain();

 private:
  void on_open() override;
  void on_bytes(std::string_view bytes) override;
  void on_room() override;
  void on_closed(std::string_view reason) override;
  std::optional<Instant> deadline() override;
  void on_deadline() override;
  void choose_protocol(std::string_view first_bytes);

  ConnectionHost& host_;
  const std::string remote_address_;
  const Instant started_;
  std::unique_ptr<ServerProtocol> protocol_;
  std::string first_bytes_;  // on a plain connection, until they tell the protocol
  bool draining_ = false;
};

// Fills path, query and host; false when the target is no path.
bool set_target(Request& request, std::string_view target);
// The head's fields that every answer gets: date, content-length.
void complete_head(AnswerHead& head, std::string_view date);
bool has_answer_body(std::string_view method, int status);

}  // namespace fleet::http
