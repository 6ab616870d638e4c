// Bundle: files from one folder, how to deploy them, and to which clusters.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fleet/api/kinds.h"
#include "fleet/api/options.h"
#include "fleet/api/summary_types.h"

namespace fleet::api {

// Which clusters: all criteria that are given must hold; without any, none is chosen.
struct ClusterCriteria {
  std::string name;
  std::string cluster_name;
  std::optional<LabelSelector> cluster_selector;
  std::string cluster_group;
  std::optional<LabelSelector> cluster_group_selector;

  static constexpr const char* kGoType = "v1alpha1.GitTarget";
  static data::Fields fields();
  bool operator==(const ClusterCriteria&) const = default;
};
using GitTarget = ClusterCriteria;
struct BundleTargetRestriction : ClusterCriteria {
  static constexpr const char* kGoType = "v1alpha1.BundleTargetRestriction";  // in error texts
  bool operator==(const BundleTargetRestriction&) const = default;
};
using ScheduleTarget = ClusterCriteria;

struct BundleTarget {
  BundleDeploymentOptions options;
  std::string name;
  std::string cluster_name;
  std::optional<LabelSelector> cluster_selector;
  std::string cluster_group;
  std::optional<LabelSelector> cluster_group_selector;
  bool do_not_deploy = false;
  // As Fleet 0.16: these hide the options of the same name and are given to every deployment of the
  // bundle, whatever target matched.
  StringMap target_namespace_labels;
  StringMap target_namespace_annotations;

  ClusterCriteria criteria() const {
    return {name, cluster_name, cluster_selector, cluster_group, cluster_group_selector};
  }

  static constexpr const char* kGoType = "v1alpha1.BundleTarget";
  static data::Fields fields();
  bool operator==(const BundleTarget&) const = default;
};

struct Partition {
  std::string name;
  std::optional<IntOrString> max_unavailable;
  std::string cluster_name;
  std::optional<LabelSelector> cluster_selector;
  std::string cluster_group;
  std::optional<LabelSelector> cluster_group_selector;

  static constexpr const char* kGoType = "v1alpha1.Partition";
  static data::Fields fields();
  bool operator==(const Partition&) const = default;
};

struct RolloutStrategy {
  std::optional<IntOrString> max_unavailable;
  std::optional<IntOrString> max_unavailable_partitions;
  std::optional<IntOrString> auto_partition_size;
  std::optional<int> auto_partition_threshold;
  std::optional<int> max_new;
  std::vector<Partition> partitions;

  static constexpr const char* kGoType = "v1alpha1.RolloutStrategy";
  static data::Fields fields();
  bool operator==(const RolloutStrategy&) const = default;
};

struct BundleResource {
  std::string name;      // path of the file in the bundle
  std::string content;   // as text, or encoded
  std::string encoding;  // "", "base64+gz", "base64" or "gz"

  static constexpr const char* kGoType = "v1alpha1.BundleResource";
  static data::Fields fields();
  bool operator==(const BundleResource&) const = default;
};

struct BundleRef {
  std::string name;
  std::optional<LabelSelector> selector;
  std::vector<std::string> accepted_states;

  static constexpr const char* kGoType = "v1alpha1.BundleRef";
  static data::Fields fields();
  bool operator==(const BundleRef&) const = default;
};

// Set on bundles of HelmOps: the agent downloads the chart itself.
struct BundleHelmOptions {
  std::string secret_name;
  bool insecure_skip_tls_verify = false;
  Bytes ca_bundle;

  static constexpr const char* kGoType = "v1alpha1.BundleHelmOptions";
  static data::Fields fields();
  bool operator==(const BundleHelmOptions&) const = default;
};

inline constexpr std::string_view kFirstMatch = "FirstMatch";
inline constexpr std::string_view kAllMatches = "AllMatches";

struct BundleSpec {
  BundleDeploymentOptions options;
  bool paused = false;
  std::optional<RolloutStrategy> rollout_strategy;
  std::vector<BundleResource> resources;
  std::string target_customization_mode;
  std::vector<BundleTarget> targets;
  std::vector<BundleTargetRestriction> target_restrictions;
  std::vector<BundleRef> depends_on;
  std::string contents_id;
  std::optional<BundleHelmOptions> helm_op_options;
  std::string values_hash;

  static constexpr const char* kGoType = "v1alpha1.BundleSpec";
  static data::Fields fields();
  bool operator==(const BundleSpec&) const = default;
};

struct PartitionStatus {
  std::string name;
  int count = 0;
  int max_unavailable = 0;
  int unavailable = 0;
  BundleSummary summary;

  static constexpr const char* kGoType = "v1alpha1.PartitionStatus";
  static data::Fields fields();
  bool operator==(const PartitionStatus&) const = default;
};

struct BundleDisplay {
  std::string ready_clusters;
  std::string state;

  static constexpr const char* kGoType = "v1alpha1.BundleDisplay";
  static data::Fields fields();
  bool operator==(const BundleDisplay&) const = default;
};

struct ResourceKey {
  std::string kind;
  std::string api_version;
  std::string namespace_;
  std::string name;

  static constexpr const char* kGoType = "v1alpha1.ResourceKey";
  static data::Fields fields();
  bool operator==(const ResourceKey&) const = default;
};

struct BundleStatus {
  std::vector<Condition> conditions;
  BundleSummary summary;
  int newly_created = 0;
  int unavailable = 0;
  int unavailable_partitions = 0;
  int max_unavailable = 0;
  int max_unavailable_partitions = 0;
  std::vector<PartitionStatus> partitions;
  BundleDisplay display;
  std::vector<ResourceKey> resource_key;
  std::string oci_reference;
  int64_t observed_generation = 0;
  std::string resources_sha256_sum;

  static constexpr const char* kGoType = "v1alpha1.BundleStatus";
  static data::Fields fields();
  bool operator==(const BundleStatus&) const = default;
};

struct Bundle {
  static constexpr Kind kKind = {"Bundle", "bundles"};
  ObjectMeta metadata;
  BundleSpec spec;
  BundleStatus status;

  static constexpr const char* kGoType = "v1alpha1.Bundle";
  static data::Fields fields();
  bool operator==(const Bundle&) const = default;
};

}  // namespace fleet::api
