// One connection of a client to a server. HTTP/1.1 carries one call at a time, HTTP/2 many.
//
// Threads: `start` from any (it posts); all else on the loop's.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/time.h"
#include "wire/http/client_call.h"
#include "wire/http/link.h"

namespace fleet::http {

class ClientConnection;

// Who lends out connections. Threads: any.
class ConnectionOwner {
 public:
  virtual ~ConnectionOwner() = default;
  virtual void call_ended(const ClientConnection* connection) = 0;
  // It takes no further calls, but those it has go on.
  virtual void retired(const ClientConnection* connection) = 0;
  virtual void closed(const ClientConnection* connection) = 0;
};

struct ConnectionTimes {
  Duration idle;
  Duration ping;
};

class ClientConnection : public Link {
 public:
  ClientConnection(Reactor& reactor,
                   tls::Channel channel,
                   std::weak_ptr<ConnectionOwner> owner,
                   ConnectionTimes times)
      : Link(reactor, std::move(channel)),
        owner_(std::move(owner)),
        times_(times) {}

  void start(const CallPtr& call);

 protected:
  virtual void loop_start(const CallPtr& call) = 0;
  // `call` is null when nobody holds it any more.
  virtual void loop_consumed(const CallPtr& call, size_t bytes) = 0;
  virtual void loop_abandoned(const CallPtr& call) = 0;

  void on_open() override {}
  const ConnectionTimes& times() const { return times_; }
  void tell_ended();
  void tell_retired();
  void tell_closed();

 private:
  const std::weak_ptr<ConnectionOwner> owner_;
  const ConnectionTimes times_;
};

std::shared_ptr<ClientConnection> make_http1_client(Reactor& reactor,
                                                    tls::Channel channel,
                                                    std::weak_ptr<ConnectionOwner> owner,
                                                    ConnectionTimes times);
std::shared_ptr<ClientConnection> make_http2_client(Reactor& reactor,
                                                    tls::Channel channel,
                                                    std::weak_ptr<ConnectionOwner> owner,
                                                    ConnectionTimes times);

}  // namespace fleet::http
