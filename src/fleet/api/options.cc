#include "fleet/api/options.h"

#include "fleet/api/fields.h"

namespace fleet::api {

data::Fields YamlOptions::fields() {
  return {
      field("overlays",
            &YamlOptions::overlays,
            "Names of folders below overlays/ whose files replace or patch the bundle's files.")
          .nullable(),
  };
}

data::Fields KustomizeOptions::fields() {
  return {
      field("dir", &KustomizeOptions::dir, "The folder that holds kustomization.yaml.").nullable(),
  };
}

data::Fields KeySelector::fields() {
  return {
      through("LocalObjectReference.",
              field("name", &KeySelector::name, "Name of the object.").always().nullable()),
      field("namespace",
            &KeySelector::namespace_,
            "Namespace of the object; the release's when empty.")
          .nullable(),
      field("key", &KeySelector::key, "Key in the object; values.yaml when empty.").nullable(),
  };
}

data::Fields ValuesFrom::fields() {
  return {
      field("configMapKeyRef",
            &ValuesFrom::config_map_key_ref,
            "A ConfigMap of the downstream cluster that holds values.")
          .nullable(),
      field("secretKeyRef",
            &ValuesFrom::secret_key_ref,
            "A Secret of the downstream cluster that holds values.")
          .nullable(),
  };
}

data::Fields HelmOptions::fields() {
  return {
      through("GitOpsHelmOptions.",
              field("valuesFiles",
                    &HelmOptions::values_files,
                    "Files of values, merged over `values` in order when the bundle is made.")
                  .nullable()),
      field("chart",
            &HelmOptions::chart,
            "A folder, a URL of an archive, or a chart's name when repo is set.")
          .nullable(),
      field("repo", &HelmOptions::repo, "URL of a chart repository, or an oci:// reference.")
          .nullable(),
      field("releaseName",
            &HelmOptions::release_name,
            "Name of the Helm release; made from the bundle's name when empty.")
          .nullable()
          .max_length(53)
          .pattern(kReleaseNamePattern),
      field("version", &HelmOptions::version, "Version of the chart, or a constraint on it.")
          .nullable(),
      field("timeoutSeconds",
            &HelmOptions::timeout_seconds,
            "How long Helm waits for objects to get ready, in seconds; 0 does not wait."),
      field("values", &HelmOptions::values, "Values for the chart.")
          .nullable()
          .preserve_unknown_fields(),
      field("templateValues",
            &HelmOptions::template_values,
            "Values by top-level key, each a template that is rendered on the hub and read as "
            "YAML. They replace equal keys of values.")
          .nullable(),
      field("valuesFrom",
            &HelmOptions::values_from,
            "Values from ConfigMaps and Secrets of the downstream cluster.")
          .nullable(),
      field("force", &HelmOptions::force, "Replace objects that cannot be updated."),
      field("takeOwnership",
            &HelmOptions::take_ownership,
            "Adopt objects that exist and belong to nobody or to another release."),
      field("maxHistory", &HelmOptions::max_history, "Revisions of the release to keep; 2 when 0."),
      field("waitForJobs", &HelmOptions::wait_for_jobs, "Wait for Jobs to complete, too."),
      field("atomic", &HelmOptions::atomic, "Roll back when an upgrade fails."),
      field("disablePreProcess",
            &HelmOptions::disable_pre_process,
            "Do not treat values as templates on the hub."),
      field("disableDNS", &HelmOptions::disable_dns, "Templates may not look up names."),
      field("skipSchemaValidation",
            &HelmOptions::skip_schema_validation,
            "Do not check values against the chart's schema."),
      field("disableDependencyUpdate",
            &HelmOptions::disable_dependency_update,
            "Do not download missing dependencies when the bundle is made."),
  };
}

data::Fields CompareOperation::fields() {
  return {
      field("op", &CompareOperation::op, "remove, or ignore for the whole object.").nullable(),
      field("path", &CompareOperation::path, "JSON pointer to the field.").nullable(),
      field("value", &CompareOperation::value, "Not used by remove and ignore.").nullable(),
  };
}

data::Fields ComparePatch::fields() {
  return {
      field("apiVersion", &ComparePatch::api_version, "Of the objects meant.").nullable(),
      field("kind", &ComparePatch::kind, "Of the objects meant.").nullable(),
      field("name", &ComparePatch::name, "Of the objects meant.").nullable(),
      field("namespace", &ComparePatch::namespace_, "Of the objects meant.").nullable(),
      field("jsonPointers", &ComparePatch::json_pointers, "Fields whose differences are ignored.")
          .nullable(),
      field("operations",
            &ComparePatch::operations,
            "JSON patch operations on both sides before they are compared.")
          .nullable(),
  };
}

data::Fields DiffOptions::fields() {
  return {
      field("comparePatches",
            &DiffOptions::compare_patches,
            "What to leave out when live and desired objects are compared.")
          .nullable(),
  };
}

data::Fields IgnoreOptions::fields() {
  return {
      field("conditions",
            &IgnoreOptions::conditions,
            "Conditions of objects that do not count when readiness is judged.")
          .nullable(),
  };
}

data::Fields CorrectDrift::fields() {
  return {
      field("enabled", &CorrectDrift::enabled, "Put back what was changed by others."),
      field("force", &CorrectDrift::force, "Replace objects that cannot be updated."),
      field("keepFailHistory",
            &CorrectDrift::keep_fail_history,
            "Keep the revisions of corrections that failed."),
  };
}

data::Fields DownstreamResource::fields() {
  return {
      field("kind", &DownstreamResource::kind, "Secret or ConfigMap, in any case."),
      field("name", &DownstreamResource::name, "Name of the object."),
  };
}

data::Fields OverwrittenResource::fields() {
  return {
      field("name", &OverwrittenResource::name, "Name of the object."),
      field("namespace", &OverwrittenResource::namespace_, "Namespace of the object."),
      field("kind", &OverwrittenResource::kind, "Kind of the object."),
  };
}

data::Fields BundleDeploymentOptions::fields() {
  return {
      through(
          "GitOpsBundleDeploymentOptions.",
          field("yaml", &BundleDeploymentOptions::yaml, "Options for bundles of plain manifests.")
              .nullable()),
      through("GitOpsBundleDeploymentOptions.",
              field("kustomize", &BundleDeploymentOptions::kustomize, "Options for Kustomize.")
                  .nullable()),
      field("defaultNamespace",
            &BundleDeploymentOptions::default_namespace,
            "Namespace of objects that name none; objects may name another.")
          .nullable(),
      field("namespace",
            &BundleDeploymentOptions::target_namespace,
            "Namespace of all objects; an object of the whole cluster makes the deployment fail.")
          .nullable(),
      field("helm", &BundleDeploymentOptions::helm, "Options for Helm."),
      field("serviceAccount",
            &BundleDeploymentOptions::service_account,
            "The account on the downstream cluster in whose name objects are applied.")
          .nullable(),
      field("createNamespace",
            &BundleDeploymentOptions::create_namespace,
            "Whether the agent makes the release's namespace; it does when absent.")
          .nullable(),
      field("forceSyncGeneration",
            &BundleDeploymentOptions::force_sync_generation,
            "Another number deploys again, even if nothing changed."),
      field("diff", &BundleDeploymentOptions::diff, "How drift is judged.").nullable(),
      field("keepResources",
            &BundleDeploymentOptions::keep_resources,
            "Leave objects in place when the bundle is removed."),
      field("deleteNamespace",
            &BundleDeploymentOptions::delete_namespace,
            "Delete the release's namespace when the bundle is removed."),
      field("ignore",
            &BundleDeploymentOptions::ignore,
            "What does not count when readiness is judged.")
          .nullable(),
      field("correctDrift", &BundleDeploymentOptions::correct_drift, "Whether drift is corrected."),
      field("namespaceLabels",
            &BundleDeploymentOptions::namespace_labels,
            "Labels for the release's namespace.")
          .nullable(),
      field("namespaceAnnotations",
            &BundleDeploymentOptions::namespace_annotations,
            "Annotations for the release's namespace.")
          .nullable(),
      field("deleteCRDResources",
            &BundleDeploymentOptions::delete_crd_resources,
            "Delete custom resource definitions, too, when the bundle is removed."),
      field("downstreamResources",
            &BundleDeploymentOptions::downstream_resources,
            "Secrets and ConfigMaps beside the bundle to copy to each cluster."),
      field("overwrites",
            &BundleDeploymentOptions::overwrites,
            "Objects that an earlier bundle of the same repository had. Written by Fleet."),
      field("allowedTargetNamespaceSelector",
            &BundleDeploymentOptions::allowed_target_namespace_selector,
            "Labels that the target namespace must have. Written by Fleet.")
          .nullable(),
  };
}

}  // namespace fleet::api
