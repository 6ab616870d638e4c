// What GitRepos and HelmOps report about all that came of them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fleet/api/summary_types.h"

namespace fleet::api {

// Clusters, as namespace/name, by the state of one object there.
struct PerClusterState {
  std::vector<std::string> ready;
  std::vector<std::string> wait_applied;
  std::vector<std::string> pending;
  std::vector<std::string> modified;
  std::vector<std::string> orphaned;
  std::vector<std::string> missing;
  std::vector<std::string> unknown;
  std::vector<std::string> not_ready;

  static constexpr const char* kGoType = "v1alpha1.PerClusterState";
  static data::Fields fields();
  bool operator==(const PerClusterState&) const = default;
};

struct Resource {
  std::string api_version;
  std::string kind;
  std::string type;
  std::string id;
  std::string namespace_;
  std::string name;
  bool incomplete_state = false;
  std::string state;
  bool error = false;
  bool transitioning = false;
  std::string message;
  PerClusterState per_cluster_state;

  static constexpr const char* kGoType = "v1alpha1.Resource";
  static data::Fields fields();
  bool operator==(const Resource&) const = default;
};

struct StatusDisplay {
  std::string ready_bundle_deployments;
  std::string state;
  std::string message;
  bool error = false;

  static constexpr const char* kGoType = "v1alpha1.StatusDisplay";
  static data::Fields fields();
  bool operator==(const StatusDisplay&) const = default;
};

struct StatusBase {
  int ready_clusters = 0;
  int desired_ready_clusters = 0;
  BundleSummary summary;
  StatusDisplay display;
  std::vector<Condition> conditions;
  std::vector<Resource> resources;
  ResourceCounts resource_counts;
  std::map<std::string, ResourceCounts> per_cluster_resource_counts;

  static constexpr const char* kGoType = "v1alpha1.StatusBase";
  static data::Fields fields();
  bool operator==(const StatusBase&) const = default;
};

}  // namespace fleet::api
