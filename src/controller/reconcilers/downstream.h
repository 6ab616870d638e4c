// Secrets and ConfigMaps beside a bundle that its deployments need: copied into each cluster's
// namespace on the hub, where the agent fetches them.
//
// As Fleet 0.16 (targeting.md §6.4). Errors: Unsupported for another kind; NotFound while a source
// is missing.
#pragma once

#include "fleet/api/bundledeployment.h"
#include "kube/client/client.h"

namespace fleet::controller {

// Makes or brings up to date the copies that the deployment's released options name. They are owned
// by the deployment and go with it. True when a copy changed: the deployment's generation is then
// counted up, which tells the agent.
Result<bool> copy_downstream(const Context& ctx,
                             kube::Client& client,
                             const std::string& bundle_namespace,
                             const kube::Object& deployment,
                             const std::vector<api::DownstreamResource>& wanted);

}  // namespace fleet::controller
