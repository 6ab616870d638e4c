// What a new hub holds: Fleet's CRDs, the namespaces and workspaces, roles, and the configuration.
#pragma once

#include <string>
#include <vector>

#include "data/value/value.h"

namespace fleet::server {

inline constexpr const char* kSystemNamespace = "cattle-fleet-system";
inline constexpr const char* kRegistrationNamespace = "cattle-fleet-clusters-system";
inline constexpr const char* kLocalWorkspace = "fleet-local";
inline constexpr const char* kDefaultWorkspace = "fleet-default";

// As the charts fleet-crd and fleet would make them on a cluster; in an order that can be applied.
std::vector<data::Value> hub_manifests();

// The ConfigMap `fleet-controller`: how agents reach this hub.
data::Value controller_config(const std::string& url, const std::string& ca_pem);

}  // namespace fleet::server
