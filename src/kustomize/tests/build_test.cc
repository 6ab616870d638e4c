#include "kustomize/build.h"

#include <gtest/gtest.h>

namespace fleet::kustomize {
namespace {

constexpr const char* kService =
    "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  type: ClusterIP\n";

FileTree tree_of(std::initializer_list<std::pair<const char*, const char*>> files) {
  FileTree tree;
  for (const auto& [path, text] : files)
    EXPECT_TRUE(tree.add(path, text).ok());
  return tree;
}

TEST(Build, AddsAPrefixAndANamespace) {
  FileTree tree =
      tree_of({{"kustomization.yaml", "resources: [s.yaml]\nnamePrefix: a-\nnamespace: apps\n"},
               {"s.yaml", kService}});
  auto built = build(tree, ".", {});
  ASSERT_TRUE(built.ok()) << built.error().message();
  EXPECT_EQ(built->yaml(),
            "apiVersion: v1\nkind: Service\nmetadata:\n  name: a-web\n  namespace: apps\nspec:\n"
            "  type: ClusterIP\n");
}

TEST(Build, MergesAPatchIntoABase) {
  FileTree tree = tree_of(
      {{"base/kustomization.yaml", "resources: [s.yaml]\n"},
       {"base/s.yaml", kService},
       {"over/kustomization.yaml",
        "resources: [../base]\npatches:\n- patch: |\n    apiVersion: v1\n    kind: Service\n"
        "    metadata:\n      name: web\n    spec:\n      type: NodePort\n"}});
  auto built = build(tree, "over", {});
  ASSERT_TRUE(built.ok()) << built.error().message();
  ASSERT_EQ(built->objects.size(), 1u);
  EXPECT_EQ(built->objects[0]["spec"]["type"].as_string(), "NodePort");
}

TEST(Build, RefusesARemoteBase) {
  FileTree tree =
      tree_of({{"kustomization.yaml", "resources: [\"https://github.com/a/b?ref=v1\"]\n"}});
  EXPECT_FALSE(build(tree, ".", {}).ok());
}

}  // namespace
}  // namespace fleet::kustomize
