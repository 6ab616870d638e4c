#include "kustomize/build.h"

#include <gtest/gtest.h>

#include "base/strings.h"
#include "kustomize/loader.h"

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

// What strangers may ask of a build is bounded, whatever its files say.
TEST(Build, EndsAtItsLimits) {
  auto chain = [](int length) {
    FileTree tree;
    for (int i = 0; i < length; ++i) {
      EXPECT_TRUE(
          tree.add(cat("b", i, "/kustomization.yaml"), cat("resources: [../b", i + 1, "]\n")).ok());
    }
    EXPECT_TRUE(tree.add(cat("b", length, "/kustomization.yaml"), "resources: [s.yaml]\n").ok());
    EXPECT_TRUE(tree.add(cat("b", length, "/s.yaml"), kService).ok());
    return build(tree, "b0", {});
  };
  auto fits = chain(kMaxFolderDepth);
  EXPECT_TRUE(fits.ok()) << fits.error().message();
  auto deep = chain(kMaxFolderDepth + 1);
  ASSERT_FALSE(deep.ok());
  EXPECT_TRUE(contains(deep.error().message(), "folders refer to each other"));

  // Each level names the next one twice, under two prefixes.
  FileTree wide;
  for (int i = 0; i < 30; ++i) {
    for (const char* side : {"c", "d"}) {
      EXPECT_TRUE(wide.add(cat(side, i, "/kustomization.yaml"),
                           cat("namePrefix: ", side, "-\nresources: [../b", i + 1, "]\n"))
                      .ok());
    }
    EXPECT_TRUE(
        wide.add(cat("b", i, "/kustomization.yaml"), cat("resources: [../c", i, ", ../d", i, "]\n"))
            .ok());
  }
  EXPECT_TRUE(wide.add("b30/kustomization.yaml", "resources: [s.yaml]\n").ok());
  EXPECT_TRUE(wide.add("b30/s.yaml", kService).ok());
  auto visited = build(wide, "b0", {});
  ASSERT_FALSE(visited.ok());
  EXPECT_TRUE(contains(visited.error().message(), "visits more than"));

  FileTree many = tree_of({{"kustomization.yaml", "resources: [s.yaml]\n"}});
  EXPECT_TRUE(many.add("s.yaml", repeat("\n---\na: b\n", kMaxDocuments)).ok());
  auto read = build(many, ".", {});
  ASSERT_FALSE(read.ok());
  EXPECT_TRUE(contains(read.error().message(), "documents"));
}

TEST(Build, RefusesAddedKeysThatAreNoTexts) {
  for (std::string_view fields : {"commonAnnotations: {'true': x}\n",
                                  "labels: [{pairs: {'12': x}}]\n",
                                  "configMapGenerator: [{name: c, literals: ['null=x']}]\n"}) {
    FileTree tree;
    ASSERT_TRUE(tree.add("kustomization.yaml", cat("resources: [s.yaml]\n", fields)).ok());
    ASSERT_TRUE(tree.add("s.yaml", kService).ok());
    auto built = build(tree, ".", {});
    ASSERT_FALSE(built.ok()) << fields;
    EXPECT_TRUE(
        contains(built.error().message(), "json: unsupported type: map[interface {}]interface {}"));
  }
}

}  // namespace
}  // namespace fleet::kustomize
