// The kinds that these tests look at.
#pragma once

#include <string>
#include <string_view>

#include "kube/client/client.h"

namespace fleet::e2e {

inline kube::Resource fleet_kind(std::string_view plural, std::string_view kind) {
  return {{"fleet.cattle.io", "v1alpha1", std::string(plural)}, std::string(kind), true};
}
inline kube::Resource gitrepos() {
  return fleet_kind("gitrepos", "GitRepo");
}
inline kube::Resource bundles() {
  return fleet_kind("bundles", "Bundle");
}
inline kube::Resource deployments_of_bundles() {
  return fleet_kind("bundledeployments", "BundleDeployment");
}
inline kube::Resource clusters() {
  return fleet_kind("clusters", "Cluster");
}
inline kube::Resource core(std::string_view plural, std::string_view kind) {
  return {{"", "v1", std::string(plural)}, std::string(kind), true};
}

// status.summary says that `wanted` deployments exist and all are ready.
inline bool all_ready(const kube::Object& object, int64_t wanted) {
  const data::Value& summary = object.at({"status", "summary"});
  return summary["desiredReady"].as_int() == wanted && summary["ready"].as_int() == wanted;
}

}  // namespace fleet::e2e
