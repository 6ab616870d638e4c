#include "fleet/summary/summarize.h"

#include <gtest/gtest.h>

namespace fleet::summary {
namespace {

TEST(Summary, CountsAndNamesUpToTen) {
  api::BundleSummary summary;
  for (int i = 0; i < 12; ++i) {
    add_state(summary, "c" + std::to_string(i), "NotReady", "", {}, {});
  }
  add_state(summary, "ready", "Ready", "", {}, {});
  EXPECT_EQ(summary.not_ready, 12);
  EXPECT_EQ(summary.ready, 1);
  EXPECT_EQ(summary.non_ready_resources.size(), kMaxNonReady);
  EXPECT_EQ(worst_state(summary), "NotReady");
}

TEST(Summary, TheMessageNamesTheFirstOfEachState) {
  api::BundleSummary summary;
  api::ModifiedStatus missing;
  missing.kind = "ConfigMap";
  missing.api_version = "v1";
  missing.namespace_ = "ns";
  missing.name = "cm";
  missing.missing = true;
  add_state(summary, "ws/a", "Modified", "", {missing}, {});
  add_state(summary, "ws/b", "ErrApplied", "boom", {}, {});
  add_state(summary, "ws/c", "ErrApplied", "later", {}, {});
  EXPECT_EQ(ready_message(summary, "Cluster"),
            "ErrApplied(2) [Cluster ws/b: boom]; Modified(1) [Cluster ws/a]; "
            "configmap.v1 ns/cm missing");
}

TEST(Summary, StateOfADeployment) {
  api::BundleDeployment deployment;
  deployment.spec.deployment_id = "a";
  EXPECT_EQ(deployment_state(deployment), "WaitApplied");
  kube::edit_condition(deployment.status.conditions, "Deployed").status = "False";
  EXPECT_EQ(deployment_state(deployment), "ErrApplied");
  deployment.status.applied_deployment_id = "a";
  EXPECT_EQ(deployment_state(deployment), "NotReady");
  deployment.status.ready = true;
  EXPECT_EQ(deployment_state(deployment), "OutOfSync");
  deployment.spec.staged_deployment_id = "a";
  EXPECT_EQ(deployment_state(deployment), "Modified");
  deployment.status.non_modified = true;
  EXPECT_EQ(deployment_state(deployment), "Ready");
}

TEST(Summary, TheReadyConditionSaysWhy) {
  std::vector<kube::Condition> conditions;
  api::BundleSummary summary;
  set_ready_condition(conditions, "Cluster", summary, TimePoint{});
  EXPECT_TRUE(conditions[0].is_true());
  add_state(summary, "ws/a", "Pending", "", {}, {});
  set_ready_condition(conditions, "Cluster", summary, TimePoint{});
  EXPECT_TRUE(conditions[0].is_false());
  EXPECT_EQ(conditions[0].message, "Pending(1) [Cluster ws/a]");
}

}  // namespace
}  // namespace fleet::summary
