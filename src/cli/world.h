// What targeting reads from a hub.
#pragma once

#include <vector>

#include "base/result.h"
#include "fleet/api/bundle.h"
#include "fleet/api/bundledeployment.h"
#include "fleet/target/target.h"
#include "kube/client/client.h"
#include "sys/context.h"

namespace fleet::cli {

// Clusters, groups, mappings, restrictions, policies and namespaces, all of them.
Result<target::World> read_world(const Context& ctx, kube::Client& client);

// The BundleDeployments of a bundle, with the values that their Secrets hold.
Result<std::vector<api::BundleDeployment>> read_deployments(const Context& ctx,
                                                            kube::Client& client,
                                                            const api::ObjectMeta& bundle);

}  // namespace fleet::cli
