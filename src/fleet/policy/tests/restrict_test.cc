#include "fleet/policy/restrict.h"

#include <gtest/gtest.h>

namespace fleet::policy {
namespace {

TEST(GitRepo, DefaultsAreFilledInAndChecked) {
  api::GitRepoRestriction restriction;
  restriction.default_service_account = "sa";
  restriction.allowed_service_accounts = {"sa", "other"};
  api::GitRepoSpec repo;
  ASSERT_TRUE(authorize(repo, std::span(&restriction, 1), {}).ok());
  EXPECT_EQ(repo.service_account, "sa");
  repo.service_account = "root";
  auto refused = authorize(repo, std::span(&restriction, 1), {});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message(),
            "disallowed serviceAccount root: root not in allowed set [sa other]");
}

TEST(GitRepo, ARepositoryMayMatchByPattern) {
  api::Policy policy;
  policy.git_repo.emplace().allowed_repo_patterns = {"https://example\\.org/.*"};
  api::GitRepoSpec repo;
  repo.repo = "https://example.org/a";
  EXPECT_TRUE(authorize(repo, {}, std::span(&policy, 1)).ok());
  repo.repo = "x https://example.org/a";
  EXPECT_FALSE(authorize(repo, {}, std::span(&policy, 1)).ok());
}

TEST(Bundle, APolicyMayAskForAnAccount) {
  api::Policy policy;
  policy.require_service_account = true;
  auto refused = authorize(api::BundleSpec{}, std::span(&policy, 1));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message(),
            "serviceAccount is required by Policy but is not set on the Bundle");
}

}  // namespace
}  // namespace fleet::policy
