#include "helm/engine/engine.h"

#include <gtest/gtest.h>

#include "helm/chart/values.h"
#include "helm/engine/manifest.h"

namespace fleet::helm {
namespace {

FileTree tree(std::initializer_list<std::pair<std::string, std::string>> files) {
  FileTree out;
  EXPECT_TRUE(out.add("Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n").ok());
  for (const auto& [path, bytes] : files)
    EXPECT_TRUE(out.add(path, bytes).ok());
  return out;
}

Chart chart(std::initializer_list<std::pair<std::string, std::string>> files) {
  auto loaded = load(tree(files));
  EXPECT_TRUE(loaded.ok()) << loaded.error().message();
  return std::move(loaded).value();
}

Result<Rendered> render_with(const Chart& chart, const char* values = "{}") {
  gotemplate::PureHost host;
  ReleaseOptions release;
  release.name = "rel";
  return render(chart, *read_values(values), release, default_capabilities(), host);
}

TEST(Render, ManifestsComeInInstallOrder) {
  auto rendered = render_with(chart({
      {"templates/a.yaml", "kind: Deployment\nmetadata: {name: d}"},
      {"templates/b.yaml", "kind: Service\nmetadata: {name: s}\n---\nkind: Zebra"},
      {"templates/hook.yaml",
       "kind: Job\nmetadata: {name: h, annotations: {helm.sh/hook: \"pre-install, test-success\", "
       "helm.sh/hook-weight: \"-3\"}}"},
      {"templates/NOTES.txt", "hello {{ .Release.Name }}"},
      {"crds/x.yaml", "kind: CustomResourceDefinition"},
  }));
  ASSERT_TRUE(rendered.ok()) << rendered.error().message();
  ASSERT_EQ(rendered->manifests.size(), 3U);
  EXPECT_EQ(rendered->manifests[0].kind, "Service");
  EXPECT_EQ(rendered->manifests[1].kind, "Deployment");
  EXPECT_EQ(rendered->manifests[2].kind, "Zebra");
  ASSERT_EQ(rendered->hooks.size(), 1U);
  EXPECT_EQ(rendered->hooks[0].events, (std::vector<std::string>{"pre-install", "test"}));
  EXPECT_EQ(rendered->hooks[0].weight, -3);
  EXPECT_EQ(rendered->notes, "hello rel");
  ASSERT_EQ(rendered->crds.size(), 1U);
  EXPECT_EQ(rendered->crds[0].name, "c/crds/x.yaml");
  EXPECT_TRUE(rendered->manifest.starts_with("---\n# Source: c/templates/b.yaml\n"));
}

TEST(Render, ObjectsOfTemplates) {
  struct Case {
    const char* rule;
    const char* text;
    const char* want;
  };
  constexpr Case kCases[] = {
      {"files are read", R"(a: {{ .Files.Get "conf/a.txt" }})", "a: one"},
      {"a missing file is empty", R"(a: "{{ .Files.Get "none" }}")", "a: \"\""},
      {"globs give files", R"(a: {{ len (.Files.Glob "conf/*") }})", "a: 2"},
      {"secrets are base64", R"({{ (.Files.Glob "conf/b.txt").AsSecrets }})", "b.txt: dHdv"},
      {"lines", R"(a: {{ .Files.Lines "conf/a.txt" }})", "a: [one]"},
      {"the chart has Helm's names", "a: {{ .Chart.Name }} {{ .Chart.IsRoot }}", "a: c true"},
      {"API versions can be asked for",
       R"(a: {{ .Capabilities.APIVersions.Has "apps/v1" }})",
       "a: true"},
      {"the version prints normalised", "a: {{ .Capabilities.KubeVersion }}", "a: v1.36.0"},
      {"the template knows its place",
       "a: {{ .Template.Name }} {{ .Template.BasePath }}",
       "a: c/templates/t.yaml c/templates"},
      {"values are common.Values", "a: {{ typeOf .Values }}", "a: common.Values"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.rule);
    auto rendered = render_with(
        chart({{"templates/t.yaml", c.text}, {"conf/a.txt", "one"}, {"conf/b.txt", "two"}}));
    ASSERT_TRUE(rendered.ok()) << rendered.error().message();
    EXPECT_EQ(rendered->manifests[0].content, c.want);
  }
}

TEST(Render, ErrorsAreHelms) {
  EXPECT_EQ(render_with(chart({{"templates/t.yaml", "a: {{ .x.y"}})).error().message(),
            "parse error at (c/templates/t.yaml:1): unclosed action");
  EXPECT_EQ(render_with(chart({{"templates/t.yaml", "a: {{ fail \"no\" }}"}})).error().message(),
            "execution error at (c/templates/t.yaml:1:6): no");
  EXPECT_EQ(render_with(chart({{"templates/t.yaml", "- a"}})).error().message(),
            "YAML parse error on c/templates/t.yaml: error unmarshaling JSON: while decoding JSON: "
            "json: cannot unmarshal array into Go value of type util.SimpleHead");
  EXPECT_EQ(render_with(chart({{"values.schema.json", R"({"required":["a"]})"}})).error().message(),
            "values don't meet the specifications of the schema(s) in the following chart(s):\n"
            "c:\n- at '': missing property 'a'\n");
}

TEST(Renderer, KeepsNothingOfTheLastRender) {
  Renderer renderer(
      chart({{"values.yaml", "m: {}"},
             {"templates/t.yaml",
              "a: {{ .Values.m.seen | default \"no\" }}{{ $_ := set .Values.m \"seen\" "
              "\"yes\" }} {{ .Values.port }}"}}));
  gotemplate::PureHost host;
  for (const char* port : {"1", "2", "3"}) {
    auto rendered = renderer.render(
        *read_values(std::string("port: ") + port), {.name = "r"}, default_capabilities(), host);
    ASSERT_TRUE(rendered.ok()) << rendered.error().message();
    EXPECT_EQ(rendered->manifests[0].content, std::string("a: no ") + port);
  }
}

TEST(SplitManifests, RepairsMissingNewlines) {
  auto parts = split_manifests("---apiVersion: v1\n---apiVersion: v2\n----\n");
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(parts[0], "apiVersion: v1");
  EXPECT_EQ(parts[1], "apiVersion: v2");
}

TEST(SortManifests, HeadsAreReadAsJsonIsDecoded) {
  auto sorted = sort_manifests(
      {{"c/a.yaml", "apiVersion: v1\nkind: A\nmetadata:\n  name: usual\n  labels: {x: y}\n"},
       {"c/b.yaml", "apiVersion: v1\nKIND: B\nmetadata:\n  Name: folded\n  generation: 1\n"},
       {"c/c.yaml",
        "kind: C\nmetadata:\n  name: 12\n  annotations: {helm.sh/hook: pre-install}\n"}},
      KindOrder::Install);
  ASSERT_TRUE(sorted.ok()) << sorted.error().message();
  ASSERT_EQ(sorted->manifests.size(), 2U);
  EXPECT_EQ(sorted->manifests[0].name, "usual");
  EXPECT_EQ(sorted->manifests[0].api_version, "v1");
  EXPECT_EQ(sorted->manifests[1].kind, "B");
  EXPECT_EQ(sorted->manifests[1].name, "folded");
  ASSERT_EQ(sorted->hooks.size(), 1U);
  EXPECT_EQ(sorted->hooks[0].name, "12");
  EXPECT_FALSE(sort_manifests({{"c/a.yaml", "kind: [A]\n"}}, KindOrder::Install).ok());
}

}  // namespace
}  // namespace fleet::helm
