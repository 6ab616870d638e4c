#include "fleet/target/target.h"

#include <gtest/gtest.h>

#include "fleet/target/options.h"
#include "fleet/target/values.h"

namespace fleet::target {
namespace {

std::shared_ptr<api::Cluster> cluster(const char* name, api::StringMap labels) {
  auto out = std::make_shared<api::Cluster>();
  out->metadata.name = name;
  out->metadata.namespace_ = "ws";
  out->metadata.labels = std::move(labels);
  out->status.namespace_ = std::string("cluster-") + name;
  return out;
}

api::BundleTarget for_label(const char* name, const char* key, const char* value) {
  api::BundleTarget out;
  out.name = name;
  out.cluster_selector.emplace().match_labels[key] = value;
  return out;
}

api::Bundle bundle() {
  api::Bundle out;
  out.metadata.name = "b";
  out.metadata.namespace_ = "ws";
  return out;
}

TEST(Match, WithoutCriteriaNothingMatches) {
  auto matcher = ClusterMatcher::compile({});
  ASSERT_TRUE(matcher.ok());
  EXPECT_FALSE(matcher->matches("c", {}, "", {}));
}

TEST(Match, ADisplayNameCountsAsAName) {
  api::ClusterCriteria criteria;
  criteria.cluster_name = "Pretty";
  auto matcher = ClusterMatcher::compile(criteria);
  ASSERT_TRUE(matcher.ok());
  EXPECT_TRUE(
      matcher->matches("c", {{"management.cattle.io/cluster-display-name", "Pretty"}}, "", {}));
}

TEST(Targets, TheFirstCustomizationReplacesTheTargetsOptions) {
  World world;
  world.clusters = {cluster("one", {{"env", "dev"}}), cluster("two", {{"env", "prod"}})};
  api::Bundle bundle_ = bundle();
  api::BundleTarget custom = for_label("prod", "env", "prod");
  custom.options.default_namespace = "special";
  api::BundleTarget all;
  all.name = "all";
  all.cluster_selector.emplace();
  bundle_.spec.targets = {custom, all};
  bundle_.spec.target_restrictions = {{all.criteria()}};
  auto targets = find_targets(bundle_, world, "s-1");
  ASSERT_TRUE(targets.ok()) << targets.error().message();
  ASSERT_EQ(targets->size(), 2u);
  EXPECT_EQ((*targets)[0].options.default_namespace, "");
  EXPECT_EQ((*targets)[1].options.default_namespace, "special");
  EXPECT_TRUE((*targets)[1].deployment_id.starts_with("s-1:"));
}

TEST(Targets, DoNotDeploySkipsTheCluster) {
  World world;
  world.clusters = {cluster("one", {{"env", "dev"}})};
  api::Bundle bundle_ = bundle();
  bundle_.spec.targets = {for_label("t", "env", "dev")};
  bundle_.spec.targets[0].do_not_deploy = true;
  auto targets = find_targets(bundle_, world, "s-1");
  ASSERT_TRUE(targets.ok());
  EXPECT_TRUE(targets->empty());
}

TEST(Options, ListsMergeByKeyAndValuesDeeply) {
  api::BundleDeploymentOptions base;
  base.helm.emplace().values.emplace().data =
      data::Value::object({{"a", data::Value::object({{"x", 1.0}, {"y", 2.0}})}});
  api::BundleDeploymentOptions custom;
  custom.helm.emplace().values.emplace().data =
      data::Value::object({{"a", data::Value::object({{"y", 3.0}})}});
  custom.helm->timeout_seconds = -1;
  api::BundleDeploymentOptions merged = merge_options(base, custom);
  EXPECT_EQ(merged.helm->values->data.at({"a", "x"}).as_int(), 1);
  EXPECT_EQ(merged.helm->values->data.at({"a", "y"}).as_int(), 3);
  EXPECT_EQ(merged.helm->timeout_seconds, 0);
}

TEST(Values, TemplatesSeeTheCluster) {
  api::BundleDeploymentOptions options;
  options.helm.emplace().values.emplace().data = data::Value::object(
      {{"name", "${ .ClusterName }"}, {"env", "global.fleet.clusterLabels.env"}});
  auto one = cluster("one", {{"env", "dev"}});
  ASSERT_TRUE(preprocess_values(options, *one).ok());
  EXPECT_EQ(options.helm->values->data["name"].as_string(), "one");
  EXPECT_EQ(options.helm->values->data["env"].as_string(), "dev");
}

TEST(Values, AClusterWithoutLabelsLeavesAllAsItIs) {
  api::BundleDeploymentOptions options;
  options.helm.emplace().values.emplace().data.set("name", "${ .ClusterName }");
  api::BundleDeploymentOptions before = options;
  ASSERT_TRUE(preprocess_values(options, *cluster("bare", {})).ok());
  EXPECT_EQ(options, before);
}

}  // namespace
}  // namespace fleet::target
