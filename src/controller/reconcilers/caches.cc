#include "controller/reconcilers/caches.h"

#include <utility>

#include "base/strings.h"
#include "fleet/api/labels.h"

namespace fleet::controller {
namespace {

using kube::Object;

std::string joined(std::string_view ns, std::string_view name) {
  return name.empty() ? std::string() : cat(ns, "/", name);
}

std::vector<std::string> one(std::string text) {
  if (text.empty()) return {};
  return {std::move(text)};
}

kube::InformerOptions namespaces_options() {
  kube::InformerOptions options;
  options.resource = kube::Resource{{"", "v1", "namespaces"}, "Namespace", false};
  return options;
}

template <typename T>
target::Shared<T> all(const kube::Informer& informer) {
  return cached_list<T>(informer);
}

}  // namespace

std::string bundle_of(const Object& object) {
  return joined(object.label(api::label::kBundleNamespace), object.label(api::label::kBundle));
}

std::string cluster_of(const Object& object) {
  return joined(object.label(api::label::kClusterNamespace), object.label(api::label::kCluster));
}

std::string repo_of(const Object& object) {
  const std::string_view bundle_ns = object.label(api::label::kBundleNamespace);
  return joined(bundle_ns.empty() ? object.ns() : bundle_ns, object.label(api::label::kRepo));
}

Caches::Caches(kube::Manager& manager)
    : gitrepos(manager.informer(informer_options<api::GitRepo>())),
      bundles(manager.informer(informer_options<api::Bundle>())),
      deployments(manager.informer(informer_options<api::BundleDeployment>())),
      clusters(manager.informer(informer_options<api::Cluster>())),
      groups(manager.informer(informer_options<api::ClusterGroup>())),
      mappings(manager.informer(informer_options<api::BundleNamespaceMapping>())),
      restrictions(manager.informer(informer_options<api::GitRepoRestriction>())),
      policies(manager.informer(informer_options<api::Policy>())),
      namespaces(manager.informer(namespaces_options())),
      registrations(manager.informer(informer_options<api::ClusterRegistration>())),
      tokens(manager.informer(informer_options<api::ClusterRegistrationToken>())) {
  deployments.add_index(index::kByBundle, [](const Object& o) { return one(bundle_of(o)); });
  deployments.add_index(index::kByCluster, [](const Object& o) { return one(cluster_of(o)); });
  deployments.add_index(index::kByRepo, [](const Object& o) { return one(repo_of(o)); });
  deployments.add_index(index::kByContent, [](const Object& o) {
    return one(std::string(o.label(api::label::kContentName)));
  });
  bundles.add_index(index::kByRepo, [](const Object& o) { return one(repo_of(o)); });
  clusters.add_index(index::kByClientId, [](const Object& o) {
    return one(joined(o.ns(), o.at({"spec", "clientID"}).as_string()));
  });
  clusters.add_index(index::kByNamespace, [](const Object& o) {
    return one(o.at({"status", "namespace"}).to_string());
  });
}

target::World Caches::world() const {
  target::World world;
  world.clusters = all<api::Cluster>(clusters);
  world.groups = all<api::ClusterGroup>(groups);
  world.mappings = all<api::BundleNamespaceMapping>(mappings);
  world.restrictions = all<api::GitRepoRestriction>(restrictions);
  world.policies = all<api::Policy>(policies);
  if (world.mappings.empty()) return world;
  for (const kube::CachedPtr& item : namespaces.indexer().list()) {
    const kube::StringMap labels = item->object.labels();
    world.namespaces.push_back({std::string(item->object.name()), {labels.begin(), labels.end()}});
  }
  return world;
}

}  // namespace fleet::controller
