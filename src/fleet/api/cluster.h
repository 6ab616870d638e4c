// Cluster and ClusterGroup: where bundles can go.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fleet/api/summary_types.h"

namespace fleet::api {

struct PriorityClassSpec {
  int value = 0;
  std::string preemption_policy;

  static constexpr const char* kGoType = "v1alpha1.PriorityClassSpec";
  static data::Fields fields();
  bool operator==(const PriorityClassSpec&) const = default;
};

struct PodDisruptionBudgetSpec {
  std::string min_available;
  std::string max_unavailable;

  static constexpr const char* kGoType = "v1alpha1.PodDisruptionBudgetSpec";
  static data::Fields fields();
  bool operator==(const PodDisruptionBudgetSpec&) const = default;
};

struct AgentSchedulingCustomization {
  std::optional<PriorityClassSpec> priority_class;
  std::optional<PodDisruptionBudgetSpec> pod_disruption_budget;

  static constexpr const char* kGoType = "v1alpha1.AgentSchedulingCustomization";
  static data::Fields fields();
  bool operator==(const AgentSchedulingCustomization&) const = default;
};

struct ClusterSpec {
  bool paused = false;
  std::string client_id;
  std::string kube_config_secret;
  std::string kube_config_secret_namespace;
  int64_t redeploy_agent_generation = 0;
  std::vector<data::Value> agent_env_vars;
  std::string agent_namespace;
  std::string private_repo_url;
  std::optional<GenericMap> template_values;
  std::vector<data::Value> agent_tolerations;
  data::Value agent_affinity;
  data::Value agent_resources;
  std::optional<bool> host_network;
  std::optional<AgentSchedulingCustomization> agent_scheduling_customization;
  std::optional<std::vector<data::Value>> agent_pull_secrets;

  static constexpr const char* kGoType = "v1alpha1.ClusterSpec";
  static data::Fields fields();
  bool operator==(const ClusterSpec&) const = default;
};

struct ClusterDisplay {
  std::string ready_bundles;
  std::string state;

  static constexpr const char* kGoType = "v1alpha1.ClusterDisplay";
  static data::Fields fields();
  bool operator==(const ClusterDisplay&) const = default;
};

struct AgentStatus {
  Time last_seen;
  std::string namespace_;

  static constexpr const char* kGoType = "v1alpha1.AgentStatus";
  static data::Fields fields();
  bool operator==(const AgentStatus&) const = default;
};

struct ClusterStatus {
  std::vector<Condition> conditions;
  std::string namespace_;
  BundleSummary summary;
  ResourceCounts resource_counts;
  int ready_git_repos = 0;
  int desired_ready_git_repos = 0;
  int ready_helm_ops = 0;
  int desired_ready_helm_ops = 0;
  std::string agent_env_vars_hash;
  std::string agent_private_repo_url;
  bool agent_host_network = false;
  std::optional<int64_t> agent_deployed_generation;
  bool agent_migrated = false;
  bool agent_namespace_migrated = false;
  bool cattle_namespace_migrated = false;
  std::string agent_affinity_hash;
  std::string agent_resources_hash;
  std::string agent_tolerations_hash;
  bool agent_config_changed = false;
  std::string api_server_url;
  std::string api_server_ca_hash;
  std::string agent_tls_mode;
  ClusterDisplay display;
  AgentStatus agent;
  std::optional<GoDuration> garbage_collection_interval;
  std::string agent_scheduling_customization_hash;
  bool scheduled = false;
  bool active_schedule = false;

  static constexpr const char* kGoType = "v1alpha1.ClusterStatus";
  static data::Fields fields();
  bool operator==(const ClusterStatus&) const = default;
};

struct Cluster {
  static constexpr Kind kKind = {"Cluster", "clusters"};
  ObjectMeta metadata;
  ClusterSpec spec;
  ClusterStatus status;

  static constexpr const char* kGoType = "v1alpha1.Cluster";
  static data::Fields fields();
  bool operator==(const Cluster&) const = default;
};

struct ClusterGroupSpec {
  std::optional<LabelSelector> selector;

  static constexpr const char* kGoType = "v1alpha1.ClusterGroupSpec";
  static data::Fields fields();
  bool operator==(const ClusterGroupSpec&) const = default;
};

struct ClusterGroupDisplay {
  std::string ready_clusters;
  std::string ready_bundles;
  std::string state;

  static constexpr const char* kGoType = "v1alpha1.ClusterGroupDisplay";
  static data::Fields fields();
  bool operator==(const ClusterGroupDisplay&) const = default;
};

struct ClusterGroupStatus {
  int cluster_count = 0;
  int non_ready_cluster_count = 0;
  std::vector<std::string> non_ready_clusters;
  std::vector<Condition> conditions;
  BundleSummary summary;
  ClusterGroupDisplay display;
  ResourceCounts resource_counts;

  static constexpr const char* kGoType = "v1alpha1.ClusterGroupStatus";
  static data::Fields fields();
  bool operator==(const ClusterGroupStatus&) const = default;
};

struct ClusterGroup {
  static constexpr Kind kKind = {"ClusterGroup", "clustergroups"};
  ObjectMeta metadata;
  ClusterGroupSpec spec;
  ClusterGroupStatus status;

  static constexpr const char* kGoType = "v1alpha1.ClusterGroup";
  static data::Fields fields();
  bool operator==(const ClusterGroup&) const = default;
};

}  // namespace fleet::api
