// The agent of one cluster: registers, pulls its BundleDeployments, deploys them, reports back.
//
// It is told nothing: it watches the hub. With the hub away it goes on watching what it deployed,
// and corrects drift where it was asked to; nothing is removed.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "kube/client/client.h"
#include "kube/client/kubeconfig.h"
#include "kube/controller/leader.h"
#include "sys/context.h"

namespace fleet::agent {

struct AgentOptions {
  kube::Access local;             // the cluster it works on
  std::string ns;                 // its own namespace there: "cattle-fleet-system"
  std::string scope;              // AGENT_SCOPE
  Duration checkin_interval{};    // zero: 15 minutes
  Duration garbage_collection{};  // zero: as the agent's ConfigMap says, else 15 minutes
  Duration register_pause = std::chrono::minutes(1);
  Duration drift_delay = std::chrono::seconds(1);
  size_t workers = 4;
  bool leader_election = true;
  kube::LeaderOptions lease{};  // its timings; without an identity: host name and process id
};

// Until the Context stops. Conflict when the lease was lost.
Result<> run_agent(const Context& ctx, const AgentOptions& options);

}  // namespace fleet::agent
