#include "fleet/api/names.h"

#include <gtest/gtest.h>

#include "fleet/api/hashes.h"

namespace fleet::api {
namespace {

struct Case {
  const char* rule;
  const char* text;
  const char* want;
};

TEST(HelmReleaseName, Rules) {
  constexpr Case kCases[] = {
      {"a good name stays", "abc", "abc"},
      {"slashes become dashes without a hash", "a/b", "a-b"},
      {"upper case leaves a hash", "ABC", "abc-902fbdd2"},
      {"other characters leave a hash",
       "bundle.name.example.com",
       "bundle-name-example-com-645ef821"},
      {"nothing usable gives a hash alone", "///", "884a6325c5f164f3cc6d5f97"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.rule);
    EXPECT_EQ(helm_release_name(c.text), c.want);
  }
}

TEST(Names, LimitsAndHashes) {
  EXPECT_EQ(limit_name("12345678", 7), "1-25d55");
  EXPECT_EQ(limit_name("1-3456789", 8), "1-9b657");
  EXPECT_EQ(key_hash("fleet-local::local"), "1a3d67d0a899");
  EXPECT_EQ(cluster_namespace("fleet-local", "local"), "cluster-fleet-local-local-1a3d67d0a899");
  EXPECT_EQ(safe_concat_name({std::string(64, 'a')}), std::string(57, 'a') + "-ffe05");
  EXPECT_EQ(registration_secret_name("client-id", "client-random"),
            "c-222d6c019b327c4b7c528277adc10867eed5f69c9c8d80141d055f3d85353");
}

TEST(Hashes, ContentAndDeployment) {
  std::vector<BundleResource> resources{{"foo", "bar", ""}};
  EXPECT_EQ(make_manifest(resources).sha256,
            "b538e5004002a3ba4700d90b52d258f575e288e584c03e0e301f2032e937ff9d");
  EXPECT_EQ(make_manifest({}).json, "{}\n");
  BundleDeploymentOptions options;
  EXPECT_EQ(deployment_id("s-1", options),
            "s-1:ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356");
  options.helm.emplace();
  std::string with_helm = deployment_id("", options);
  EXPECT_EQ(with_helm, ":2b3eb1c0044dd55963b580c402f9703533c40396e53a2aa27a2ba991ec15d145");
  // What silences drift is no part of the id.
  options.diff.emplace();
  options.correct_drift.emplace();
  EXPECT_EQ(deployment_id("", options), with_helm);
}

TEST(Hashes, ValuesOfABundle) {
  BundleSpec spec;
  spec.options.helm.emplace().values.emplace().data.set("key", "value");
  BundleTarget target;
  target.name = "target";
  target.options.helm.emplace().values.emplace().data.set("newkey", "value");
  spec.targets.push_back(target);
  auto values = extract_values(spec);
  ASSERT_TRUE(values.ok());
  EXPECT_EQ(values->hash, "17e05a97acde825d03ca37c2b8fc1aecf3f8f9fde28c21702492c56d4d4a68f1");
  BundleSpec bare = spec;
  clear_values(bare);
  EXPECT_FALSE(bare.options.helm->values.has_value());
  ASSERT_TRUE(restore_values(bare, values->data).ok());
  EXPECT_EQ(bare, spec);
}

TEST(Kinds, GoThroughDocuments) {
  Bundle bundle;
  bundle.metadata.name = "b";
  bundle.spec.targets.push_back({});
  bundle.spec.targets[0].target_namespace_labels["a"] = "b";
  kube::Object object = to_object(bundle);
  EXPECT_EQ(object.kind(), "Bundle");
  EXPECT_EQ(object.at({"spec", "targets", 0, "namespaceLabels", "a"}).as_string(), "b");
  auto again = from_object<Bundle>(object);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(*again, bundle);
}

}  // namespace
}  // namespace fleet::api
