// The kinds that simulated nodes deal with.
#pragma once

#include <string_view>

#include "kube/meta/gvk.h"

namespace fleet::playground {

inline kube::Resource core(std::string_view plural, std::string_view kind, bool namespaced = true) {
  return {{"", "v1", std::string(plural)}, std::string(kind), namespaced};
}
inline kube::Resource apps(std::string_view plural, std::string_view kind) {
  return {{"apps", "v1", std::string(plural)}, std::string(kind), true};
}
inline kube::Resource jobs() {
  return {{"batch", "v1", "jobs"}, "Job", true};
}
inline kube::Resource slices() {
  return {{"discovery.k8s.io", "v1", "endpointslices"}, "EndpointSlice", true};
}

}  // namespace fleet::playground
