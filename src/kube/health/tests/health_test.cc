#include <gtest/gtest.h>

#include "data/json/parse.h"
#include "kube/health/kstatus.h"
#include "kube/health/summary.h"

namespace fleet::kube {
namespace {

const TimePoint kNow = TimePoint(std::chrono::hours(24 * 365 * 56));

data::Value object(const char* text) {
  return json::parse(text).value();
}

TEST(KStatus, RulesByKind) {
  struct Case {
    const char* rule;
    const char* object;
    Progress progress;
    const char* message;
  };
  const Case cases[] = {
      {"a config map is always ready",
       R"({"apiVersion":"v1","kind":"ConfigMap"})",
       Progress::Current,
       "Resource is always ready"},
      {"deletion wins",
       R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"deletionTimestamp":"x"}})",
       Progress::Terminating,
       "Resource scheduled for deletion"},
      {"a deployment without replicas",
       R"({"apiVersion":"apps/v1","kind":"Deployment","spec":{"replicas":2}})",
       Progress::InProgress,
       "Replicas: 0/2"},
      {"an old generation was observed",
       R"({"apiVersion":"x/v1","kind":"W","metadata":{"generation":3},"status":{"observedGeneration":2}})",
       Progress::InProgress,
       "W generation is 3, but latest observed generation is 2"},
      {"a failed job",
       R"({"apiVersion":"batch/v1","kind":"Job","status":{"failed":1,"conditions":[{"type":"Failed","status":"True"}]}})",
       Progress::Failed,
       "Job Failed. failed: 1/1"},
      {"a running job counts as current",
       R"({"apiVersion":"batch/v1","kind":"Job","status":{"active":1,"startTime":"2020-01-01T00:00:00Z"}})",
       Progress::Current,
       "Job in progress. success:0, active: 1, failed: 0"},
      {"any kind with Ready=False",
       R"({"apiVersion":"x/v1","kind":"W","status":{"conditions":[{"type":"Ready","status":"False","message":"m"}]}})",
       Progress::InProgress,
       "m"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.rule);
    const KStatus status = kstatus(object(c.object), kNow).value();
    EXPECT_EQ(to_string(status.progress), to_string(c.progress));
    EXPECT_EQ(status.message, c.message);
  }
}

TEST(Summary, AJobThatFailedIsInError) {
  const Summary s = summarize(
      object(
          R"({"apiVersion":"batch/v1","kind":"Job","status":{"conditions":[{"type":"Failed","status":"True","message":"no"}]}})"),
      kNow);
  EXPECT_EQ(s.state, "error");
  EXPECT_TRUE(s.error);
  EXPECT_FALSE(s.is_ready());
}

TEST(Summary, ALoadBalancerWaitsForItsAddress) {
  const Summary s = summarize(
      object(
          R"({"apiVersion":"v1","kind":"Service","spec":{"type":"LoadBalancer","clusterIP":"10.0.0.1"}})"),
      kNow);
  EXPECT_EQ(s.state, "pending");
  EXPECT_TRUE(s.transitioning);
}

TEST(ErrorTable, OverridesReplaceTheStatusesOfOneType) {
  ErrorTable table;
  ASSERT_TRUE(
      table
          .merge(object(
              R"([{"gvk":"apps/v1, Kind=Deployment","conditionMappings":[{"type":"Progressing","status":["Unknown"]}]}])"))
          .ok());
  const GroupVersionKind deployment{"apps", "v1", "Deployment"};
  EXPECT_FALSE(table.is_error(deployment, "Progressing", "False"));
  EXPECT_TRUE(table.is_error(deployment, "Progressing", "Unknown"));
  EXPECT_TRUE(table.is_error(deployment, "ReplicaFailure", "True"));
  EXPECT_FALSE(table.merge(object(R"([{"gvk":"apps"}])")).ok());
}

}  // namespace
}  // namespace fleet::kube
