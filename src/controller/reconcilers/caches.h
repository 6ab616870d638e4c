// Caches: live copies of all of Fleet's kinds, decoded, with the indexes that reconcilers ask.
//
// What is absent here may exist: whoever deletes because of an absence reads live first.
// Threads: readers any. Lifetime: the manager that runs the informers outlives the caches.
#pragma once

#include <string>
#include <string_view>

#include "fleet/api/bundle.h"
#include "fleet/api/bundledeployment.h"
#include "fleet/api/cluster.h"
#include "fleet/api/content.h"
#include "fleet/api/gitrepo.h"
#include "fleet/api/policy.h"
#include "fleet/api/registration.h"
#include "fleet/target/target.h"
#include "kube/controller/manager.h"

namespace fleet::controller {

// Names of indexes.
namespace index {
inline constexpr const char* kByBundle = "by-bundle";  // BundleDeployments: "ns/name" of the bundle
inline constexpr const char* kByRepo = "by-repo";      // Bundles and their deployments: "ns/name"
inline constexpr const char* kByContent = "by-content";  // BundleDeployments: name of the Content
inline constexpr const char* kByCluster =
    "by-cluster";  // BundleDeployments: "ns/name" of the cluster
inline constexpr const char* kByClientId = "by-client-id";   // Clusters: "ns/client id"
inline constexpr const char* kByNamespace = "by-namespace";  // Clusters: their namespace on the hub
}  // namespace index

struct Caches {
  explicit Caches(kube::Manager& manager);

  kube::Informer& gitrepos;
  kube::Informer& bundles;
  kube::Informer& deployments;
  kube::Informer& clusters;
  kube::Informer& groups;
  kube::Informer& mappings;
  kube::Informer& restrictions;
  kube::Informer& policies;
  kube::Informer& namespaces;  // documents only
  kube::Informer& registrations;
  kube::Informer& tokens;

  // Everything that matching asks for, as cached.
  target::World world() const;
};

// The informer of one of Fleet's kinds: objects are decoded to T.
template <typename T>
kube::InformerOptions informer_options() {
  kube::InformerOptions options;
  options.resource = T::kKind.resource();
  options.decode = [](const kube::Object& object) -> Result<std::shared_ptr<const void>> {
    return std::shared_ptr<const void>(std::make_shared<const T>(TRY(api::from_object<T>(object))));
  };
  return options;
}

template <typename T>
std::shared_ptr<const T> cached(const kube::Informer& informer, const kube::Key& key) {
  return kube::Lister<T>(informer.indexer()).get(key);
}
template <typename T>
std::vector<std::shared_ptr<const T>> cached_list(const kube::Informer& informer,
                                                  std::string_view ns = {}) {
  return kube::Lister<T>(informer.indexer()).list(ns);
}
// Copies, by name: for the pure rooms that take values.
template <typename T>
std::vector<T> cached_values(const kube::Informer& informer, std::string_view ns) {
  std::vector<T> out;
  for (const auto& item : cached_list<T>(informer, ns))
    out.push_back(*item);
  return out;
}
template <typename T>
std::vector<std::shared_ptr<const T>> cached_by(const kube::Informer& informer,
                                                std::string_view name,
                                                std::string_view value) {
  return kube::Lister<T>(informer.indexer()).by_index(name, value);
}

// "ns/name" of the bundle, cluster or repository that an object's labels name; "" without.
std::string bundle_of(const kube::Object& object);
std::string cluster_of(const kube::Object& object);
std::string repo_of(const kube::Object& object);

}  // namespace fleet::controller
