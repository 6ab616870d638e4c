#include "cli/snapshot.h"

namespace fleet::cli::snapshot {

using data::field;

data::Fields Controller::fields() {
  return {
      field("name", &Controller::name).always(),
      field("restarts", &Controller::restarts).always(),
      field("status", &Controller::status).always(),
      field("startTime", &Controller::start_time),
  };
}

data::Fields GitRepo::fields() {
  return {
      field("namespace", &GitRepo::ns).always(),
      field("name", &GitRepo::name).always(),
      field("generation", &GitRepo::generation).always(),
      field("observedGeneration", &GitRepo::observed_generation),
      field("commit", &GitRepo::commit),
      field("pollingCommit", &GitRepo::polling_commit),
      field("webhookCommit", &GitRepo::webhook_commit),
      field("lastPollingTime", &GitRepo::last_polling_time),
      field("pollingInterval", &GitRepo::polling_interval),
      field("forceSyncGeneration", &GitRepo::force_sync_generation),
      field("ready", &GitRepo::ready).always(),
      field("readyMessage", &GitRepo::ready_message),
  };
}

data::Fields Bundle::fields() {
  return {
      field("namespace", &Bundle::ns).always(),
      field("name", &Bundle::name).always(),
      field("uid", &Bundle::uid).always(),
      field("generation", &Bundle::generation).always(),
      field("observedGeneration", &Bundle::observed_generation),
      field("commit", &Bundle::commit),
      field("repoName", &Bundle::repo_name),
      field("labels", &Bundle::labels),
      field("forceSyncGeneration", &Bundle::force_sync_generation),
      field("resourcesSHA256Sum", &Bundle::resources_sha256_sum),
      field("sizeBytes", &Bundle::size_bytes),
      field("deletionTimestamp", &Bundle::deletion_timestamp),
      field("finalizers", &Bundle::finalizers),
      field("ready", &Bundle::ready).always(),
      field("readyMessage", &Bundle::ready_message),
      field("errorMessage", &Bundle::error_message),
  };
}

data::Fields Deployment::fields() {
  return {
      field("namespace", &Deployment::ns).always(),
      field("name", &Deployment::name).always(),
      field("uid", &Deployment::uid).always(),
      field("generation", &Deployment::generation).always(),
      field("commit", &Deployment::commit),
      field("forceSyncGeneration", &Deployment::force_sync_generation),
      field("syncGeneration", &Deployment::sync_generation),
      field("deploymentID", &Deployment::deployment_id),
      field("stagedDeploymentID", &Deployment::staged_deployment_id),
      field("appliedDeploymentID", &Deployment::applied_deployment_id),
      field("deletionTimestamp", &Deployment::deletion_timestamp),
      field("finalizers", &Deployment::finalizers),
      field("ready", &Deployment::ready).always(),
      field("readyMessage", &Deployment::ready_message),
      field("errorMessage", &Deployment::error_message),
      field("labels", &Deployment::labels),
      field("bundleName", &Deployment::bundle_name),
      field("bundleNamespace", &Deployment::bundle_namespace),
  };
}

data::Fields Content::fields() {
  return {
      field("name", &Content::name).always(),
      field("size", &Content::size),
      field("deletionTimestamp", &Content::deletion_timestamp),
      field("finalizers", &Content::finalizers),
      field("referenceCount", &Content::reference_count),
  };
}

data::Fields Secret::fields() {
  return {
      field("namespace", &Secret::ns).always(),
      field("name", &Secret::name).always(),
      field("type", &Secret::type).always(),
      field("commit", &Secret::commit),
      field("deletionTimestamp", &Secret::deletion_timestamp),
      field("finalizers", &Secret::finalizers),
      field("ownerKind", &Secret::owner_kind),
      field("ownerName", &Secret::owner_name),
      field("ownerUID", &Secret::owner_uid),
  };
}

data::Fields Event::fields() {
  return {
      field("namespace", &Event::ns).always(),
      field("type", &Event::type).always(),
      field("reason", &Event::reason).always(),
      field("message", &Event::message).always(),
      field("involvedKind", &Event::involved_kind).always(),
      field("involvedName", &Event::involved_name).always(),
      field("count", &Event::count).always(),
      field("lastTimestamp", &Event::last_timestamp),
  };
}

data::Fields ContentIssue::fields() {
  return {
      field("namespace", &ContentIssue::ns).always(),
      field("name", &ContentIssue::name).always(),
      field("contentName", &ContentIssue::content_name),
      field("stagedContentName", &ContentIssue::staged_content_name),
      field("appliedContentName", &ContentIssue::applied_content_name),
      field("contentExists", &ContentIssue::content_exists),
      field("contentDeletionTimestamp", &ContentIssue::content_deletion_timestamp),
      field("stagedContentExists", &ContentIssue::staged_content_exists),
      field("appliedContentExists", &ContentIssue::applied_content_exists),
      field("issues", &ContentIssue::issues).always(),
  };
}

data::Fields ApiConsistency::fields() {
  return {
      field("consistent", &ApiConsistency::consistent).always(),
      field("versions", &ApiConsistency::versions).always(),
  };
}

data::Fields Finalizers::fields() {
  return {
      field("kind", &Finalizers::kind).always(),
      field("namespace", &Finalizers::ns).always(),
      field("name", &Finalizers::name).always(),
      field("finalizers", &Finalizers::finalizers).always(),
      field("finalizerCount", &Finalizers::finalizer_count).always(),
      field("deletionTimestamp", &Finalizers::deletion_timestamp),
  };
}

data::Fields Cluster::fields() {
  return {
      field("namespace", &Cluster::ns).always(),
      field("name", &Cluster::name).always(),
      field("agentNamespace", &Cluster::agent_namespace),
      field("agentLastSeen", &Cluster::agent_last_seen),
      field("agentLastSeenAge", &Cluster::agent_last_seen_age),
      field("ready", &Cluster::ready).always(),
      field("readyMessage", &Cluster::ready_message),
      field("bundleDeployments", &Cluster::bundle_deployments),
      field("readyBundleDeployments", &Cluster::ready_bundle_deployments),
  };
}

data::Fields ClusterGroup::fields() {
  return {
      field("namespace", &ClusterGroup::ns).always(),
      field("name", &ClusterGroup::name).always(),
      field("clusterCount", &ClusterGroup::cluster_count).always(),
      field("selector", &ClusterGroup::selector),
  };
}

data::Fields Diagnostics::fields() {
  return {
      field("stuckBundleDeployments", &Diagnostics::stuck_deployments),
      field("gitRepoBundleInconsistencies", &Diagnostics::inconsistent_bundles),
      field("invalidSecretOwners", &Diagnostics::secrets_with_invalid_owners),
      field("resourcesWithMultipleFinalizers", &Diagnostics::with_many_finalizers),
      field("largeBundles", &Diagnostics::large_bundles),
      field("bundlesWithMissingContent", &Diagnostics::bundles_without_content),
      field("bundlesWithNoDeployments", &Diagnostics::bundles_without_deployments),
      field("gitReposWithNoBundles", &Diagnostics::repos_without_bundles),
      field("clustersWithAgentIssues", &Diagnostics::clusters_with_agent_issues),
      field("clusterGroupsWithNoClusters", &Diagnostics::groups_without_clusters),
      field("bundlesWithMissingGitRepo", &Diagnostics::bundles_without_repo),
      field("bundleDeploymentsWithMissingBundle", &Diagnostics::deployments_without_bundle),
      field("gitReposWithCommitMismatch", &Diagnostics::repos_at_other_commits),
      field("gitReposWithGenerationMismatch", &Diagnostics::repos_unobserved),
      field("gitReposUnpolled", &Diagnostics::repos_unpolled),
      field("bundlesWithGenerationMismatch", &Diagnostics::bundles_unobserved),
      field("bundleDeploymentsWithSyncGenerationMismatch", &Diagnostics::deployments_unsynced),
      field("orphanedSecretsCount", &Diagnostics::orphaned_secrets),
      field("invalidSecretOwnersCount", &Diagnostics::invalid_secret_owners),
      field("contentIssuesCount", &Diagnostics::content_issues),
      field("gitRepoBundleInconsistenciesCount", &Diagnostics::inconsistencies),
      field("resourcesWithMultipleFinalizersCount", &Diagnostics::many_finalizers),
      field("bundlesWithDeletionTimestamp", &Diagnostics::bundles_in_deletion),
      field("bundleDeploymentsWithDeletionTimestamp", &Diagnostics::deployments_in_deletion),
      field("contentsWithDeletionTimestamp", &Diagnostics::contents_in_deletion),
      field("contentsWithZeroReferenceCount", &Diagnostics::contents_without_references),
  };
}

data::Fields Snapshot::fields() {
  return {
      field("timestamp", &Snapshot::timestamp).always(),
      field("controller", &Snapshot::controllers),
      field("gitrepos", &Snapshot::repos),
      field("bundles", &Snapshot::bundles),
      field("bundledeployments", &Snapshot::deployments),
      field("contents", &Snapshot::contents),
      field("clusters", &Snapshot::clusters),
      field("clustergroups", &Snapshot::groups),
      field("bundleSecrets", &Snapshot::bundle_secrets),
      field("orphanedSecrets", &Snapshot::orphaned_secrets),
      field("contentIssues", &Snapshot::content_issues),
      field("apiConsistency", &Snapshot::api_consistency),
      field("recentEvents", &Snapshot::recent_events),
      field("diagnostics", &Snapshot::diagnostics),
  };
}

}  // namespace fleet::cli::snapshot
