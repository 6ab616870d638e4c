// FaultProxy: stands between a server and its clients and lies, drops, stalls and refuses.
//
// Requests are passed on with their headers; watches are streamed. While faults are on, some
// requests meet one: an answer 401, 410, 429 or 500, the plain 404 of a proxy that lost its way, a
// connection that breaks before the request got through or in the middle of the answer, one that
// says nothing for a while and then breaks, and lists that came out empty or half, with a true
// resourceVersion, no continuation and status 200: what a broken server or proxy might send.
// What goes wrong is drawn from a seed. Only what took effect is counted.
// Threads: all functions from any thread, but drop_all by one at a time.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include "base/result.h"
#include "sys/context.h"
#include "sys/guarded.h"
#include "sys/thread.h"
#include "wire/http/client.h"
#include "wire/http/server.h"

namespace fleet::testing {

enum class Fault {
  Unauthorized,
  Gone,
  TooMany,
  Internal,
  ForeignNotFound,
  CutRequest,  // the server never hears of it
  CutAnswer,   // carried out, but its caller does not learn what came of it
  Stalled,
  EmptyList,
  HalfList,
};
inline constexpr size_t kFaultKinds = 10;
std::string_view to_string(Fault fault);

class FaultProxy {
 public:
  // `upstream` is an http or https URL, whatever its certificate.
  static Result<std::unique_ptr<FaultProxy>> start(const Context& ctx,
                                                   const std::string& upstream,
                                                   uint64_t seed);
  ~FaultProxy();

  const std::string& url() const { return url_; }
  const std::string& ca_pem() const { return ca_pem_; }

  // One request in `one_in` goes wrong; 0: none does.
  void set_rate(int one_in) { one_in_ = one_in; }
  // From now on requests meet this fault alone; nothing: any.
  void set_only(std::optional<Fault> fault);
  // Ends all connections and listens again at the same port. Counts as one fault.
  Result<> drop_all();
  int injected() const { return injected_; }
  std::array<int, kFaultKinds> counts() const;

 private:
  FaultProxy(Context ctx, std::string upstream, uint64_t seed);
  Result<> listen(int port);
  void handle(const Context& ctx, const http::Request& request, http::Responder& out);
  bool draw(bool is_list, Fault& fault);
  void stall(http::Responder out);
  void pass_watch(const Context& ctx, const http::Call& call, http::Responder& out, bool breaks);
  void run_beside(std::function<void(const std::stop_token&)> body);

  const Context ctx_;
  const std::string upstream_;
  std::string url_;
  std::string ca_pem_;
  std::shared_ptr<const tls::ServerContext> tls_;
  std::unique_ptr<http::Client> client_;
  std::atomic<int> one_in_ = 0;
  std::atomic<int> injected_ = 0;
  struct Dice {
    std::mt19937_64 random;
    std::array<int, kFaultKinds> counts{};
    std::optional<Fault> only;
  };
  Guarded<Dice> dice_;
  struct Beside {
    std::vector<Thread> threads;
  };
  Guarded<Beside> beside_;
  std::stop_source stop_;
  std::unique_ptr<http::Server> server_;  // last: it stops first
};

}  // namespace fleet::testing
