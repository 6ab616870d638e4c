#include "fleet/api/bundledeployment.h"

#include "fleet/api/fields.h"

namespace fleet::api {

data::Fields BundleDeploymentSpec::fields() {
  return {
      field("paused", &BundleDeploymentSpec::paused, "Staged, but not applied."),
      field("stagedOptions", &BundleDeploymentSpec::staged_options, "The newest options.").always(),
      field("stagedDeploymentID",
            &BundleDeploymentSpec::staged_deployment_id,
            "Id of the newest content and options.")
          .nullable(),
      field("options", &BundleDeploymentSpec::options, "The options the agent applies.").always(),
      field("deploymentID",
            &BundleDeploymentSpec::deployment_id,
            "Id of the content and options the agent applies.")
          .nullable(),
      field("dependsOn", &BundleDeploymentSpec::depends_on, "Bundles that must be deployed before.")
          .nullable(),
      field("correctDrift", &BundleDeploymentSpec::correct_drift, "Whether drift is corrected."),
      field(
          "ociContents", &BundleDeploymentSpec::oci_contents, "The files are in an OCI registry."),
      field("helmChartOptions",
            &BundleDeploymentSpec::helm_chart_options,
            "Set when the agent downloads the chart itself."),
      field(
          "valuesHash", &BundleDeploymentSpec::values_hash, "Hash of the values kept in a Secret.")
          .nullable(),
      field("downstreamResourcesGeneration",
            &BundleDeploymentSpec::downstream_resources_generation,
            "Counts changes of copied Secrets and ConfigMaps."),
      field("offSchedule",
            &BundleDeploymentSpec::off_schedule,
            "Outside of the window of a Schedule."),
      field("waitingForValues",
            &BundleDeploymentSpec::waiting_for_values,
            "The Secret with the values is missing for the moment."),
  };
}

data::Fields BundleDeploymentResource::fields() {
  return {
      field("kind", &BundleDeploymentResource::kind, "Of the object.").nullable(),
      field("apiVersion", &BundleDeploymentResource::api_version, "Of the object.").nullable(),
      field("namespace", &BundleDeploymentResource::namespace_, "Of the object.").nullable(),
      field("name", &BundleDeploymentResource::name, "Of the object.").nullable(),
      field("createdAt", &BundleDeploymentResource::created_at, "When the object was created.")
          .nullable(),
  };
}

data::Fields BundleDeploymentDisplay::fields() {
  return {
      field("deployed",
            &BundleDeploymentDisplay::deployed,
            "Status of the condition Deployed, or its error.")
          .nullable(),
      field("monitored",
            &BundleDeploymentDisplay::monitored,
            "Status of the condition Monitored, or its error.")
          .nullable(),
      field("state", &BundleDeploymentDisplay::state, "State in one word.").nullable(),
  };
}

data::Fields BundleDeploymentStatus::fields() {
  return {
      field("conditions",
            &BundleDeploymentStatus::conditions,
            "Installed, Deployed, Monitored and Ready.")
          .nullable(),
      field(
          "appliedDeploymentID", &BundleDeploymentStatus::applied_deployment_id, "Id last applied.")
          .nullable(),
      field(
          "release", &BundleDeploymentStatus::release, "The Helm release: namespace/name:revision.")
          .nullable(),
      field("ready", &BundleDeploymentStatus::ready, "All objects are ready."),
      field("nonModified", &BundleDeploymentStatus::non_modified, "No object differs."),
      field("nonReadyStatus",
            &BundleDeploymentStatus::non_ready_status,
            "The first objects that are not ready.")
          .nullable(),
      field("modifiedStatus",
            &BundleDeploymentStatus::modified_status,
            "The first objects that differ.")
          .nullable(),
      field("incompleteState",
            &BundleDeploymentStatus::incomplete_state,
            "One of the lists was cut."),
      field("display", &BundleDeploymentStatus::display, "What tables show.").always().nullable(),
      field("syncGeneration",
            &BundleDeploymentStatus::sync_generation,
            "forceSyncGeneration last applied.")
          .nullable(),
      field("resources", &BundleDeploymentStatus::resources, "The objects of the release.")
          .nullable(),
      field(
          "resourceCounts", &BundleDeploymentStatus::resource_counts, "Counts of objects by state.")
          .always(),
      field("downstreamResourcesGeneration",
            &BundleDeploymentStatus::downstream_resources_generation,
            "Generation last copied."),
  };
}

data::Fields BundleDeployment::fields() {
  return {
      field("metadata", &BundleDeployment::metadata, "Standard object metadata.").always(),
      field("spec", &BundleDeployment::spec, "What is wanted.").always(),
      field("status", &BundleDeployment::status, "What is.").always(),
  };
}

}  // namespace fleet::api
