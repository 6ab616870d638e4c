// The words that Fleet puts on objects: labels, annotations, finalizers, secret types.
//
// They are a contract with Rancher's UI, with agents of other versions and with people's scripts.
#pragma once

#include <string_view>

namespace fleet::api {

inline constexpr std::string_view kGroup = "fleet.cattle.io";
inline constexpr std::string_view kVersion = "v1alpha1";
inline constexpr std::string_view kApiVersion = "fleet.cattle.io/v1alpha1";

inline constexpr std::string_view kSystemNamespace = "cattle-fleet-system";
inline constexpr std::string_view kLocalNamespace = "fleet-local";
inline constexpr std::string_view kDefaultNamespace = "fleet-default";

namespace label {
inline constexpr std::string_view kFleetPrefix = "fleet.cattle.io/";
inline constexpr std::string_view kManagementPrefix = "management.cattle.io/";
inline constexpr std::string_view kRepo = "fleet.cattle.io/repo-name";
inline constexpr std::string_view kCommit = "fleet.cattle.io/commit";
inline constexpr std::string_view kBundle = "fleet.cattle.io/bundle-name";
inline constexpr std::string_view kBundleNamespace = "fleet.cattle.io/bundle-namespace";
inline constexpr std::string_view kHelmOp = "fleet.cattle.io/fleet-helm-name";
inline constexpr std::string_view kCreatedByUserId = "fleet.cattle.io/created-by-user-id";
inline constexpr std::string_view kCreatedByDisplayName = "fleet.cattle.io/created-by-display-name";
inline constexpr std::string_view kCluster = "fleet.cattle.io/cluster";
inline constexpr std::string_view kClusterNamespace = "fleet.cattle.io/cluster-namespace";
inline constexpr std::string_view kManaged = "fleet.cattle.io/managed";
inline constexpr std::string_view kContentName = "fleet.cattle.io/content-name";
inline constexpr std::string_view kBundleDeployment = "fleet.cattle.io/bundledeployment";
inline constexpr std::string_view kInternalSecret = "fleet.cattle.io/bundle-internal-secret";
inline constexpr std::string_view kClusterManagement = "fleet.cattle.io/cluster-management";
inline constexpr std::string_view kRegistrationToken = "fleet.cattle.io/registration-token";
inline constexpr std::string_view kCreatedByAgentPod = "fleet.cattle.io/created-by-agent-pod";
inline constexpr std::string_view kNonManagedAgent = "fleet.cattle.io/non-managed-agent";
inline constexpr std::string_view kShardRef = "fleet.cattle.io/shard-ref";
inline constexpr std::string_view kGitRepoGeneration = "fleet.cattle.io/gitrepo-generation";
inline constexpr std::string_view kForceSyncGeneration = "fleet.cattle.io/force-sync-generation";
inline constexpr std::string_view kClusterDisplayName = "management.cattle.io/cluster-display-name";
inline constexpr std::string_view kObjectSetHash = "objectset.rio.cattle.io/hash";
}  // namespace label

namespace annotation {
inline constexpr std::string_view kCluster = "fleet.cattle.io/cluster";
inline constexpr std::string_view kClusterNamespace = "fleet.cattle.io/cluster-namespace";
inline constexpr std::string_view kClusterRegistration = "fleet.cattle.io/cluster-registration";
inline constexpr std::string_view kClusterRegistrationNamespace =
    "fleet.cattle.io/cluster-registration-namespace";
inline constexpr std::string_view kClientSecretHash = "fleet.cattle.io/client-secret-hash";
inline constexpr std::string_view kHelmSecretHash = "fleet.cattle.io/helm-secret-hash";
inline constexpr std::string_view kHelmSecretForPathsHash =
    "fleet.cattle.io/helm-secret-for-paths-hash";
inline constexpr std::string_view kObjectSetId = "objectset.rio.cattle.io/id";
inline constexpr std::string_view kResourcePolicy = "helm.sh/resource-policy";
// On the chart metadata of a release: how an agent finds the releases it made.
inline constexpr std::string_view kBundleId = "fleet.cattle.io/bundle-id";
inline constexpr std::string_view kAgentNamespace = "fleet.cattle.io/agent-namespace";
inline constexpr std::string_view kServiceAccount = "fleet.cattle.io/service-account";
inline constexpr std::string_view kKeepResources = "fleet.cattle.io/keep-resources";
inline constexpr std::string_view kCommit = "fleet.cattle.io/commit";
}  // namespace annotation

namespace finalizer {
inline constexpr std::string_view kGitRepo = "fleet.cattle.io/gitrepo-finalizer";
inline constexpr std::string_view kHelmOp = "fleet.cattle.io/helmop-finalizer";
inline constexpr std::string_view kBundle = "fleet.cattle.io/bundle-finalizer";
inline constexpr std::string_view kBundleDeployment = "fleet.cattle.io/bundle-deployment-finalizer";
inline constexpr std::string_view kCluster = "fleet.cattle.io/cluster-finalizer";
inline constexpr std::string_view kSchedule = "fleet.cattle.io/schedule-finalizer";
}  // namespace finalizer

namespace secret_type {
inline constexpr std::string_view kBundleValues = "fleet.cattle.io/bundle-values/v1alpha1";
inline constexpr std::string_view kBundleDeployment = "fleet.cattle.io/bundle-deployment/v1alpha1";
inline constexpr std::string_view kOciStorage = "fleet.cattle.io/bundle-oci-storage/v1alpha1";
inline constexpr std::string_view kHelmOpsAccess = "fleet.cattle.io/bundle-helmops-access/v1alpha1";
inline constexpr std::string_view kClusterRegistrationValues =
    "fleet.cattle.io/cluster-registration-values";
inline constexpr std::string_view kAgentCredential = "fleet.cattle.io/agent-credential";
}  // namespace secret_type

}  // namespace fleet::api
