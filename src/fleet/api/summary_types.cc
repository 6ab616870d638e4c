#include "fleet/api/summary_types.h"

#include "fleet/api/fields.h"

namespace fleet::api {

data::Fields ObjectSummary::fields() {
  return {
      field("state", &ObjectSummary::state, "One word for the state."),
      field("error", &ObjectSummary::error, "The object reports an error."),
      field("transitioning", &ObjectSummary::transitioning, "The object is still changing."),
      field("message", &ObjectSummary::message, "What the object says about itself."),
  };
}

data::Fields NonReadyStatus::fields() {
  return {
      field("uid", &NonReadyStatus::uid, "Of the live object.").nullable(),
      field("kind", &NonReadyStatus::kind, "Of the live object.").nullable(),
      field("apiVersion", &NonReadyStatus::api_version, "Of the live object.").nullable(),
      field("namespace", &NonReadyStatus::namespace_, "Of the live object.").nullable(),
      field("name", &NonReadyStatus::name, "Of the live object.").nullable(),
      field("summary", &NonReadyStatus::summary, "Its health.").always(),
  };
}

data::Fields ModifiedStatus::fields() {
  return {
      field("kind", &ModifiedStatus::kind, "Of the object.").nullable(),
      field("apiVersion", &ModifiedStatus::api_version, "Of the object.").nullable(),
      field("namespace", &ModifiedStatus::namespace_, "Of the object.").nullable(),
      field("name", &ModifiedStatus::name, "Of the object.").nullable(),
      field("missing", &ModifiedStatus::missing, "The object has to be created."),
      field("exist", &ModifiedStatus::exist, "The object exists but is not owned by Fleet."),
      field("delete", &ModifiedStatus::extra, "The object is not desired and has to go."),
      field("patch",
            &ModifiedStatus::patch,
            "The merge patch that leads from the desired to the live object.")
          .nullable(),
  };
}

data::Fields NonReadyResource::fields() {
  return {
      field("name", &NonReadyResource::name, "A cluster's or bundle deployment's name.").nullable(),
      field("bundleState", &NonReadyResource::state, "Its state.").nullable(),
      field("message", &NonReadyResource::message, "Why.").nullable(),
      field("modifiedStatus", &NonReadyResource::modified_status, "Objects that were changed.")
          .nullable(),
      field("nonReadyStatus", &NonReadyResource::non_ready_status, "Objects that are not ready.")
          .nullable(),
  };
}

data::Fields BundleSummary::fields() {
  return {
      field("notReady", &BundleSummary::not_ready, "Deployed, with objects not ready."),
      field("waitApplied", &BundleSummary::wait_applied, "The agent has not applied it yet."),
      field("errApplied", &BundleSummary::err_applied, "The agent could not apply it."),
      field("outOfSync", &BundleSummary::out_of_sync, "Newer content is staged."),
      field("modified", &BundleSummary::modified, "Live objects differ from the desired ones."),
      field("ready", &BundleSummary::ready, "All well.").always(),
      field("pending", &BundleSummary::pending, "Waiting for its turn in the rollout."),
      field("desiredReady", &BundleSummary::desired_ready, "How many there are.").always(),
      field("nonReadyResources",
            &BundleSummary::non_ready_resources,
            "The first ones that are not ready.")
          .nullable(),
  };
}

data::Fields ResourceCounts::fields() {
  return {
      field("ready", &ResourceCounts::ready, "Objects that are ready.").always(),
      field("desiredReady", &ResourceCounts::desired_ready, "Objects there should be.").always(),
      field("waitApplied", &ResourceCounts::wait_applied, "Objects not applied yet.").always(),
      field("modified", &ResourceCounts::modified, "Objects that were changed.").always(),
      field("orphaned", &ResourceCounts::orphaned, "Objects that are not desired.").always(),
      field("missing", &ResourceCounts::missing, "Objects that are not there.").always(),
      field("unknown", &ResourceCounts::unknown, "Objects of unknown state.").always(),
      field("notReady", &ResourceCounts::not_ready, "Objects that are not ready.").always(),
  };
}

}  // namespace fleet::api
