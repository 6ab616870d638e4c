#include <gtest/gtest.h>

#include "base/strings.h"
#include "playground/nodes.h"
#include "playground/pods.h"
#include "playground/rollout.h"
#include "playground/status.h"

namespace fleet::playground {
namespace {

using data::Value;
using kube::Object;

constexpr Duration kDelay = std::chrono::milliseconds(300);

TimePoint at(std::string_view time) {
  return parse_rfc3339(time).value();
}

Object deployment(int replicas) {
  Object out = Object::make({"apps", "v1", "Deployment"}, {"default", "web"});
  out.set({"spec", "replicas"}, replicas);
  return out;
}

Object pod(std::string_view created) {
  Object out = Object::make({"", "v1", "Pod"}, {"default", "web-1"});
  out.set({"metadata", "creationTimestamp"}, created);
  out.set({"spec", "nodeName"}, "simulated-linux");
  out.set({"spec", "containers"}, Value::array({Value::object({{"name", "c"}, {"image", "i"}})}));
  return out;
}

struct RolloutCase {
  const char* rule;
  int replicas;
  ReplicaCount fresh;
  ReplicaCount old;
  int want_fresh;
  int want_old;
};

constexpr RolloutCase kRollouts[] = {
    {"a first rollout makes all at once", 3, {0, 0, 0}, {0, 0, 0}, 3, 0},
    {"an update adds the surge first", 4, {0, 0, 0}, {4, 4, 4}, 1, 3},
    {"old ones go as new ones are available", 4, {1, 1, 1}, {3, 3, 3}, 2, 2},
    {"nothing goes while too few are available", 4, {2, 2, 0}, {3, 3, 3}, 2, 3},
    {"unavailable old ones go first", 4, {1, 1, 0}, {4, 4, 1}, 1, 1},
    {"the last old one goes", 1, {1, 1, 1}, {1, 1, 1}, 1, 0},
};

TEST(Rollout, Rules) {
  for (const RolloutCase& c : kRollouts) {
    SCOPED_TRACE(c.rule);
    auto step = next_step(deployment(c.replicas), c.fresh, {c.old});
    ASSERT_TRUE(step.ok());
    EXPECT_EQ(step->fresh, c.want_fresh);
    EXPECT_EQ(step->others[0], c.want_old);
  }
}

TEST(Rollout, RecreateEmptiesFirst) {
  Object recreate = deployment(2);
  recreate.set({"spec", "strategy", "type"}, "Recreate");
  auto step = next_step(recreate, {}, {ReplicaCount{2, 2, 2}});
  EXPECT_EQ(step->fresh, 0);
  EXPECT_EQ(step->others[0], 0);
  EXPECT_EQ(next_step(recreate, {}, {ReplicaCount{0, 0, 0}})->fresh, 2);
}

TEST(Pod, BecomesReadyAfterTheDelay) {
  Object p = pod("2026-01-01T00:00:00Z");
  PodStep early = next_status(p, at("2026-01-01T00:00:00.1Z"), kDelay, false);
  EXPECT_EQ(early.status["phase"].to_string(), "Pending");
  EXPECT_EQ(early.again, Duration(std::chrono::milliseconds(200)));
  PodStep late = next_status(p, at("2026-01-01T00:00:01Z"), kDelay, false);
  EXPECT_EQ(late.status["phase"].to_string(), "Running");
  p.set({"status"}, late.status);
  EXPECT_TRUE(is_ready(p));
  // A clock that jumps back does not take it away.
  EXPECT_EQ(next_status(p, at("2025-01-01T00:00:00Z"), kDelay, false).status["phase"].to_string(),
            "Running");
}

TEST(Pod, CompletesForAJob) {
  PodStep done = next_status(pod("2026-01-01T00:00:00Z"), at("2026-01-01T00:00:01Z"), kDelay, true);
  EXPECT_EQ(done.status["phase"].to_string(), "Succeeded");
}

TEST(Pod, FailsWhenAsked) {
  Object p = pod("2026-01-01T00:00:00Z");
  p.set_annotation(kFailAnnotation, "ImagePullBackOff");
  PodStep step = next_status(p, at("2026-01-01T01:00:00Z"), kDelay, false);
  EXPECT_EQ(step.status.at({"containerStatuses", 0, "state", "waiting", "reason"}).to_string(),
            "ImagePullBackOff");
  p.set_annotation(kFailAnnotation, "Unschedulable");
  EXPECT_EQ(next_status(p, at("2026-01-01T01:00:00Z"), kDelay, false)
                .status.at({"conditions", 0, "reason"})
                .to_string(),
            "Unschedulable");
}

TEST(Pod, GoesWhereItsSelectorSays) {
  Object linux_node = Object::make({"", "v1", "Node"}, {"", "a"});
  linux_node.set_label("kubernetes.io/os", "linux");
  Object windows_node = Object::make({"", "v1", "Node"}, {"", "b"});
  windows_node.set_label("kubernetes.io/os", "windows");
  Object p = pod("2026-01-01T00:00:00Z");
  EXPECT_EQ(choose_node(p, {linux_node, windows_node}), "a");
  p.set({"spec", "nodeSelector", "kubernetes.io/os"}, "windows");
  EXPECT_EQ(choose_node(p, {linux_node, windows_node}), "b");
  EXPECT_EQ(choose_node(p, {linux_node}), "");
}

TEST(Status, AJobIsCompleteWhenItsPodsAre) {
  Object job = Object::make({"batch", "v1", "Job"}, {"default", "once"});
  Object p = pod("2026-01-01T00:00:00Z");
  Value status = job_status(job, {p}, at("2026-01-01T00:00:01Z"));
  EXPECT_EQ(status["active"].as_int(), 1);
  EXPECT_TRUE(status["completionTime"].is_null());
  p.set({"status", "phase"}, "Succeeded");
  status = job_status(job, {p}, at("2026-01-01T00:00:01Z"));
  EXPECT_EQ(status["succeeded"].as_int(), 1);
  EXPECT_EQ(status.at({"conditions", 1, "type"}).to_string(), "Complete");
}

}  // namespace
}  // namespace fleet::playground
