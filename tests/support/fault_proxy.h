// FaultProxy: stands between an API server and its clients and lies, drops and refuses.
//
// Requests are passed on with their headers; watches are streamed. While faults are on, some
// answers are replaced: 401, 410, 429, 500, a connection that breaks, and lists that came out empty
// or half, with a true resourceVersion and status 200: what a broken server or proxy might send.
// What goes wrong is drawn from a seed, so a run can be repeated.
// Threads: all functions from any thread.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <random>
#include <string>

#include "base/result.h"
#include "sys/context.h"
#include "sys/guarded.h"
#include "sys/thread.h"
#include "wire/http/client.h"
#include "wire/http/server.h"

namespace fleet::testing {

enum class Fault { Unauthorized, Gone, TooMany, Internal, Dropped, EmptyList, HalfList };
inline constexpr size_t kFaultKinds = 7;

class FaultProxy {
 public:
  // `upstream` is an https URL, whatever its certificate.
  static Result<std::unique_ptr<FaultProxy>> start(const Context& ctx,
                                                   const std::string& upstream,
                                                   uint64_t seed);

  std::string url() const { return server_->url(); }
  const std::string& ca_pem() const { return ca_pem_; }

  // One request in `one_in` goes wrong; 0: none does.
  void set_rate(int one_in) { one_in_ = one_in; }
  int injected() const { return injected_; }
  std::array<int, kFaultKinds> counts() const;

 private:
  FaultProxy(std::string upstream, uint64_t seed);
  void handle(const Context& ctx, const http::Request& request, http::Responder& out);
  bool draw(Fault& fault);
  void pass_stream(const Context& ctx, const http::Call& call, http::Responder& out, bool breaks);

  std::string upstream_;
  std::string ca_pem_;
  std::unique_ptr<http::Client> client_;
  std::atomic<int> one_in_ = 0;
  std::atomic<int> injected_ = 0;
  struct Dice {
    std::mt19937_64 random;
    std::array<int, kFaultKinds> counts{};
  };
  Guarded<Dice> dice_;
  struct Streams {
    std::vector<Thread> threads;
  };
  Guarded<Streams> streams_;
  std::stop_source stop_;
  std::unique_ptr<http::Server> server_;  // last: it stops first

 public:
  ~FaultProxy();
};

}  // namespace fleet::testing
