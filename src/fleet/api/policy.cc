#include "fleet/api/policy.h"

#include "fleet/api/fields.h"

namespace fleet::api {

data::Fields GitRepoPolicySpec::fields() {
  return {
      field("defaultServiceAccount",
            &GitRepoPolicySpec::default_service_account,
            "For GitRepos that name none."),
      field("defaultClientSecretName",
            &GitRepoPolicySpec::default_client_secret_name,
            "For GitRepos that name none."),
      field("allowedClientSecretNames",
            &GitRepoPolicySpec::allowed_client_secret_names,
            "Any when empty.")
          .nullable(),
      field("allowedRepoPatterns",
            &GitRepoPolicySpec::allowed_repo_patterns,
            "URLs or regular expressions; any when empty.")
          .nullable(),
  };
}

data::Fields HelmOpPolicySpec::fields() {
  return {
      field("defaultServiceAccount",
            &HelmOpPolicySpec::default_service_account,
            "For HelmOps that name none."),
      field("defaultHelmSecretName",
            &HelmOpPolicySpec::default_helm_secret_name,
            "For HelmOps that name none."),
      field(
          "allowedHelmSecretNames", &HelmOpPolicySpec::allowed_helm_secret_names, "Any when empty.")
          .nullable(),
      field("allowedHelmRepoPatterns",
            &HelmOpPolicySpec::allowed_helm_repo_patterns,
            "Any when empty.")
          .nullable(),
      field("allowedChartPatterns", &HelmOpPolicySpec::allowed_chart_patterns, "Any when empty.")
          .nullable(),
  };
}

data::Fields Policy::fields() {
  return {
      field("metadata", &Policy::metadata, "Standard object metadata.").always(),
      field("requireServiceAccount",
            &Policy::require_service_account,
            "A service account must be named."),
      field("allowedServiceAccounts", &Policy::allowed_service_accounts, "Any when empty.")
          .nullable(),
      field("allowNamespaceCreation",
            &Policy::allow_namespace_creation,
            "Namespaces are made even where an account is required."),
      field("gitRepo", &Policy::git_repo, "For GitRepos."),
      field("helmOp", &Policy::helm_op, "For HelmOps."),
  };
}

data::Fields GitRepoRestriction::fields() {
  return {
      field("metadata", &GitRepoRestriction::metadata, "Standard object metadata.").always(),
      field("defaultServiceAccount",
            &GitRepoRestriction::default_service_account,
            "For GitRepos that name none.")
          .nullable(),
      field("allowedServiceAccounts",
            &GitRepoRestriction::allowed_service_accounts,
            "Any when empty.")
          .nullable(),
      field("allowedRepoPatterns", &GitRepoRestriction::allowed_repo_patterns, "Any when empty.")
          .nullable(),
      field("defaultClientSecretName",
            &GitRepoRestriction::default_client_secret_name,
            "For GitRepos that name none.")
          .nullable(),
      field("allowedClientSecretNames",
            &GitRepoRestriction::allowed_client_secret_names,
            "Any when empty.")
          .nullable(),
      field("allowedTargetNamespaces",
            &GitRepoRestriction::allowed_target_namespaces,
            "Any when empty.")
          .nullable(),
      field("allowedTargetNamespaceSelector",
            &GitRepoRestriction::allowed_target_namespace_selector,
            "Labels that target namespaces must have.")
          .nullable(),
  };
}

data::Fields BundleNamespaceMapping::fields() {
  return {
      field("metadata", &BundleNamespaceMapping::metadata, "Standard object metadata.").always(),
      field("bundleSelector",
            &BundleNamespaceMapping::bundle_selector,
            "Labels of bundles in this namespace.")
          .nullable(),
      field("namespaceSelector",
            &BundleNamespaceMapping::namespace_selector,
            "Labels of namespaces whose clusters they may reach.")
          .nullable(),
  };
}

}  // namespace fleet::api
