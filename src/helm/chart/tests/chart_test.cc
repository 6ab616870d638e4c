#include "helm/chart/chart.h"

#include <gtest/gtest.h>

#include "codec/gzip.h"
#include "codec/tar.h"
#include "data/json/print.h"
#include "helm/chart/dependencies.h"
#include "helm/chart/kube_version.h"
#include "helm/chart/strvals.h"
#include "helm/chart/values.h"

namespace fleet::helm {
namespace {

using data::Value;

std::string json(const Value& value) {
  return json::print(value, json::Keys::Sorted);
}

FileTree tree(std::initializer_list<std::pair<const char*, const char*>> files) {
  FileTree out;
  for (const auto& [path, bytes] : files)
    EXPECT_TRUE(out.add(path, bytes).ok());
  return out;
}

constexpr const char* kChartYaml = "apiVersion: v2\nname: c\nversion: 1.0.0\n";

TEST(Load, SortsFilesIntoTheirPlaces) {
  auto chart = load(tree({{"Chart.yaml", kChartYaml},
                          {"values.yaml", "port: 8080"},
                          {"templates/a.yaml", "a"},
                          {"crds/x.yaml", "x"},
                          {"README.md", "r"},
                          {".helmignore", "README.md\n"},
                          {"charts/s/Chart.yaml", "apiVersion: v2\nname: s\nversion: 0.1.0\n"},
                          {"charts/s/crds/y.YAML", "y"}}));
  ASSERT_TRUE(chart.ok()) << chart.error().message();
  EXPECT_EQ(chart->name(), "c");
  EXPECT_EQ(chart->templates->size(), 1U);
  EXPECT_EQ(chart->values["port"].type(), data::Type::Double);
  ASSERT_EQ(chart->dependencies.size(), 1U);
  auto found = crds(*chart);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[1].path, "c/charts/s/crds/y.YAML");
  for (const ChartFile& file : *chart->files)
    EXPECT_NE(file.name, "README.md");
}

TEST(Load, RefusesInHelmsWords) {
  struct Case {
    const char* rule;
    const char* chart_yaml;
    const char* want;
  };
  constexpr Case kCases[] = {
      {"a name is needed",
       "apiVersion: v2\nversion: 1.0.0",
       "validation: chart.metadata.name is required"},
      {"so is a version",
       "apiVersion: v2\nname: c",
       "validation: chart.metadata.version is required"},
      {"a version must be one",
       "apiVersion: v2\nname: c\nversion: bad",
       "validation: chart.metadata.version \"bad\" is invalid"},
      {"aliases are words",
       "apiVersion: v2\nname: c\nversion: 1.0.0\ndependencies: [{name: d, alias: a.b}]",
       "validation: dependency \"d\" has disallowed characters in the alias"},
      {"version 3 is not for us",
       "apiVersion: v3\nname: c\nversion: 1.0.0",
       "invalid chart apiVersion"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.rule);
    EXPECT_EQ(load(tree({{"Chart.yaml", c.chart_yaml}})).error().message(), c.want);
  }
}

std::string archive_of(std::initializer_list<std::pair<const char*, const char*>> files) {
  std::vector<codec::TarEntry> entries;
  for (const auto& [name, bytes] : files) {
    codec::TarEntry entry;
    entry.name = name;
    entry.bytes = bytes;
    entries.push_back(std::move(entry));
  }
  return codec::gzip(codec::write_tar(entries));
}

TEST(Archive, PathsAreChecked) {
  struct Case {
    const char* rule;
    const char* path;
    const char* want;
  };
  constexpr Case kCases[] = {
      {"no absolute paths",
       "c//etc/passwd",
       "unable to load chart archive: chart illegally contains absolute paths"},
      {"no way out",
       "c/../../x",
       "unable to load chart archive: chart illegally references parent directory"},
      {"everything in one folder",
       "x",
       "unable to load chart archive: chart illegally contains content outside the base directory: "
       "\"x\""},
      {"no drives", "c/c:/x", "unable to load chart archive: chart contains illegally named files"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.rule);
    auto loaded = load_archive(archive_of({{"c/Chart.yaml", kChartYaml}, {c.path, "x"}}));
    ASSERT_FALSE(loaded.ok());
    EXPECT_EQ(loaded.error().message(), c.want);
  }
  EXPECT_TRUE(load_archive(archive_of({{"c/Chart.yaml", kChartYaml}})).ok());
  EXPECT_TRUE(load_archive(archive_of({{"c\\Chart.yaml", kChartYaml}})).ok());
}

TEST(Archive, LargeFilesAreRefused) {
  std::string large(kMaxFileBytes + 1, 'x');
  std::vector<codec::TarEntry> entries(1);
  entries[0].name = "c/big";
  entries[0].bytes = large;
  auto refused = read_archive(codec::gzip(codec::write_tar(entries)));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message(),
            "decompressed chart file \"c/big\" is larger than the maximum file size 5242880");
  entries[0].bytes.resize(kMaxFileBytes);
  EXPECT_TRUE(read_archive(codec::gzip(codec::write_tar(entries))).ok());
}

TEST(Dependencies, ConditionsTagsAndAliases) {
  auto chart = load(tree({{"Chart.yaml",
                           "apiVersion: v2\nname: c\nversion: 1.0.0\n"
                           "dependencies:\n"
                           "- {name: s, version: 0.1.0, alias: one, condition: one.enabled}\n"
                           "- {name: s, version: 0.1.0, alias: two, tags: [t]}\n"},
                          {"values.yaml", "one: {enabled: true}"},
                          {"charts/s/Chart.yaml", "apiVersion: v2\nname: s\nversion: 0.1.0\n"}}));
  ASSERT_TRUE(chart.ok()) << chart.error().message();
  auto names = [&](const char* values) {
    std::string out;
    auto enabled = enable_dependencies(*chart, *read_values(values));
    EXPECT_TRUE(enabled.ok());
    for (const Chart& sub : enabled->dependencies)
      out += sub.name() + " ";
    return out;
  };
  EXPECT_EQ(names("{}"), "one two ");
  EXPECT_EQ(names("one: {enabled: false}"), "two ");
  EXPECT_EQ(names("tags: {t: false}"), "one ");
}

TEST(Values, UserNullsRemoveDefaults) {
  auto chart = load(tree({{"Chart.yaml", kChartYaml}, {"values.yaml", "a: {b: 1, c: 2}\nd: 3"}}));
  ASSERT_TRUE(chart.ok());
  EXPECT_EQ(json(*coalesce_values(*chart, *read_values("a: {b: null}\nd: null\ne: null"))),
            R"({"a":{"c":2},"e":null})");
}

TEST(Strvals, Language) {
  Value values = Value::object();
  EXPECT_TRUE(set_values("a.b=1,c={x,y},d[1].e=true,f=0x1,g=null", values).ok());
  EXPECT_EQ(json(values),
            R"({"a":{"b":1},"c":["x","y"],"d":[null,{"e":true}],"f":"0x1","g":null})");
  EXPECT_EQ(set_values("a[65537]=1", values).error().message(),
            "unable to parse key: interface conversion: interface {} is map[string]interface {}, "
            "not []interface {}");
  EXPECT_EQ(set_values("n[65537]=1", values).error().message(),
            "index of 65537 is greater than maximum supported index of 65536");
  std::string deep = "k";
  for (int i = 0; i < kMaxNestedNames; ++i)
    deep += ".k";
  EXPECT_TRUE(set_values(deep + "=1", values).ok());
  Value other = Value::object();
  EXPECT_EQ(set_values(deep + ".k=1", other).error().message(),
            "value name nested level is greater than maximum supported nested level of 30");
}

TEST(KubeVersion, Suffixes) {
  auto version = parse_kube_version("1.33.4-gke.1");
  ASSERT_TRUE(version.ok());
  EXPECT_EQ(version->version, "v1.33.4-gke.1");
  EXPECT_EQ(version->text(), "v1.33.4");
  EXPECT_EQ(parse_kube_version("x").error().message(), "could not parse \"x\" as version");
}

}  // namespace
}  // namespace fleet::helm
