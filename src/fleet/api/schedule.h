// Schedule: windows of time in which clusters may be changed.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fleet/api/bundle.h"

namespace fleet::api {

struct ScheduleTargets {
  std::vector<ScheduleTarget> clusters;

  static constexpr const char* kGoType = "v1alpha1.ScheduleTargets";
  static data::Fields fields();
  bool operator==(const ScheduleTargets&) const = default;
};

struct ScheduleSpec {
  std::string schedule;
  GoDuration duration;
  std::string location;
  ScheduleTargets targets;

  static constexpr const char* kGoType = "v1alpha1.ScheduleSpec";
  static data::Fields fields();
  bool operator==(const ScheduleSpec&) const = default;
};

struct ScheduleStatus {
  bool active = false;
  Time next_start_time;
  std::vector<Condition> conditions;
  std::vector<std::string> matching_clusters;

  static constexpr const char* kGoType = "v1alpha1.ScheduleStatus";
  static data::Fields fields();
  bool operator==(const ScheduleStatus&) const = default;
};

struct Schedule {
  static constexpr Kind kKind = {"Schedule", "schedules"};
  ObjectMeta metadata;
  ScheduleSpec spec;
  ScheduleStatus status;

  static constexpr const char* kGoType = "v1alpha1.Schedule";
  static data::Fields fields();
  bool operator==(const Schedule&) const = default;
};

}  // namespace fleet::api
