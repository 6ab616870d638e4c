#include "fleet/api/cluster.h"

#include "fleet/api/fields.h"
#include "kube/builtin/openapi.h"

namespace fleet::api {
namespace {

using kube::builtin::structural_schema;

data::Value list_of(std::string_view type) {
  return data::Value::object({{"items", structural_schema(type)}, {"type", "array"}});
}

}  // namespace

data::Fields PriorityClassSpec::fields() {
  return {
      field("value", &PriorityClassSpec::value, "Priority of the agent."),
      field("preemptionPolicy",
            &PriorityClassSpec::preemption_policy,
            "Never, or PreemptLowerPriority."),
  };
}

data::Fields PodDisruptionBudgetSpec::fields() {
  return {
      field("minAvailable", &PodDisruptionBudgetSpec::min_available, "Number or percentage."),
      field("maxUnavailable", &PodDisruptionBudgetSpec::max_unavailable, "Number or percentage."),
  };
}

data::Fields AgentSchedulingCustomization::fields() {
  return {
      field("priorityClass",
            &AgentSchedulingCustomization::priority_class,
            "A priority class for the agent."),
      field("podDisruptionBudget",
            &AgentSchedulingCustomization::pod_disruption_budget,
            "A disruption budget for the agent."),
  };
}

data::Fields ClusterSpec::fields() {
  return {
      field("paused", &ClusterSpec::paused, "Stage changes but do not roll them out here."),
      field("clientID", &ClusterSpec::client_id, "Identity at registration.").nullable(),
      field("kubeConfigSecret",
            &ClusterSpec::kube_config_secret,
            "Secret with a kubeconfig for the cluster.")
          .nullable(),
      field("kubeConfigSecretNamespace",
            &ClusterSpec::kube_config_secret_namespace,
            "Its namespace; the cluster's when empty.")
          .nullable(),
      field("redeployAgentGeneration",
            &ClusterSpec::redeploy_agent_generation,
            "Another number deploys the agent again."),
      field("agentEnvVars",
            &ClusterSpec::agent_env_vars,
            "Environment variables of the agent, as core/v1 EnvVar.")
          .nullable()
          .schema(list_of("core.v1.EnvVar")),
      field("agentNamespace", &ClusterSpec::agent_namespace, "Namespace of the agent.").nullable(),
      field("privateRepoURL", &ClusterSpec::private_repo_url, "Prefix for the agent's image.")
          .nullable(),
      field("templateValues",
            &ClusterSpec::template_values,
            "Values for templates, as .ClusterValues.")
          .nullable()
          .preserve_unknown_fields(),
      field("agentTolerations",
            &ClusterSpec::agent_tolerations,
            "Tolerations of the agent, as core/v1 Toleration.")
          .nullable()
          .schema(list_of("core.v1.Toleration")),
      field("agentAffinity",
            &ClusterSpec::agent_affinity,
            "Affinity of the agent, as core/v1 Affinity.")
          .nullable()
          .schema(structural_schema("core.v1.Affinity")),
      field("agentResources",
            &ClusterSpec::agent_resources,
            "Resources of the agent, as core/v1 ResourceRequirements.")
          .nullable()
          .schema(structural_schema("core.v1.ResourceRequirements")),
      field("hostNetwork", &ClusterSpec::host_network, "Run the agent on the host's network.")
          .nullable(),
      field("agentSchedulingCustomization",
            &ClusterSpec::agent_scheduling_customization,
            "Priority class and disruption budget of the agent.")
          .nullable(),
      field("agentPullSecrets",
            &ClusterSpec::agent_pull_secrets,
            "Pull secrets of the agent; the global ones when absent.")
          .nullable()
          .schema(list_of("core.v1.LocalObjectReference")),
  };
}

data::Fields ClusterDisplay::fields() {
  return {
      field("readyBundles", &ClusterDisplay::ready_bundles, "Ready of all, as \"2/3\"."),
      field("state", &ClusterDisplay::state, "The worst state.").nullable(),
  };
}

data::Fields AgentStatus::fields() {
  return {
      field("lastSeen", &AgentStatus::last_seen, "When the agent last reported.")
          .always()
          .nullable(),
      field("namespace", &AgentStatus::namespace_, "Namespace of the agent.").always().nullable(),
  };
}

data::Fields ClusterStatus::fields() {
  return {
      field("conditions", &ClusterStatus::conditions, "Ready, Processed, Imported, Reconciled."),
      field("namespace",
            &ClusterStatus::namespace_,
            "Namespace of the cluster's bundle deployments."),
      field("summary", &ClusterStatus::summary, "Counts by state.").always(),
      field("resourceCounts", &ClusterStatus::resource_counts, "Counts of objects by state.")
          .always(),
      field("readyGitRepos", &ClusterStatus::ready_git_repos, "GitRepos that are ready here.")
          .always(),
      field("desiredReadyGitRepos",
            &ClusterStatus::desired_ready_git_repos,
            "GitRepos that deploy here.")
          .always(),
      field("readyHelmOps", &ClusterStatus::ready_helm_ops, "HelmOps that are ready here.")
          .always(),
      field("desiredReadyHelmOps",
            &ClusterStatus::desired_ready_helm_ops,
            "HelmOps that deploy here.")
          .always(),
      field("agentEnvVarsHash", &ClusterStatus::agent_env_vars_hash, "Settings last seen.")
          .nullable(),
      field("agentPrivateRepoURL", &ClusterStatus::agent_private_repo_url, "Settings last seen.")
          .nullable(),
      field("agentHostNetwork", &ClusterStatus::agent_host_network, "Settings last seen.")
          .nullable(),
      field("agentDeployedGeneration",
            &ClusterStatus::agent_deployed_generation,
            "Generation last deployed.")
          .nullable(),
      field("agentMigrated", &ClusterStatus::agent_migrated, "The agent was deployed once."),
      field("agentNamespaceMigrated",
            &ClusterStatus::agent_namespace_migrated,
            "The agent was deployed once."),
      field("cattleNamespaceMigrated",
            &ClusterStatus::cattle_namespace_migrated,
            "The agent was deployed once."),
      field("agentAffinityHash", &ClusterStatus::agent_affinity_hash, "Settings last seen."),
      field("agentResourcesHash", &ClusterStatus::agent_resources_hash, "Settings last seen.")
          .nullable(),
      field("agentTolerationsHash", &ClusterStatus::agent_tolerations_hash, "Settings last seen.")
          .nullable(),
      field("agentConfigChanged",
            &ClusterStatus::agent_config_changed,
            "The agent has to be deployed again."),
      field("apiServerURL", &ClusterStatus::api_server_url, "Settings last seen.").nullable(),
      field("apiServerCAHash", &ClusterStatus::api_server_ca_hash, "Settings last seen.")
          .nullable(),
      field("agentTLSMode", &ClusterStatus::agent_tls_mode, "Settings last seen.").nullable(),
      field("display", &ClusterStatus::display, "What tables show.").always(),
      field("agent", &ClusterStatus::agent, "What the agent reports.").always(),
      field("garbageCollectionInterval",
            &ClusterStatus::garbage_collection_interval,
            "Settings last seen."),
      field("agentSchedulingCustomizationHash",
            &ClusterStatus::agent_scheduling_customization_hash,
            "Settings last seen."),
      field("scheduled", &ClusterStatus::scheduled, "A Schedule names this cluster."),
      field("activeSchedule", &ClusterStatus::active_schedule, "The window of a Schedule is open."),
  };
}

data::Fields Cluster::fields() {
  return {
      field("metadata", &Cluster::metadata, "Standard object metadata.").always(),
      field("spec", &Cluster::spec, "What is wanted.").always(),
      field("status", &Cluster::status, "What is.").always(),
  };
}

data::Fields ClusterGroupSpec::fields() {
  return {
      field("selector", &ClusterGroupSpec::selector, "Labels of the clusters in the group.")
          .nullable(),
  };
}

data::Fields ClusterGroupDisplay::fields() {
  return {
      field("readyClusters", &ClusterGroupDisplay::ready_clusters, "Ready of all, as \"2/3\".")
          .nullable(),
      field("readyBundles", &ClusterGroupDisplay::ready_bundles, "Ready of all, as \"2/3\".")
          .nullable(),
      field("state", &ClusterGroupDisplay::state, "The worst state.").nullable(),
  };
}

data::Fields ClusterGroupStatus::fields() {
  return {
      field("clusterCount", &ClusterGroupStatus::cluster_count, "Clusters in the group.").always(),
      field("nonReadyClusterCount",
            &ClusterGroupStatus::non_ready_cluster_count,
            "Clusters that are not ready.")
          .always(),
      field("nonReadyClusters",
            &ClusterGroupStatus::non_ready_clusters,
            "The first ten that are not ready.")
          .nullable(),
      field("conditions", &ClusterGroupStatus::conditions, "Ready and Processed."),
      field("summary", &ClusterGroupStatus::summary, "Counts by state.").always(),
      field("display", &ClusterGroupStatus::display, "What tables show.").always(),
      field("resourceCounts", &ClusterGroupStatus::resource_counts, "Counts of objects by state.")
          .always(),
  };
}

data::Fields ClusterGroup::fields() {
  return {
      field("metadata", &ClusterGroup::metadata, "Standard object metadata.").always(),
      field("spec", &ClusterGroup::spec, "What is wanted.").always(),
      field("status", &ClusterGroup::status, "What is.").always(),
  };
}

}  // namespace fleet::api
