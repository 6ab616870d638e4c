#include "fleet/target/target.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/strings.h"
#include "fleet/api/hashes.h"
#include "fleet/policy/restrict.h"
#include "fleet/target/options.h"
#include "fleet/target/values.h"

namespace fleet::target {

namespace {

// What restrictions and policies of the bundle's namespace add to every target's options.
struct Imposed {
  std::optional<api::LabelSelector> namespace_selector;
  std::optional<bool> create_namespace;
};

Imposed imposed_on(const api::Bundle& bundle, const World& world) {
  Imposed out;
  const std::string& ns = bundle.metadata.namespace_;
  if (!bundle.metadata.label(api::label::kRepo).empty()) {
    for (const auto& restriction : world.restrictions) {
      if (restriction->metadata.namespace_ != ns) continue;
      out.namespace_selector = api::merge_selectors(out.namespace_selector,
                                                    restriction->allowed_target_namespace_selector);
    }
  }
  std::vector<api::Policy> policies;
  for (const auto& policy : world.policies) {
    if (policy->metadata.namespace_ == ns) policies.push_back(*policy);
  }
  api::Policy all = policy::aggregate(policies);
  if (all.require_service_account && !all.allow_namespace_creation) out.create_namespace = false;
  return out;
}

// The options of the target or of its customizations; nothing for doNotDeploy.
std::optional<api::BundleDeploymentOptions> options_of(const api::Bundle& bundle,
                                                       const Decision& decision) {
  if (!decision.is_deployed) return std::nullopt;
  bool is_all = bundle.spec.target_customization_mode == api::kAllMatches;
  api::BundleDeploymentOptions own = decision.target->options;
  for (const api::BundleTarget* customization : decision.customizations) {
    own = is_all ? merge_options(own, customization->options) : customization->options;
  }
  return merge_options(bundle.spec.options, own);
}

Result<std::optional<Target>> target_for(const api::Bundle& bundle,
                                         const BundleMatcher& matcher,
                                         const std::shared_ptr<const api::Cluster>& cluster,
                                         Groups groups,
                                         const Imposed& imposed) {
  const api::ObjectMeta& metadata = cluster->metadata;
  Decision decision = decide(bundle.spec, matcher, metadata.name, metadata.labels, groups);
  std::optional<api::BundleDeploymentOptions> options = options_of(bundle, decision);
  if (!options) return std::optional<Target>();
  if (imposed.namespace_selector) {
    options->allowed_target_namespace_selector = imposed.namespace_selector;
  }
  if (imposed.create_namespace) options->create_namespace = imposed.create_namespace;
  TRY(preprocess_values(*options, *cluster)
          .within(cat("cluster ", metadata.name, " in namespace ", metadata.namespace_)));
  Target out;
  out.cluster = cluster;
  out.groups = std::move(groups);
  out.options = std::move(*options);
  out.matched = decision.target->name;
  return std::optional<Target>(std::move(out));
}

// Groups of one namespace with compiled selectors; a bad selector leaves its group out.
struct GroupIndex {
  struct Entry {
    const api::ClusterGroup* group;
    kube::LabelSelector selector;
  };
  std::map<std::string, std::vector<Entry>> by_namespace;

  explicit GroupIndex(const Shared<api::ClusterGroup>& groups) {
    for (const auto& group : groups) {
      if (!group->spec.selector) continue;
      auto selector = group->spec.selector->compile();
      if (!selector.ok()) continue;
      by_namespace[group->metadata.namespace_].push_back(
          {group.get(), std::move(selector).value()});
    }
  }

  Groups of(const api::Cluster& cluster) const {
    Groups out;
    auto found = by_namespace.find(cluster.metadata.namespace_);
    if (found == by_namespace.end()) return out;
    for (const Entry& entry : found->second) {
      if (entry.selector.matches(cluster.metadata.labels)) {
        out.emplace(entry.group->metadata.name, entry.group->metadata.labels);
      }
    }
    return out;
  }
};

}  // namespace

std::string Target::cluster_id() const {
  return cat(cluster->metadata.namespace_, "/", cluster->metadata.name);
}

std::vector<std::string> namespaces_of(const api::Bundle& bundle, const World& world) {
  std::set<std::string> out{bundle.metadata.namespace_};
  for (const auto& mapping : world.mappings) {
    if (mapping->metadata.namespace_ != bundle.metadata.namespace_) continue;
    if (!mapping->bundle_selector || !mapping->namespace_selector) continue;
    auto bundles = mapping->bundle_selector->compile();
    auto namespaces = mapping->namespace_selector->compile();
    if (!bundles.ok() || !namespaces.ok() || !bundles->matches(bundle.metadata.labels)) continue;
    for (const World::Namespace& ns : world.namespaces) {
      if (namespaces->matches(ns.labels)) out.insert(ns.name);
    }
  }
  return {out.begin(), out.end()};
}

Groups groups_of(const api::Cluster& cluster, const Shared<api::ClusterGroup>& groups) {
  return GroupIndex(groups).of(cluster);
}

Result<std::vector<Target>> find_targets(const api::Bundle& bundle,
                                         const World& world,
                                         std::string_view manifest_id) {
  Imposed imposed = imposed_on(bundle, world);
  BundleMatcher matcher = TRY(BundleMatcher::compile(bundle.spec));
  GroupIndex groups(world.groups);
  std::vector<std::string> namespaces = namespaces_of(bundle, world);
  Shared<api::Cluster> clusters;
  for (const auto& cluster : world.clusters) {
    if (std::ranges::binary_search(namespaces, cluster->metadata.namespace_)) {
      clusters.push_back(cluster);
    }
  }
  // Errors name the first cluster in order of namespaces and names.
  std::ranges::stable_sort(
      clusters, [](const auto& a, const auto& b) { return a->metadata.key() < b->metadata.key(); });
  std::vector<Target> out;
  for (const auto& cluster : clusters) {
    auto target = TRY(target_for(bundle, matcher, cluster, groups.of(*cluster), imposed));
    if (!target) continue;
    target->deployment_id = api::deployment_id(manifest_id, target->options);
    out.push_back(std::move(*target));
  }
  std::ranges::stable_sort(out, [](const Target& a, const Target& b) {
    return a.cluster->metadata.name < b.cluster->metadata.name;
  });
  return out;
}

void attach_deployments(std::vector<Target>& targets,
                        const std::vector<api::BundleDeployment>& deployments) {
  std::map<std::string_view, const api::BundleDeployment*> by_namespace;
  for (const api::BundleDeployment& deployment : deployments) {
    by_namespace[deployment.metadata.namespace_] = &deployment;
  }
  for (Target& target : targets) {
    auto found = by_namespace.find(target.cluster->status.namespace_);
    if (found == by_namespace.end()) {
      target.deployment.reset();
    } else {
      target.deployment = *found->second;
    }
  }
}

api::StringMap deployment_labels(const api::ObjectMeta& bundle,
                                 std::string_view cluster_namespace,
                                 std::string_view cluster) {
  api::StringMap out = cleaned(bundle.labels);
  for (const auto& [key, value] : bundle.labels) {
    if (key.starts_with(api::label::kFleetPrefix)) out[key] = value;
  }
  auto set = [&out](std::string_view key, std::string_view value) {
    out[std::string(key)] = std::string(value);
  };
  set(api::label::kBundle, bundle.name);
  set(api::label::kBundleNamespace, bundle.namespace_);
  set(api::label::kManaged, "true");
  set(api::label::kClusterNamespace, cluster_namespace);
  set(api::label::kCluster, cluster);
  return out;
}

bool is_paused(const Target& target, const api::Bundle& bundle) {
  return target.cluster->spec.paused || bundle.spec.paused;
}

api::BundleDeployment deployment_of(const Target& target, const api::Bundle& bundle) {
  const api::ObjectMeta& cluster = target.cluster->metadata;
  api::BundleDeployment out;
  if (target.deployment) {
    out.metadata.name = target.deployment->metadata.name;
    out.metadata.namespace_ = target.deployment->metadata.namespace_;
    out.metadata.uid = target.deployment->metadata.uid;
    out.spec = target.deployment->spec;
  }
  out.metadata.labels = deployment_labels(bundle.metadata, cluster.namespace_, cluster.name);
  out.spec.paused = is_paused(target, bundle);
  const api::ClusterStatus& status = target.cluster->status;
  out.spec.off_schedule = status.scheduled && !status.active_schedule;
  for (const api::BundleTarget& each : bundle.spec.targets) {
    for (auto* options : {&out.spec.options, &out.spec.staged_options}) {
      for (const auto& [key, value] : each.target_namespace_labels) {
        options->namespace_labels[key] = value;
      }
      for (const auto& [key, value] : each.target_namespace_annotations) {
        options->namespace_annotations[key] = value;
      }
    }
  }
  out.spec.depends_on = bundle.spec.depends_on;
  out.spec.correct_drift = target.options.correct_drift;
  return out;
}

}  // namespace fleet::target
