#include "fleet/policy/restrict.h"

#include <algorithm>
#include <functional>
#include <optional>

#include "base/strings.h"
#include "text/regex.h"

namespace fleet::policy {

namespace {

using Names = std::vector<std::string>;

void append(Names& to, const Names& from) {
  to.insert(to.end(), from.begin(), from.end());
}

void take_first(std::string& to, const std::string& from) {
  if (to.empty()) to = from;
}

Error denied(std::string message) {
  return {Code::Forbidden, std::move(message)};
}

Error not_in_set(std::string_view value, const Names& allowed) {
  return denied(cat(value, " not in allowed set [", join(allowed, " "), "]"));
}

// An empty value passes, an empty list lets everything pass.
Result<> check_name(const std::string& value, const Names& allowed) {
  if (value.empty() || allowed.empty()) return {};
  if (std::ranges::find(allowed, value) != allowed.end()) return {};
  return not_in_set(value, allowed);
}

// `bad_pattern` words the error for a pattern that is no regular expression.
using BadPattern = std::function<std::string(const std::string& pattern, const Error& error)>;
Result<> check_pattern(const std::string& value,
                       const Names& patterns,
                       bool is_anchored,
                       const BadPattern& bad_pattern) {
  if (value.empty() || patterns.empty()) return {};
  for (const std::string& pattern : patterns) {
    if (pattern == value) return {};
    auto regex = text::Regex::compile(is_anchored ? cat("^(?:", pattern, ")$") : pattern);
    if (!regex.ok()) return denied(bad_pattern(pattern, regex.error()));
    if (regex->matches(value)) return {};
  }
  return not_in_set(value, patterns);
}

Result<> check_by_policy(const std::string& value, const Names& patterns) {
  return check_pattern(value, patterns, true, [](const std::string& pattern, const Error& error) {
    return cat("policy failed to compile regex ", quote(pattern), ": ", error.message());
  });
}

Result<> check_by_restriction(const std::string& value, const Names& patterns) {
  return check_pattern(value, patterns, false, [](const std::string& pattern, const Error& error) {
    return cat("GitRepoRestriction failed to compile regex '", pattern, "': ", error.message());
  });
}

// Either list may accept; when both refuse, the restriction speaks.
Result<> check_repo(const std::string& repo, const Names& restricted, const Names& by_policy) {
  if (restricted.empty()) return check_by_policy(repo, by_policy);
  Result<> first = check_by_restriction(repo, restricted);
  if (first.ok() || by_policy.empty()) return first;
  return check_by_policy(repo, by_policy).ok() ? Result<>() : std::move(first);
}

Result<> check_target_namespace(const api::GitRepoSpec& repo, const api::GitRepoRestriction& all) {
  constexpr std::string_view kEmpty = "empty targetNamespace denied, because ";
  if (repo.target_namespace.empty()) {
    if (!all.allowed_target_namespaces.empty()) {
      return denied(cat(kEmpty, "allowedTargetNamespaces restriction is present"));
    }
    if (all.allowed_target_namespace_selector) {
      return denied(cat(kEmpty, "allowedTargetNamespaceSelector restriction is present"));
    }
  }
  return {};
}

template <typename T>
std::vector<const T*> by_name(std::span<const T> objects) {
  std::vector<const T*> out;
  for (const T& object : objects) {
    out.push_back(&object);
  }
  std::ranges::stable_sort(out, {}, [](const T* object) { return object->metadata.name; });
  return out;
}

Names joined(const Names& a, const Names& b) {
  Names out = a;
  append(out, b);
  return out;
}

std::string disallowed(std::string_view what, std::string_view value) {
  return cat("disallowed ", what, " ", value);
}

}  // namespace

api::Policy aggregate(std::span<const api::Policy> policies) {
  api::Policy out;
  out.git_repo.emplace();
  out.helm_op.emplace();
  for (const api::Policy* policy : by_name(policies)) {
    out.require_service_account |= policy->require_service_account;
    out.allow_namespace_creation |= policy->allow_namespace_creation;
    append(out.allowed_service_accounts, policy->allowed_service_accounts);
    if (policy->git_repo) {
      take_first(out.git_repo->default_service_account, policy->git_repo->default_service_account);
      take_first(out.git_repo->default_client_secret_name,
                 policy->git_repo->default_client_secret_name);
      append(out.git_repo->allowed_client_secret_names,
             policy->git_repo->allowed_client_secret_names);
      append(out.git_repo->allowed_repo_patterns, policy->git_repo->allowed_repo_patterns);
    }
    if (policy->helm_op) {
      take_first(out.helm_op->default_service_account, policy->helm_op->default_service_account);
      take_first(out.helm_op->default_helm_secret_name, policy->helm_op->default_helm_secret_name);
      append(out.helm_op->allowed_helm_secret_names, policy->helm_op->allowed_helm_secret_names);
      append(out.helm_op->allowed_helm_repo_patterns, policy->helm_op->allowed_helm_repo_patterns);
      append(out.helm_op->allowed_chart_patterns, policy->helm_op->allowed_chart_patterns);
    }
  }
  return out;
}

api::GitRepoRestriction aggregate(std::span<const api::GitRepoRestriction> restrictions) {
  api::GitRepoRestriction out;
  for (const api::GitRepoRestriction* each : by_name(restrictions)) {
    take_first(out.default_service_account, each->default_service_account);
    take_first(out.default_client_secret_name, each->default_client_secret_name);
    append(out.allowed_service_accounts, each->allowed_service_accounts);
    append(out.allowed_client_secret_names, each->allowed_client_secret_names);
    append(out.allowed_repo_patterns, each->allowed_repo_patterns);
    append(out.allowed_target_namespaces, each->allowed_target_namespaces);
    out.allowed_target_namespace_selector = api::merge_selectors(
        out.allowed_target_namespace_selector, each->allowed_target_namespace_selector);
  }
  return out;
}

Result<> authorize(api::GitRepoSpec& repo,
                   std::span<const api::GitRepoRestriction> restrictions,
                   std::span<const api::Policy> policies) {
  if (restrictions.empty() && policies.empty()) return {};
  api::GitRepoRestriction restriction = aggregate(restrictions);
  api::Policy policy = aggregate(policies);
  TRY(check_target_namespace(repo, restriction));
  std::string account = repo.service_account;
  take_first(account, restriction.default_service_account);
  take_first(account, policy.git_repo->default_service_account);
  std::string secret = repo.client_secret_name;
  take_first(secret, restriction.default_client_secret_name);
  take_first(secret, policy.git_repo->default_client_secret_name);
  TRY(check_name(repo.target_namespace, restriction.allowed_target_namespaces)
          .within(disallowed("targetNamespace", repo.target_namespace)));
  TRY(check_name(account,
                 joined(restriction.allowed_service_accounts, policy.allowed_service_accounts))
          .within(disallowed("serviceAccount", account)));
  TRY(check_repo(
          repo.repo, restriction.allowed_repo_patterns, policy.git_repo->allowed_repo_patterns)
          .within(disallowed("repo", repo.repo)));
  TRY(check_name(secret,
                 joined(restriction.allowed_client_secret_names,
                        policy.git_repo->allowed_client_secret_names))
          .within(disallowed("clientSecretName", secret)));
  if (policy.require_service_account && account.empty()) {
    return denied("serviceAccount is required by Policy but is not set");
  }
  repo.service_account = account;
  repo.client_secret_name = secret;
  return {};
}

Result<> authorize(api::HelmOpSpec& helm_op, std::span<const api::Policy> policies) {
  if (policies.empty()) return {};
  api::Policy policy = aggregate(policies);
  std::string& account = helm_op.bundle.options.service_account;
  take_first(account, policy.helm_op->default_service_account);
  take_first(helm_op.helm_secret_name, policy.helm_op->default_helm_secret_name);
  if (policy.require_service_account && account.empty()) {
    return denied("serviceAccount is required by Policy but is not set");
  }
  TRY(check_name(account, policy.allowed_service_accounts)
          .within(disallowed("serviceAccount", account)));
  TRY(check_name(helm_op.helm_secret_name, policy.helm_op->allowed_helm_secret_names)
          .within(disallowed("helmSecretName", helm_op.helm_secret_name)));
  if (!helm_op.bundle.options.helm) return {};
  const api::HelmOptions& helm = *helm_op.bundle.options.helm;
  TRY(check_by_policy(helm.repo, policy.helm_op->allowed_helm_repo_patterns)
          .within(disallowed("helm repo", helm.repo)));
  TRY(check_by_policy(helm.chart, policy.helm_op->allowed_chart_patterns)
          .within(disallowed("helm chart", helm.chart)));
  return {};
}

Result<> authorize(const api::BundleSpec& bundle, std::span<const api::Policy> policies) {
  if (policies.empty()) return {};
  api::Policy policy = aggregate(policies);
  const std::string& account = bundle.options.service_account;
  if (policy.require_service_account && account.empty()) {
    return denied("serviceAccount is required by Policy but is not set on the Bundle");
  }
  TRY(check_name(account, policy.allowed_service_accounts)
          .within(disallowed("serviceAccount", account)));
  for (const api::BundleTarget& target : bundle.targets) {
    const std::string& own = target.options.service_account;
    TRY(check_name(own, policy.allowed_service_accounts)
            .within(cat(disallowed("serviceAccount", own), " in target ", target.name)));
  }
  return {};
}

}  // namespace fleet::policy
