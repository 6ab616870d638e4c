// What is reported about many deployments: counts by state and the first few that are not ready.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fleet/api/kinds.h"

namespace fleet::api {

// The health of one live object, as `summary` of a NonReadyStatus.
struct ObjectSummary {
  std::string state;
  bool error = false;
  bool transitioning = false;
  std::vector<std::string> message;

  static constexpr const char* kGoType = "summary.Summary";
  static data::Fields fields();
  bool operator==(const ObjectSummary&) const = default;
};

struct NonReadyStatus {
  std::string uid;
  std::string kind;
  std::string api_version;
  std::string namespace_;
  std::string name;
  ObjectSummary summary;

  static constexpr const char* kGoType = "v1alpha1.NonReadyStatus";
  static data::Fields fields();
  bool operator==(const NonReadyStatus&) const = default;
};

struct ModifiedStatus {
  std::string kind;
  std::string api_version;
  std::string namespace_;
  std::string name;
  bool missing = false;  // not there, or (with exist) there but not ours
  bool exist = false;
  bool extra = false;  // written "delete": there, but not desired
  std::string patch;

  static constexpr const char* kGoType = "v1alpha1.ModifiedStatus";
  static data::Fields fields();
  bool operator==(const ModifiedStatus&) const = default;
};

struct NonReadyResource {
  std::string name;
  std::string state;  // written "bundleState"
  std::string message;
  std::vector<ModifiedStatus> modified_status;
  std::vector<NonReadyStatus> non_ready_status;

  static constexpr const char* kGoType = "v1alpha1.NonReadyResource";
  static data::Fields fields();
  bool operator==(const NonReadyResource&) const = default;
};

struct BundleSummary {
  int not_ready = 0;
  int wait_applied = 0;
  int err_applied = 0;
  int out_of_sync = 0;
  int modified = 0;
  int ready = 0;
  int pending = 0;
  int desired_ready = 0;
  std::vector<NonReadyResource> non_ready_resources;  // about ten at most

  static constexpr const char* kGoType = "v1alpha1.BundleSummary";
  static data::Fields fields();
  bool operator==(const BundleSummary&) const = default;
};

struct ResourceCounts {
  int ready = 0;
  int desired_ready = 0;
  int wait_applied = 0;
  int modified = 0;
  int orphaned = 0;
  int missing = 0;
  int unknown = 0;
  int not_ready = 0;

  static constexpr const char* kGoType = "v1alpha1.ResourceCounts";
  static data::Fields fields();
  bool operator==(const ResourceCounts&) const = default;
};

}  // namespace fleet::api
