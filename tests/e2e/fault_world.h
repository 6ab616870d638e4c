// FaultWorld: a hub, its controllers and clusters with their agents, each a process of its own, and
// a FaultProxy on every way between them.
//
//   agents ─► proxy ─► hub API ◄─ proxy ◄─ controllers ─► proxy ─► git host
//      └────► proxy ─► own cluster's API
//
// The test itself looks at the APIs directly. Processes that end are started again by `tend`.
// Threads: one.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "e2e/repositories.h"
#include "kube/client/client.h"
#include "support/fault_proxy.h"
#include "sys/context.h"
#include "sys/files.h"
#include "sys/process.h"

namespace fleet::e2e {

class FaultWorld {
 public:
  static Result<std::unique_ptr<FaultWorld>> start(int clusters, uint64_t seed);

  const Context& ctx() const { return ctx_; }
  kube::Client& hub() { return *hub_; }
  kube::Client& cluster(int n) { return *clusters_[static_cast<size_t>(n)].client; }
  int cluster_count() const { return static_cast<int>(clusters_.size()); }
  Repositories& git() { return *git_; }

  // A GitRepo in fleet-default on branch main of the repository, for all clusters.
  Result<> add_gitrepo(const std::string& name,
                       const std::string& repository,
                       const std::vector<std::string>& paths);

  void set_rate(int one_in);
  int injected() const;  // by the proxies
  std::string counts() const;

  // "hub", "controllers", "agent-1", "cluster-1" ...
  std::vector<std::string> process_names() const;
  // Kill -9.
  Result<> kill(const std::string& process);
  // All connections through one of the proxies break.
  Result<> drop_connections(size_t proxy);
  size_t proxy_count() const { return proxies_.size(); }
  // Starts again what has ended.
  Result<> tend();

 private:
  struct Process {
    sys::Command command;
    std::optional<sys::Child> child;
  };
  struct Cluster {
    std::string name;
    std::unique_ptr<kube::Client> client;
  };

  FaultWorld(Context ctx, sys::TempFolder folder, uint64_t seed);
  Result<testing::FaultProxy*> add_proxy(const std::string& upstream);
  Result<> run(const std::string& name, std::vector<std::string> args);
  // An API server as a process; an administrator's client of it.
  Result<std::unique_ptr<kube::Client>> run_api(const std::string& name);
  // A kubeconfig file of an administrator who goes through a proxy.
  Result<std::string> proxied_kubeconfig(const std::string& name,
                                         kube::Client& api,
                                         const std::string& url);
  Result<> start_hub();
  Result<> add_cluster(int n);

  Context ctx_;
  sys::TempFolder folder_;
  uint64_t seed_;
  std::optional<Repositories> git_;
  std::string git_url_;
  std::string git_ca_;
  std::string hub_url_;
  std::unique_ptr<kube::Client> hub_;
  std::vector<Cluster> clusters_;
  std::vector<std::unique_ptr<testing::FaultProxy>> proxies_;
  std::map<std::string, Process> processes_;  // last: they end first
};

}  // namespace fleet::e2e
