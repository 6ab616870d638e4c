// HubProcess: the built `fleet server` as a process of its own, with its playground clusters.
//
// Lifetime: stopped, with its children, when it goes.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "kube/client/client.h"
#include "kube/client/kubeconfig.h"
#include "sys/context.h"
#include "sys/process.h"

namespace fleet::bench {

class HubProcess {
 public:
  // Returns once /readyz answers 200. With a port, at that one; else at any free one.
  static Result<HubProcess> start(const Context& ctx,
                                  const std::string& folder,
                                  int clusters,
                                  int port = 0);
  Result<> stop(const Context& ctx);

  kube::Client& client() { return *client_; }
  // A client with connections of its own.
  Result<std::unique_ptr<kube::Client>> connect() const;
  Duration time_to_ready() const { return time_to_ready_; }
  int port() const;

  // Megabytes (10^6), now.
  double resident() const;
  // The largest of its agents': now, and at any time so far.
  double agents_resident() const;
  double agents_peak() const;

 private:
  explicit HubProcess(sys::Child child)
      : child_(std::move(child)) {}
  double largest_agent(std::string_view field) const;

  sys::Child child_;
  kube::Access access_;
  std::unique_ptr<kube::Client> client_;
  Duration time_to_ready_{};
};

}  // namespace fleet::bench
