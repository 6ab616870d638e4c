#include "fleet/api/status.h"

#include "fleet/api/fields.h"

namespace fleet::api {

data::Fields PerClusterState::fields() {
  return {
      field("ready", &PerClusterState::ready, "Clusters in this state."),
      field("waitApplied", &PerClusterState::wait_applied, "Clusters in this state."),
      field("pending", &PerClusterState::pending, "Clusters in this state."),
      field("modified", &PerClusterState::modified, "Clusters in this state."),
      field("orphaned", &PerClusterState::orphaned, "Clusters in this state."),
      field("missing", &PerClusterState::missing, "Clusters in this state."),
      field("unknown", &PerClusterState::unknown, "Clusters in this state."),
      field("notReady", &PerClusterState::not_ready, "Clusters in this state."),
  };
}

data::Fields Resource::fields() {
  return {
      field("apiVersion", &Resource::api_version, "Of the object.").nullable(),
      field("kind", &Resource::kind, "Of the object.").nullable(),
      field("type", &Resource::type, "Group and kind in lower case, as apps.deployment."),
      field("id", &Resource::id, "namespace/name, or name.").nullable(),
      field("namespace", &Resource::namespace_, "Of the object.").nullable(),
      field("name", &Resource::name, "Of the object.").nullable(),
      field("incompleteState", &Resource::incomplete_state, "Details were cut."),
      field("state", &Resource::state, "The first state that is not Ready."),
      field("error", &Resource::error, "Not written."),
      field("transitioning", &Resource::transitioning, "Not written."),
      field("message", &Resource::message, "Not written.").nullable(),
      field("perClusterState", &Resource::per_cluster_state, "Clusters by state.")
          .always()
          .nullable()
          .required(),
  };
}

data::Fields StatusDisplay::fields() {
  return {
      field("readyBundleDeployments",
            &StatusDisplay::ready_bundle_deployments,
            "Ready of all, as \"2/3\"."),
      field("state", &StatusDisplay::state, "The worst state."),
      field("message", &StatusDisplay::message, "Why."),
      field("error", &StatusDisplay::error, "There is a message."),
  };
}

data::Fields StatusBase::fields() {
  return {
      field("readyClusters", &StatusBase::ready_clusters, "Clusters on which all is ready.")
          .always(),
      field(
          "desiredReadyClusters", &StatusBase::desired_ready_clusters, "Clusters that are targets.")
          .always(),
      field("summary", &StatusBase::summary, "Counts by state.").always(),
      field("display", &StatusBase::display, "What tables show.").always(),
      field("conditions", &StatusBase::conditions, "What went well, and what did not."),
      field("resources", &StatusBase::resources, "All objects on all clusters."),
      field("resourceCounts", &StatusBase::resource_counts, "Counts of objects by state.").always(),
      field("perClusterResourceCounts",
            &StatusBase::per_cluster_resource_counts,
            "The same by cluster."),
  };
}

}  // namespace fleet::api
