#include "fleet/rollout/plan.h"

#include <gtest/gtest.h>

namespace fleet::rollout {
namespace {

struct LimitCase {
  const char* rule;
  int count;
  const char* value;
  int want;
};

TEST(Limit, Rules) {
  constexpr LimitCase kCases[] = {
      {"a percentage rounds down", 230, "25%", 57},
      {"but never to zero", 10, "0%", 1},
      {"nor above all", 10, "150%", 10},
      {"a fraction of a percent counts", 10, "33.3%", 3},
      {"a number as text is not capped", 5, "50", 50},
      {"nothing still has room for one", 0, "7", 1},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.rule);
    auto got = limit(c.count, api::IntOrString::of(std::string_view(c.value)));
    ASSERT_TRUE(got.ok());
    EXPECT_EQ(*got, c.want);
  }
  auto bad = limit(5, api::IntOrString::of(std::string_view("x")));
  ASSERT_FALSE(bad.ok());
  EXPECT_EQ(bad.error().message(),
            "invalid maxUnavailable, must be int or percentage (ending with %): x");
}

std::vector<target::Target> make_targets(size_t count, bool is_deployed) {
  std::vector<target::Target> out;
  for (size_t i = 0; i < count; ++i) {
    auto cluster = std::make_shared<api::Cluster>();
    cluster->metadata.name = "c" + std::to_string(i);
    cluster->status.namespace_ = "ns" + std::to_string(i);
    target::Target target;
    target.cluster = cluster;
    target.deployment_id = "new";
    if (is_deployed) {
      api::BundleDeployment deployment;
      deployment.spec.deployment_id = "old";
      deployment.spec.staged_deployment_id = "old";
      deployment.status.applied_deployment_id = "old";
      deployment.status.ready = true;
      target.deployment = deployment;
    }
    out.push_back(std::move(target));
  }
  return out;
}

int released(const std::vector<target::Target>& targets) {
  int out = 0;
  for (const target::Target& target : targets) {
    out += target.deployment && target.deployment->spec.deployment_id == "new" ? 1 : 0;
  }
  return out;
}

TEST(Update, TheBudgetBoundsWhatIsReleased) {
  std::vector<target::Target> targets = make_targets(10, true);
  api::Bundle bundle;
  bundle.spec.rollout_strategy.emplace().max_unavailable = api::IntOrString::of(3);
  api::BundleStatus status;
  ASSERT_TRUE(reset_status(status, targets, bundle).ok());
  ASSERT_TRUE(update(status, targets, bundle).ok());
  EXPECT_EQ(released(targets), 3);
  EXPECT_EQ(status.unavailable, 3);
}

TEST(Update, NewDeploymentsAreBoundByMaxNew) {
  std::vector<target::Target> targets = make_targets(60, false);
  api::Bundle bundle;
  api::BundleStatus status;
  ASSERT_TRUE(reset_status(status, targets, bundle).ok());
  ASSERT_TRUE(update(status, targets, bundle).ok());
  EXPECT_EQ(status.newly_created, kMaxNew);
  EXPECT_EQ(released(targets), kMaxNew);
}

TEST(Update, APausedBundleIsStagedAlone) {
  std::vector<target::Target> targets = make_targets(2, true);
  api::Bundle bundle;
  bundle.spec.paused = true;
  api::BundleStatus status;
  ASSERT_TRUE(reset_status(status, targets, bundle).ok());
  ASSERT_TRUE(update(status, targets, bundle).ok());
  EXPECT_EQ(released(targets), 0);
  EXPECT_EQ(targets[0].deployment->spec.staged_deployment_id, "new");
}

TEST(Partition, ManyTargetsAreSliced) {
  std::vector<target::Target> targets = make_targets(230, false);
  auto partitions = partition(targets, api::Bundle{});
  ASSERT_TRUE(partitions.ok());
  ASSERT_EQ(partitions->size(), 5u);
  EXPECT_EQ((*partitions)[0].status.name, "Partition 0 - 57");
  EXPECT_EQ((*partitions)[4].status.name, "Partition 228 - 230");
}

}  // namespace
}  // namespace fleet::rollout
