#include "agent/deployer.h"

#include <gtest/gtest.h>

#include "agent/deployment_reconciler.h"
#include "agent/monitor.h"

namespace fleet::agent {
namespace {

TEST(ReleaseId, ReadsWhatStatusSays) {
  const ReleaseId id = ReleaseId::parse("apps/web:12").value();
  EXPECT_EQ(id.ns, "apps");
  EXPECT_EQ(id.name, "web");
  EXPECT_EQ(id.revision, 12);
  EXPECT_EQ(id.str(), "apps/web:12");
  EXPECT_EQ(ReleaseId::parse("").error().message(), "no resource ID available");
  EXPECT_EQ(ReleaseId::parse("web").error().code(), Code::Invalid);
}

TEST(ReleaseKey, FollowsTheOptions) {
  api::BundleDeployment deployment;
  deployment.metadata.name = "sample-web";
  EXPECT_EQ(Deployer::release_key(deployment), "default/sample-web");
  deployment.spec.options.default_namespace = "apps";
  EXPECT_EQ(Deployer::release_key(deployment), "apps/sample-web");
  deployment.spec.options.target_namespace = "forced";
  deployment.spec.options.helm.emplace().release_name = "web";
  EXPECT_EQ(Deployer::release_key(deployment), "forced/web");
}

TEST(SettledErrors, ByTheirWords) {
  struct Case {
    const char* rule;
    const char* message;
    bool settled;
  };
  const Case cases[] = {
      {"a bad manifest", "YAML parse error on c/templates/a.yaml: line 3", true},
      {"another owner", "unable to continue with install: annotation validation error: …", true},
      {"an immutable field",
       "Forbidden: updates to statefulset spec for fields other than 'replicas' are forbidden",
       true},
      {"a claim that cannot change", "Forbidden: spec is immutable after creation", true},
      {"a template error is tried again", "template: c/t.yaml:1:2: nil pointer", false},
      {"a busy server is tried again", "connection refused", false},
      {"forbidden alone", "secrets is forbidden: User cannot get", false},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.rule);
    EXPECT_EQ(is_settled_error(c.message), c.settled);
  }
}

TEST(Conditions, AreWranglers) {
  api::BundleDeploymentStatus status;
  const TimePoint now = TimePoint(std::chrono::hours(1));
  const Error error(Code::Unknown, "no");
  set_condition(status, "Deployed", &error, now);
  ASSERT_EQ(status.conditions.size(), 1u);
  EXPECT_EQ(status.conditions[0].status, "False");
  EXPECT_EQ(status.conditions[0].reason, "Error");
  EXPECT_EQ(status.conditions[0].message, "no");
  set_condition(status, "Deployed", nullptr, now);
  EXPECT_EQ(status.conditions[0].status, "True");
  EXPECT_EQ(status.conditions[0].message, "");
}

}  // namespace
}  // namespace fleet::agent
