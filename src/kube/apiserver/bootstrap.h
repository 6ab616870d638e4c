// What every cluster begins with: namespaces, roles, and what the options ask for.
#pragma once

#include <vector>

#include "kube/apiserver/core.h"
#include "kube/client/client.h"

namespace fleet::kube::apiserver {

// Creates what is missing; an object of `manifests` whose spec differs is brought up to date.
// What people changed in the rest stays.
Result<> bootstrap(const Context& ctx,
                   Core& core,
                   Client& client,
                   const std::vector<data::Value>& manifests);

}  // namespace fleet::kube::apiserver
