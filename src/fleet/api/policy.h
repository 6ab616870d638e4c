// What tenants may do: Policy, the older GitRepoRestriction, and the namespaces that bundles may
// reach.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fleet/api/kinds.h"

namespace fleet::api {

struct GitRepoPolicySpec {
  std::string default_service_account;
  std::string default_client_secret_name;
  std::vector<std::string> allowed_client_secret_names;
  std::vector<std::string> allowed_repo_patterns;

  static constexpr const char* kGoType = "v1alpha1.GitRepoPolicySpec";
  static data::Fields fields();
  bool operator==(const GitRepoPolicySpec&) const = default;
};

struct HelmOpPolicySpec {
  std::string default_service_account;
  std::string default_helm_secret_name;
  std::vector<std::string> allowed_helm_secret_names;
  std::vector<std::string> allowed_helm_repo_patterns;
  std::vector<std::string> allowed_chart_patterns;

  static constexpr const char* kGoType = "v1alpha1.HelmOpPolicySpec";
  static data::Fields fields();
  bool operator==(const HelmOpPolicySpec&) const = default;
};

struct Policy {
  static constexpr Kind kKind = {"Policy", "policies"};
  ObjectMeta metadata;
  bool require_service_account = false;
  std::vector<std::string> allowed_service_accounts;
  bool allow_namespace_creation = false;
  std::optional<GitRepoPolicySpec> git_repo;
  std::optional<HelmOpPolicySpec> helm_op;

  static constexpr const char* kGoType = "v1alpha1.Policy";
  static data::Fields fields();
  bool operator==(const Policy&) const = default;
};

struct GitRepoRestriction {
  static constexpr Kind kKind = {"GitRepoRestriction", "gitreporestrictions"};
  ObjectMeta metadata;
  std::string default_service_account;
  std::vector<std::string> allowed_service_accounts;
  std::vector<std::string> allowed_repo_patterns;
  std::string default_client_secret_name;
  std::vector<std::string> allowed_client_secret_names;
  std::vector<std::string> allowed_target_namespaces;
  std::optional<LabelSelector> allowed_target_namespace_selector;

  static constexpr const char* kGoType = "v1alpha1.GitRepoRestriction";
  static data::Fields fields();
  bool operator==(const GitRepoRestriction&) const = default;
};

struct BundleNamespaceMapping {
  static constexpr Kind kKind = {"BundleNamespaceMapping", "bundlenamespacemappings"};
  ObjectMeta metadata;
  std::optional<LabelSelector> bundle_selector;
  std::optional<LabelSelector> namespace_selector;

  static constexpr const char* kGoType = "v1alpha1.BundleNamespaceMapping";
  static data::Fields fields();
  bool operator==(const BundleNamespaceMapping&) const = default;
};

}  // namespace fleet::api
