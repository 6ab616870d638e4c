// Bundle × clusters → targets: who gets it, with which merged and templated options, under which
// deployment id.
//
// As Fleet 0.16. An error for one cluster fails the whole bundle:
// "cluster c1 in namespace ws: failed to render helm values template: …". Pure.
// Threads: the shared objects are const; a Target belongs to who asked for it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "fleet/api/bundle.h"
#include "fleet/api/bundledeployment.h"
#include "fleet/api/cluster.h"
#include "fleet/api/policy.h"
#include "fleet/target/match.h"

namespace fleet::target {

template <typename T>
using Shared = std::vector<std::shared_ptr<const T>>;

// What is read from the API before matching. Objects of more namespaces than needed do no harm.
struct World {
  Shared<api::Cluster> clusters;
  Shared<api::ClusterGroup> groups;
  Shared<api::BundleNamespaceMapping> mappings;
  Shared<api::GitRepoRestriction> restrictions;
  Shared<api::Policy> policies;
  struct Namespace {
    std::string name;
    api::StringMap labels;
  };
  std::vector<Namespace> namespaces;  // only read when a mapping selects some
};

struct Target {
  std::shared_ptr<const api::Cluster> cluster;
  Groups groups;
  api::BundleDeploymentOptions options;
  std::string deployment_id;
  std::string matched;  // name of the target proper
  // What is deployed there now, then what shall be; nothing before the rollout reaches it.
  std::optional<api::BundleDeployment> deployment;

  // "namespace/name" of the cluster.
  std::string cluster_id() const;
};

// Sorted by the clusters' names (and namespaces, for equal names).
Result<std::vector<Target>> find_targets(const api::Bundle& bundle,
                                         const World& world,
                                         std::string_view manifest_id);

// Gives each target the BundleDeployment that lies in its cluster's namespace, values restored.
void attach_deployments(std::vector<Target>& targets,
                        const std::vector<api::BundleDeployment>& deployments);

// Namespaces whose clusters the bundle may reach: its own and those that mappings add, sorted.
std::vector<std::string> namespaces_of(const api::Bundle& bundle, const World& world);

// The groups of a cluster: those of its namespace whose selector matches its labels.
Groups groups_of(const api::Cluster& cluster, const Shared<api::ClusterGroup>& groups);

// Labels of the BundleDeployment of a bundle on a cluster, without content-name.
api::StringMap deployment_labels(const api::ObjectMeta& bundle,
                                 std::string_view cluster_namespace,
                                 std::string_view cluster);

// The BundleDeployment to write for a target that has one: metadata (labels and uid), spec with
// paused, offSchedule, dependsOn, correctDrift and the namespace labels of every target of the
// bundle. Values are still in the options; the content-name label and OCI, HelmOp and downstream
// details are the caller's.
api::BundleDeployment deployment_of(const Target& target, const api::Bundle& bundle);

bool is_paused(const Target& target, const api::Bundle& bundle);

}  // namespace fleet::target
