#include "fleet/bundle/read.h"

#include <gtest/gtest.h>

#include "fleet/bundle/folder.h"
#include "fleet/bundle/ignore.h"
#include "fleet/bundle/scan.h"
#include "fleet/bundle/source.h"

namespace fleet::bundle {
namespace {

// A repository in memory, with nothing around it.
class Memory : public Surroundings {
 public:
  void add(std::string_view path, std::string bytes, FileTree::Mode mode = FileTree::Mode::Plain) {
    ASSERT_TRUE(tree.add(path, std::move(bytes), mode).ok());
  }
  Result<std::string> read_file(const std::string& path) override {
    const std::string* bytes = tree.file(clean_path(path));
    if (!bytes) return Error{Code::NotFound, "open " + path + ": no such file or directory"};
    return *bytes;
  }
  bool exists(const std::string& path) override {
    return tree.file(clean_path(path)) || tree.has_folder(clean_path(path));
  }
  std::string absolute(const std::string& path) override { return join_path("/repo", path); }
  Result<FileTree> read_folder(const std::string& path) override { return tree.subtree(path); }
  Result<std::string> chart_url(const api::HelmOptions& chart, const Auth&) override {
    return chart.chart;
  }
  Result<FileTree> fetch(const std::string&,
                         const std::string& source,
                         const std::string&,
                         const Auth&) override {
    return Error{Code::NotFound, "no " + source};
  }
  Result<FileTree> update_dependencies(const std::string&, const FileTree&) override {
    return FileTree();
  }

  FileTree tree;
};

TEST(Read, AFolderBecomesABundle) {
  Memory around;
  around.add("app/cm.yaml", "kind: ConfigMap\n");
  around.add("app/.hidden.yaml", "x");
  around.add("app/fleet.yaml", "defaultNamespace: ns\nlabels: {a: b}\n");
  auto read = read_bundle_folder("repo-app", "app", {}, around);
  ASSERT_TRUE(read.ok()) << read.error().message();
  const api::Bundle& bundle = read->bundle;
  EXPECT_EQ(bundle.metadata.name, "repo-app");
  EXPECT_EQ(bundle.metadata.label("a"), "b");
  EXPECT_EQ(bundle.spec.options.default_namespace, "ns");
  ASSERT_EQ(bundle.spec.resources.size(), 1u);
  EXPECT_EQ(bundle.spec.resources[0].name, "cm.yaml");
  ASSERT_EQ(bundle.spec.targets.size(), 1u);
  EXPECT_EQ(bundle.spec.targets[0].cluster_group, "default");
}

TEST(Read, AWrongTypeNamesItsPath) {
  Memory around;
  around.add("app/fleet.yaml", "namespace: n\n");
  auto read = read_bundle_folder("x", "app", {}, around);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().message(),
            "failed to process bundle: reading fleet.yaml: error unmarshaling JSON: while decoding "
            "JSON: json: cannot unmarshal bool into Go struct field "
            "FleetYAML.BundleSpec.BundleDeploymentOptions.namespace of type string");
}

TEST(Read, AWrongRestrictionIsCalledSo) {
  Memory around;
  around.add("app/fleet.yaml", "targetRestrictions: [[x]]\n");
  auto read = read_bundle_folder("x", "app", {}, around);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().message(),
            "failed to process bundle: reading fleet.yaml: error unmarshaling JSON: while decoding "
            "JSON: json: cannot unmarshal array into Go struct field "
            "FleetYAML.BundleSpec.targetRestrictions of type v1alpha1.BundleTargetRestriction");
}

TEST(Read, ValuesFilesAreMergedAndLeftOut) {
  Memory around;
  around.add("app/Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n");
  around.add("app/dev.yaml", "a: {z: 2}\n");
  around.add("app/fleet.yaml", "helm: {chart: ., values: {a: {x: 1}}, valuesFiles: [dev.yaml]}\n");
  auto read = read_bundle_folder("x", "app", {}, around);
  ASSERT_TRUE(read.ok()) << read.error().message();
  const data::Value& values = read->bundle.spec.options.helm->values->data;
  EXPECT_EQ(values.at({"a", "x"}).as_int(), 1);
  EXPECT_EQ(values.at({"a", "z"}).as_int(), 2);
  ASSERT_EQ(read->bundle.spec.resources.size(), 1u);
}

TEST(Content, BytesThatAreNoTextAreCompressed) {
  std::string bytes("\xff\xfe\x00", 3);
  api::BundleResource resource = encode_resource("a.bin", bytes, Compress::No);
  EXPECT_EQ(resource.encoding, "base64+gz");
  EXPECT_EQ(decode_resource(resource).value(), bytes);
  api::Manifest manifest = api::make_manifest(std::span(&resource, 1));
  api::Content content = make_content(manifest);
  EXPECT_TRUE(read_content(content).ok());
  content.sha256_sum[0] ^= 1;
  EXPECT_FALSE(read_content(content).ok());
}

TEST(Scan, FoldersWithOptionsAndTheRoot) {
  FileTree tree;
  for (const char* path : {"a/fleet.yaml", "a/b/fleet.yml", "c/d/x.yaml", "e/readme.md"}) {
    ASSERT_TRUE(tree.add(path, "").ok());
  }
  auto found = scan_classic(tree, {"."});
  ASSERT_TRUE(found.ok());
  std::vector<std::string> names;
  for (const BundleFolder& folder : *found) {
    names.push_back(folder.base);
  }
  EXPECT_EQ(names, (std::vector<std::string>{".", "a", "a/b"}));
  EXPECT_TRUE(scan_classic(tree, {"e"}).value().empty());
  EXPECT_EQ(scan_classic(tree, {"*"}).value().size(), 3u);
}

TEST(Links, MustStayInside) {
  FileTree tree;
  ASSERT_TRUE(tree.add("real.yaml", "x").ok());
  ASSERT_TRUE(tree.add("dir/in.yaml", "../real.yaml", FileTree::Mode::Link).ok());
  ASSERT_TRUE(tree.add("out.yaml", "../secret", FileTree::Mode::Link).ok());
  ASSERT_TRUE(tree.add("gone.yaml", "nowhere", FileTree::Mode::Link).ok());
  ASSERT_TRUE(tree.add("loop", "loop", FileTree::Mode::Link).ok());
  EXPECT_EQ(follow(tree, "dir/in.yaml", "/r").path, "real.yaml");
  EXPECT_EQ(follow(tree, "out.yaml", "/r").kind, Followed::Kind::Outside);
  EXPECT_EQ(follow(tree, "gone.yaml", "/r").kind, Followed::Kind::Missing);
  EXPECT_EQ(follow(tree, "loop", "/r").kind, Followed::Kind::Missing);
}

TEST(Ignore, PatternsMatchNames) {
  IgnoreTree tree("/r");
  tree.add("/r", "*.md\n# comment\ndir/*\n");
  EXPECT_TRUE(tree.is_ignored("/r/a.md", IgnoreTree::Entry::File).value());
  EXPECT_TRUE(tree.is_ignored("/r/x/dir", IgnoreTree::Entry::Folder).value());
  EXPECT_FALSE(tree.is_ignored("/r/dir", IgnoreTree::Entry::File).value());
}

TEST(Source, SecretsAreNotShown) {
  EXPECT_EQ(redact_url("https://u:secret@h/a.tgz"), "https://u:xxxxx@h/a.tgz");
  EXPECT_EQ(parse_source("github.com/u/r/sub", "/b").value().sub_dir, "sub");
  EXPECT_EQ(parse_source("chart", "/b").value().url, "/b/chart");
}

}  // namespace
}  // namespace fleet::bundle
