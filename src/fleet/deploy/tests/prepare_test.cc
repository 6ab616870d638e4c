#include "fleet/deploy/prepare.h"

#include <gtest/gtest.h>

#include "fleet/deploy/object_set.h"
#include "fleet/deploy/overlay.h"
#include "fleet/deploy/style.h"

namespace fleet::deploy {
namespace {

constexpr const char* kConfigMap =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {k: v}\n";

Request plain() {
  Request out;
  out.bundle_id = "demo";
  out.resources = {{"cm.yaml", kConfigMap, ""}};
  return out;
}

Result<Objects> rendered(const Request& request) {
  gotemplate::PureHost host;
  auto prepared = TRY(prepare(request, values_of(request), TRY(offline_capabilities("")), host));
  return objects_of(prepared.rendered);
}

TEST(Prepare, PlainManifestsAreMarked) {
  Request request = plain();
  request.options.target_namespace = "ns";
  auto objects = rendered(request);
  ASSERT_TRUE(objects.ok()) << objects.error().message();
  ASSERT_EQ(objects->manifests.size(), 1u);
  const data::Value& metadata = objects->manifests[0]["metadata"];
  EXPECT_EQ(metadata["namespace"].as_string(), "ns");
  EXPECT_EQ(metadata.at({"annotations", "objectset.rio.cattle.io/id"}).as_string(), "default-demo");
}

TEST(Prepare, ChartsAreRendered) {
  Request request;
  request.bundle_id = "demo";
  request.resources = {{"Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n", ""},
                       {"templates/a.yaml",
                        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Values.n }}}\n",
                        ""}};
  request.options.helm.emplace().values.emplace().data.set("n", "hello");
  request.options.helm->chart = ".";
  auto objects = rendered(request);
  ASSERT_TRUE(objects.ok()) << objects.error().message();
  EXPECT_EQ(objects->manifests.at(0).at({"metadata", "name"}).as_string(), "hello");
}

TEST(Prepare, BrokenTextsOfChartsAreNamed) {
  Request request;
  request.resources = {{"Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n", ""},
                       {"templates/a.yaml", "kind: [\n", ""}};
  request.options.helm.emplace().chart = ".";
  EXPECT_EQ(
      rendered(request).error().message(),
      "error merging manifests: parsing c/templates/a.yaml: MalformedYAMLError: yaml: line 1: "
      "did not find expected node content");
}

TEST(Prepare, KustomizeWorksOnWhatIsThere) {
  Request request = plain();
  request.resources.push_back({"kustomization.yaml", "resources: [cm.yaml]\nnamePrefix: x-\n", ""});
  auto objects = rendered(request);
  ASSERT_TRUE(objects.ok()) << objects.error().message();
  EXPECT_EQ(objects->manifests.at(0).at({"metadata", "name"}).as_string(), "x-a");
}

TEST(Prepare, DefinitionsAreKeptUnlessAsked) {
  Request request = plain();
  request.resources[0].content =
      "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
      "metadata: {name: xs.g}\n";
  auto objects = rendered(request);
  ASSERT_TRUE(objects.ok());
  data::Path policy = {"metadata", "annotations", "helm.sh/resource-policy"};
  EXPECT_EQ(objects->manifests.at(0).at(policy).as_string(), "keep");
}

TEST(Prepare, ClusterScopedObjectsDoNotGoIntoANamespace) {
  Request request = plain();
  request.options.target_namespace = "ns";
  request.is_cluster_scoped = [](std::string_view, std::string_view) -> Result<bool> {
    return true;
  };
  auto objects = rendered(request);
  ASSERT_FALSE(objects.ok());
  EXPECT_NE(objects.error().message().find("invalid cluster scoped object [name=a"),
            std::string::npos);
}

TEST(Overlay, FilesReplaceAndPatch) {
  std::vector<api::BundleResource> resources = {
      {"cm.yaml", kConfigMap, ""},
      {"overlays/dev/cm_patch.yaml", "data: {k: dev}\n", ""},
      {"overlays/dev/new.yaml", kConfigMap, ""}};
  auto out = apply_overlays(resources, {"dev"});
  ASSERT_TRUE(out.ok()) << out.error().message();
  ASSERT_EQ(out->size(), 2u);
  EXPECT_NE((*out)[0].content.find("\"k\":\"dev\""), std::string::npos);
  resources[1].name = "overlays/dev/none_patch.yaml";
  auto missing = apply_overlays(resources, {"dev"});
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().message(), "failed to find base file none.yaml to patch");
}

TEST(ObjectSet, AgentsHaveAnIdOfTheirOwn) {
  EXPECT_EQ(set_id("demo", "default", ""), "default-demo");
  EXPECT_EQ(set_id("demo", "", ""), "-demo");
  EXPECT_EQ(set_id("fleet-agent-c", "default", "scope"), "fleet-agent-bootstrap-scope");
  EXPECT_EQ(set_labels("-test").begin()->second, "c0fae66aeeea5c9703d7410307d74609c272103d");
}

}  // namespace
}  // namespace fleet::deploy
