// An HTTP/1.1 and HTTP/2 server, with or without TLS.
//
// One loop thread owns all sockets; a pool of workers calls the handler, one request to the end.
// A handler answers with a whole body, or starts a stream and returns: a stream is written from any
// thread and costs a socket, not a thread (watches, server-sent events).
//
//   auto server = TRY(http::Server::start(ctx, {.port = 0}, [](const Context&, const Request& r,
//                                                              Responder out) {
//     out.send({.status = 200, .body = "hello " + r.path});
//   }));
//
// Limits are options, each with its unit. Over the queue limit the answer is 429 with Retry-After.
// Threads: Server, Responder and BodyStream from any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "sys/context.h"
#include "sys/metrics.h"
#include "wire/http/message.h"
#include "wire/tls/context.h"

namespace fleet::http {

struct Request {
  std::string method;
  std::string path;      // decoded; always starts with "/"
  std::string raw_path;  // as sent
  std::string raw_query;
  Query query;
  Headers headers{};
  std::string body{};  // without transfer or content encoding (gzip bodies are unpacked)
  std::string host;    // Host or :authority

  int version = 11;  // 11 or 20
  bool tls = false;
  std::string remote_address;             // "127.0.0.1:40312"
  std::optional<tls::PeerIdentity> peer;  // of a client certificate that the client CA signed
  std::string id;                         // unique within this server, for logs
};

struct Response {
  int status = 200;
  Headers headers{};  // content-length and date are added
  std::string body{};
};

// A piece of a body; shared, so that one event can be on its way to a thousand watchers.
using Chunk = std::shared_ptr<const std::string>;

// The body of an answer that is sent piece by piece. A handle; copies mean the same stream. When
// the last handle goes without `finish`, the stream is cut off, so that the peer notices.
class BodyStream {
 public:
  // Adds a piece without waiting. False when the peer is gone or would exceed its buffer
  // (Limits::max_stream_buffer); in the latter case the stream is cut off.
  bool offer(Chunk chunk);
  bool offer(std::string bytes) {
    return offer(std::make_shared<const std::string>(std::move(bytes)));
  }
  // Adds a piece, waiting while more than `low` bytes are buffered: for long bodies from a worker.
  // Cancelled when the peer is gone or the Context ends.
  Result<> write(const Context& ctx, std::string bytes, size_t low = size_t{1} << 20);
  void finish();
  void cut_off();
  bool closed() const;
  size_t buffered() const;  // bytes that the loop has not yet taken
  // Called once when the stream ends for any reason (also at once, if it has ended already), from
  // the loop thread or the caller's. It must not block.
  void on_close(std::function<void()> closed);

 private:
  friend class Responder;
  friend struct Exchange;
  explicit BodyStream(std::shared_ptr<struct Exchange> exchange);
  std::shared_ptr<struct StreamOwner> owner_;
};

// Answers one request, once. A handle; when the last one goes without an answer, 500 is sent.
class Responder {
 public:
  // Bodies of at least Limits::gzip_from bytes are packed if the client asked for it.
  void send(Response response);
  // The head goes out at once; the body follows in pieces.
  BodyStream stream(int status, Headers headers);
  bool answered() const;

 private:
  friend struct Exchange;
  explicit Responder(std::shared_ptr<struct Exchange> exchange);
  std::shared_ptr<struct ResponderOwner> owner_;
};

// The Context ends when the peer goes, the server stops, or Limits::request_timeout is over; it is
// for the call: what a stream does later has its own.
using Handler =
    std::function<void(const Context& ctx, const Request& request, Responder responder)>;

struct Limits {
  size_t max_header_bytes = size_t{64} << 10;
  size_t max_body_bytes = size_t{3} << 20;
  size_t max_stream_buffer = size_t{64} << 20;
  size_t gzip_from = size_t{128} << 10;
  size_t max_connections = 15'000;
  uint32_t max_streams = 250;                          // of one HTTP/2 connection
  Duration header_timeout = std::chrono::seconds{10};  // for handshake and header
  Duration idle_timeout = std::chrono::seconds{120};   // between requests
  Duration request_timeout = std::chrono::seconds{60};
  size_t min_body_rate = 1024;  // bytes a second, averaged from the fifth second on
  size_t queue = 1'000;         // requests that wait for a worker
};

struct ServerOptions {
  std::string address = "127.0.0.1";  // a numeric address; "" or "::": all, both families
  int port = 0;                       // 0: any free one
  std::shared_ptr<const tls::ServerContext> tls{};  // null: plain
  Limits limits;
  int workers = 0;            // 0: two per processor, at least 4
  std::string name = "http";  // of threads and metrics
  // Requests that are never refused for a full queue: health checks, leases.
  std::function<bool(const Request&)> exempt{};
  Metrics* metrics = nullptr;
};

class Server {
 public:
  // Listens when it returns. `ctx` gives clock, log and a stop that ends the server.
  static Result<std::unique_ptr<Server>> start(const Context& ctx,
                                               ServerOptions options,
                                               Handler handler);
  ~Server();  // stop with no grace

  int port() const;
  std::string url() const;  // "https://127.0.0.1:6443"
  size_t connections() const;
  // From now on handshakes use this (a renewed certificate).
  void set_tls(std::shared_ptr<const tls::ServerContext> context);
  // Refuses new connections, ends streams, lets running requests finish for up to `grace`.
  void stop(Duration grace);

 private:
  struct State;
  explicit Server(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace fleet::http
