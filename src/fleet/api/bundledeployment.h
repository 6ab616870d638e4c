// BundleDeployment: one bundle on one cluster. The hub writes its spec, the agent its status.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fleet/api/bundle.h"

namespace fleet::api {

struct BundleDeploymentSpec {
  bool paused = false;
  BundleDeploymentOptions staged_options;
  std::string staged_deployment_id;
  BundleDeploymentOptions options;
  std::string deployment_id;
  std::vector<BundleRef> depends_on;
  std::optional<CorrectDrift> correct_drift;
  bool oci_contents = false;
  std::optional<BundleHelmOptions> helm_chart_options;
  std::string values_hash;
  int64_t downstream_resources_generation = 0;
  bool off_schedule = false;
  bool waiting_for_values = false;

  static constexpr const char* kGoType = "v1alpha1.BundleDeploymentSpec";
  static data::Fields fields();
  bool operator==(const BundleDeploymentSpec&) const = default;
};

struct BundleDeploymentResource {
  std::string kind;
  std::string api_version;
  std::string namespace_;
  std::string name;
  Time created_at;

  static constexpr const char* kGoType = "v1alpha1.BundleDeploymentResource";
  static data::Fields fields();
  bool operator==(const BundleDeploymentResource&) const = default;
};

struct BundleDeploymentDisplay {
  std::string deployed;
  std::string monitored;
  std::string state;

  static constexpr const char* kGoType = "v1alpha1.BundleDeploymentDisplay";
  static data::Fields fields();
  bool operator==(const BundleDeploymentDisplay&) const = default;
};

struct BundleDeploymentStatus {
  std::vector<Condition> conditions;
  std::string applied_deployment_id;
  std::string release;
  bool ready = false;
  bool non_modified = false;
  std::vector<NonReadyStatus> non_ready_status;
  std::vector<ModifiedStatus> modified_status;
  bool incomplete_state = false;
  BundleDeploymentDisplay display;
  std::optional<int64_t> sync_generation;
  std::vector<BundleDeploymentResource> resources;
  ResourceCounts resource_counts;
  int64_t downstream_resources_generation = 0;

  static constexpr const char* kGoType = "v1alpha1.BundleDeploymentStatus";
  static data::Fields fields();
  bool operator==(const BundleDeploymentStatus&) const = default;
};

struct BundleDeployment {
  static constexpr Kind kKind = {"BundleDeployment", "bundledeployments"};
  ObjectMeta metadata;
  BundleDeploymentSpec spec;
  BundleDeploymentStatus status;

  static constexpr const char* kGoType = "v1alpha1.BundleDeployment";
  static data::Fields fields();
  bool operator==(const BundleDeployment&) const = default;
};

}  // namespace fleet::api
