// An HTTP/1.1 and HTTP/2 client with a pool of connections.
//
// Calls block until the answer is there or the Context ends. A body can be read whole, or piece by
// piece for as long as the peer sends (watches); many such reads share one HTTP/2 connection.
// Errors: ServiceUnavailable when the peer cannot be reached (the message says why: name, refusal,
// certificate), Timeout, Cancelled, RequestEntityTooLarge. An answer with any status is no error.
// Threads: all functions from any thread; one BodyReader by one thread at a time.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "sys/context.h"
#include "wire/http/message.h"
#include "wire/tls/context.h"

namespace fleet::http {

struct Call {
  std::string method = "GET";
  std::string url{};
  Headers headers{};
  std::string body{};
  int max_redirects = 0;  // followed for GET and HEAD; 307 and 308 for all methods
  size_t max_answer_bytes = size_t{256} << 20;  // of a whole body
};

struct Answer {
  int status = 0;
  Headers headers{};
  std::string body{};  // content encoding gzip is unpacked
  std::string url{};   // after redirects
};

// The body of a streamed answer. The destructor gives the rest up (HTTP/2: resets the stream).
class BodyReader {
 public:
  int status() const;
  const Headers& headers() const;
  // The next bytes, at least one; nothing at the end of the body. ServiceUnavailable when the
  // connection broke before the end.
  Result<std::optional<std::string>> read(const Context& ctx);
  // The rest of it, up to a limit.
  Result<std::string> read_all(const Context& ctx, size_t max_bytes);

  struct State;
  explicit BodyReader(std::shared_ptr<State> state);
  BodyReader(BodyReader&&) noexcept;
  BodyReader& operator=(BodyReader&&) noexcept;
  ~BodyReader();

 private:
  std::shared_ptr<State> state_;
};

// Which proxy to use: as curl and Go read HTTP_PROXY, HTTPS_PROXY and NO_PROXY (either case).
struct ProxySettings {
  std::string http;
  std::string https;
  std::string no_proxy;
  static ProxySettings from_environment();
  // The proxy's URL for this one, or empty. Loopback hosts never use a proxy.
  std::string proxy_for(const Url& url) const;
};

struct ClientOptions {
  std::shared_ptr<const tls::ClientContext> tls{};  // null: the system's certificate authorities
  std::string server_name{};  // for SNI and verification, if not the URL's host
  ProxySettings proxy{};      // e.g. ProxySettings::from_environment()
  bool http2 = true;          // offer it (ALPN; on plain connections: HTTP/1.1)
  std::string user_agent = "fleet";
  Duration connect_timeout = std::chrono::seconds{30};
  Duration idle_timeout = std::chrono::seconds{90};
  Duration ping_interval = std::chrono::seconds{30};  // HTTP/2: a silent peer is asked
  size_t max_streams_per_connection = 200;
  // Called for each request without an Authorization header; gives its value, e.g. "Bearer ...".
  std::function<std::string()> authorization{};
};

class Client {
 public:
  explicit Client(ClientOptions options = {});
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();  // BodyReaders left over end with an error

  Result<Answer> request(const Context& ctx, const Call& call);
  // Returns when the head of the answer is there.
  Result<BodyReader> open(const Context& ctx, const Call& call);

  void close_idle();
  size_t connections() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

// The authorization of a token in a file, which is read again when it changes (at most once a
// second): service-account tokens are renewed in place.
std::function<std::string()> bearer_from_file(std::string path);
std::function<std::string()> bearer(std::string token);
std::string basic_authorization(std::string_view user, std::string_view password);

}  // namespace fleet::http
