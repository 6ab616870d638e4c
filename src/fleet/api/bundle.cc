#include "fleet/api/bundle.h"

#include "fleet/api/fields.h"

namespace fleet::api {

namespace {

constexpr char kModeType[] = "v1alpha1.TargetCustomizationMode";
constexpr char kStateType[] = "v1alpha1.BundleState";

}  // namespace

data::Fields ClusterCriteria::fields() {
  return {
      field("name", &ClusterCriteria::name, "Name of this entry.").nullable(),
      field("clusterName", &ClusterCriteria::cluster_name, "Name of a cluster.").nullable(),
      field("clusterSelector", &ClusterCriteria::cluster_selector, "Labels of clusters.")
          .nullable(),
      field("clusterGroup", &ClusterCriteria::cluster_group, "Name of a cluster group.").nullable(),
      field("clusterGroupSelector",
            &ClusterCriteria::cluster_group_selector,
            "Labels of cluster groups.")
          .nullable(),
  };
}

data::Fields BundleTarget::fields() {
  return {
      data::embed("BundleDeploymentOptions", &BundleTarget::options),
      field("name", &BundleTarget::name, "Name of this target."),
      field("clusterName", &BundleTarget::cluster_name, "Name of a cluster.").nullable(),
      field("clusterSelector", &BundleTarget::cluster_selector, "Labels of clusters.").nullable(),
      field("clusterGroup", &BundleTarget::cluster_group, "Name of a cluster group.").nullable(),
      field("clusterGroupSelector",
            &BundleTarget::cluster_group_selector,
            "Labels of cluster groups.")
          .nullable(),
      field("doNotDeploy", &BundleTarget::do_not_deploy, "Leave out the clusters that match."),
      field("namespaceLabels",
            &BundleTarget::target_namespace_labels,
            "Labels for the release's namespace.")
          .nullable(),
      field("namespaceAnnotations",
            &BundleTarget::target_namespace_annotations,
            "Annotations for the release's namespace.")
          .nullable(),
  };
}

data::Fields Partition::fields() {
  return {
      field("name", &Partition::name, "Shown in status.").nullable(),
      field("maxUnavailable",
            &Partition::max_unavailable,
            "Clusters of this partition that may be down at once; the rollout's when absent."),
      field("clusterName", &Partition::cluster_name, "Name of a cluster."),
      field("clusterSelector", &Partition::cluster_selector, "Labels of clusters."),
      field("clusterGroup", &Partition::cluster_group, "Name of a cluster group."),
      field("clusterGroupSelector", &Partition::cluster_group_selector, "Labels of cluster groups.")
          .nullable(),
  };
}

data::Fields RolloutStrategy::fields() {
  return {
      field("maxUnavailable",
            &RolloutStrategy::max_unavailable,
            "Clusters that may be down at once, as a number or percentage; 100% when absent.")
          .nullable(),
      field("maxUnavailablePartitions",
            &RolloutStrategy::max_unavailable_partitions,
            "Partitions that may exceed their budget before the rollout stops; 0 when absent.")
          .nullable(),
      field("autoPartitionSize",
            &RolloutStrategy::auto_partition_size,
            "Size of automatic partitions, as a number or percentage; 25% when absent.")
          .nullable(),
      field("autoPartitionThreshold",
            &RolloutStrategy::auto_partition_threshold,
            "Fewer targets than this make one partition; 200 when absent.")
          .nullable(),
      field("maxNew",
            &RolloutStrategy::max_new,
            "Bundle deployments to create in one step; 50 when absent.")
          .nullable(),
      field("partitions",
            &RolloutStrategy::partitions,
            "Partitions by hand, updated one after another. A target in none is never updated.")
          .nullable(),
  };
}

data::Fields BundleResource::fields() {
  return {
      field("name", &BundleResource::name, "Path of the file.").nullable(),
      field("content", &BundleResource::content, "Content of the file.").nullable(),
      field("encoding", &BundleResource::encoding, "Empty, or base64+gz.").nullable(),
  };
}

data::Fields BundleRef::fields() {
  return {
      field("name", &BundleRef::name, "Name of a bundle.").nullable(),
      field("selector", &BundleRef::selector, "Labels of bundle deployments.").nullable(),
      texts_named<kStateType>(
          field("acceptedStates",
                &BundleRef::accepted_states,
                "States in which the dependency counts as met; only Ready when empty."))
          .nullable(),
  };
}

data::Fields BundleHelmOptions::fields() {
  return {
      field("helmOpSecretName",
            &BundleHelmOptions::secret_name,
            "Secret with credentials for the chart."),
      field("helmOpInsecureSkipTLSVerify",
            &BundleHelmOptions::insecure_skip_tls_verify,
            "Do not check the certificate of the chart's server."),
      field("helmOpCABundle", &BundleHelmOptions::ca_bundle, "Certificates to trust, PEM.")
          .nullable(),
  };
}

data::Fields BundleSpec::fields() {
  return {
      data::embed("BundleDeploymentOptions", &BundleSpec::options),
      field("paused", &BundleSpec::paused, "Stage changes but do not roll them out."),
      field("rolloutStrategy", &BundleSpec::rollout_strategy, "How changes are rolled out.")
          .nullable(),
      field("resources", &BundleSpec::resources, "The files.").nullable(),
      text_named<kModeType>(
          field("targetCustomizationMode",
                &BundleSpec::target_customization_mode,
                "Whether the first matching customization counts, or all in order."))
          .one_of({kFirstMatch, kAllMatches})
          .default_value(kFirstMatch),
      field("targets",
            &BundleSpec::targets,
            "Customizations first, then the targets proper, which the restrictions name."),
      field("targetRestrictions",
            &BundleSpec::target_restrictions,
            "Clusters that are allowed. Written by Fleet from the GitRepo."),
      field("dependsOn", &BundleSpec::depends_on, "Bundles that must be deployed before.")
          .nullable(),
      field("contentsId", &BundleSpec::contents_id, "Id of the artifact that holds the files.")
          .nullable(),
      field("helmOpOptions", &BundleSpec::helm_op_options, "Set for bundles of HelmOps.")
          .nullable(),
      field("valuesHash",
            &BundleSpec::values_hash,
            "Hash of the values, when they are kept in a Secret."),
  };
}

data::Fields PartitionStatus::fields() {
  return {
      field("name", &PartitionStatus::name, "Name of the partition.").nullable(),
      field("count", &PartitionStatus::count, "Targets in the partition."),
      field("maxUnavailable", &PartitionStatus::max_unavailable, "Its budget."),
      field("unavailable", &PartitionStatus::unavailable, "Targets that are down or behind."),
      field("summary", &PartitionStatus::summary, "Counts by state.").always(),
  };
}

data::Fields BundleDisplay::fields() {
  return {
      field("readyClusters", &BundleDisplay::ready_clusters, "Ready of all, as \"2/3\".")
          .nullable(),
      field("state", &BundleDisplay::state, "The worst state.").nullable(),
  };
}

data::Fields ResourceKey::fields() {
  return {
      field("kind", &ResourceKey::kind, "Of the object.").nullable(),
      field("apiVersion", &ResourceKey::api_version, "Of the object.").nullable(),
      field("namespace", &ResourceKey::namespace_, "Of the object.").nullable(),
      field("name", &ResourceKey::name, "Of the object.").nullable(),
  };
}

data::Fields BundleStatus::fields() {
  return {
      field("conditions", &BundleStatus::conditions, "Ready, and why not."),
      field("summary", &BundleStatus::summary, "Counts by state.").always(),
      field("newlyCreated", &BundleStatus::newly_created, "Deployments created in the last step."),
      field("unavailable", &BundleStatus::unavailable, "Deployments that are down or behind.")
          .always(),
      field("unavailablePartitions",
            &BundleStatus::unavailable_partitions,
            "Partitions beyond their budget.")
          .always(),
      field("maxUnavailable", &BundleStatus::max_unavailable, "The budget, in clusters.").always(),
      field("maxUnavailablePartitions",
            &BundleStatus::max_unavailable_partitions,
            "The budget, in partitions.")
          .always(),
      field("partitions", &BundleStatus::partitions, "Each partition, in order."),
      field("display", &BundleStatus::display, "What tables show.").always(),
      field("resourceKey", &BundleStatus::resource_key, "Not written any more.").nullable(),
      field("ociReference", &BundleStatus::oci_reference, "Where the files are stored."),
      field("observedGeneration", &BundleStatus::observed_generation, "The generation last seen.")
          .always(),
      field("resourcesSha256Sum", &BundleStatus::resources_sha256_sum, "Digest of the files."),
  };
}

data::Fields Bundle::fields() {
  return {
      field("metadata", &Bundle::metadata, "Standard object metadata.").always(),
      field("spec", &Bundle::spec, "What is wanted.").always(),
      field("status", &Bundle::status, "What is.").always(),
  };
}

}  // namespace fleet::api
