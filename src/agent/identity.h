// How an agent becomes known to its hub, once, and who it is afterwards.
//
// It asks with the token of Secret `fleet-agent-bootstrap`, waits for the credential that the hub
// makes for this cluster alone, and keeps it in Secret `fleet-agent`. A credential that works is
// used as it is; one that the hub refuses leads to a new registration; a hub that cannot be reached
// leads to nothing but waiting. As Fleet 0.16 (clusters.md §6).
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "kube/client/client.h"
#include "kube/client/kubeconfig.h"
#include "sys/context.h"

namespace fleet::agent {

struct Identity {
  kube::Access hub;                  // with this agent's own token
  std::string deployment_namespace;  // of its BundleDeployments, on the hub
  std::string cluster_namespace;     // of its Cluster
  std::string cluster_name;
};

// Tries again until it is registered: after a second, then twice as long each time, at most
// `pause`. Cancelled when the Context stops.
Result<Identity> register_agent(const Context& ctx,
                                kube::Client& local,
                                const std::string& ns,
                                Duration pause);

// `garbageCollectionInterval` of the agent's ConfigMap `fleet-agent`; zero when it says nothing.
// Invalid when it is no duration.
Result<Duration> configured_clean_up(const Context& ctx,
                                     kube::Client& local,
                                     const std::string& ns);

}  // namespace fleet::agent
