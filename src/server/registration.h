// A cluster's way to the hub it belongs to: what `helm install fleet-agent` does elsewhere.
//
// On the hub: a Cluster with its labels, and a ClusterRegistrationToken in the workspace. On the
// cluster: the Secret and ConfigMap with which its agent asks for admission. The agent then
// registers over the network like any other.
#pragma once

#include <map>
#include <string>

#include "base/result.h"
#include "kube/client/client.h"
#include "sys/context.h"

namespace fleet::server {

struct OwnCluster {
  std::string name;
  std::string workspace;
  std::string agent_namespace;  // on the cluster
  std::map<std::string, std::string> labels;
};

// Does nothing for an agent that has its credential already. Waits for the hub to answer the token.
Result<> prepare_registration(const Context& ctx,
                              kube::Client& hub,
                              kube::Client& downstream,
                              const OwnCluster& cluster);

}  // namespace fleet::server
