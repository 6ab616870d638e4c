// The playground clusters of a hub, and the local agent: child processes and their registration.
#pragma once

#include <string>
#include <vector>

#include "kube/client/client.h"
#include "server/children.h"
#include "server/hub.h"
#include "server/registration.h"
#include "sys/context.h"
#include "sys/thread.h"

namespace fleet::server {

class Playgrounds {
 public:
  Playgrounds(const Context& ctx, const ServerOptions& options, SelfCommand self);

  // Starts the clusters, and registers and starts the agent of each once its API answers.
  void start(kube::Client& hub);
  void join();  // after the Context has stopped

 private:
  struct One {
    OwnCluster cluster;
    std::string folder;  // of its data; empty: the hub's own API, nothing to start
    std::string kubeconfig;
  };
  Result<> bring_up(const Context& ctx, kube::Client& hub, const One& one);
  void register_and_run_agent(kube::Client& hub, const One& one);
  ChildSpec child(const std::string& name, std::vector<std::string> words) const;

  Context ctx_;
  const ServerOptions& options_;
  SelfCommand self_;
  Children children_;
  std::vector<One> ones_;
  std::vector<Thread> threads_;
};

// The hub itself as a cluster: fleet-local/local.
OwnCluster local_cluster();
// Name and labels of the n-th playground cluster (from 0): env is dev, test and prod in turn.
OwnCluster playground_cluster(int n);

}  // namespace fleet::server
