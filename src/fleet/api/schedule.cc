#include "fleet/api/schedule.h"

#include "fleet/api/fields.h"

namespace fleet::api {

data::Fields ScheduleTargets::fields() {
  return {
      field("clusters", &ScheduleTargets::clusters, "Clusters meant; one entry has to match."),
  };
}

data::Fields ScheduleSpec::fields() {
  return {
      field("schedule", &ScheduleSpec::schedule, "Cron expression of six or seven fields."),
      duration_field(field("duration", &ScheduleSpec::duration, "How long a window stays open.")),
      field("location", &ScheduleSpec::location, "Time zone; local time when empty."),
      field("targets", &ScheduleSpec::targets, "Clusters meant.").always(),
  };
}

data::Fields ScheduleStatus::fields() {
  return {
      field("active", &ScheduleStatus::active, "A window is open."),
      field("nextStartTime", &ScheduleStatus::next_start_time, "When the next window opens."),
      field("conditions", &ScheduleStatus::conditions, "Ready, and why not."),
      field("matchingClusters", &ScheduleStatus::matching_clusters, "Clusters meant."),
  };
}

data::Fields Schedule::fields() {
  return {
      field("metadata", &Schedule::metadata, "Standard object metadata.").always(),
      field("spec", &Schedule::spec, "What is wanted.").always(),
      field("status", &Schedule::status, "What is.").always(),
  };
}

}  // namespace fleet::api
