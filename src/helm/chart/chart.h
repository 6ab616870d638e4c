// Chart: a chart as loaded, with its subcharts. Read this first.
//
//   auto chart = TRY(load(tree));                       // a folder as FileTree
//   auto chart = TRY(load_archive(tgz));                // a .tgz
//   auto rendered = TRY(render(chart, values, …));      // helm/engine
//
// A Chart is cheap to copy: texts, files and metadata are shared and never changed. What Helm
// changes in a chart while it processes dependencies is here a new Chart (dependencies.h).
// Values come out with Go's numbers: every number of a file is a double.
//
// As Helm 4.2.3: pkg/chart/loader, pkg/chart/v2/loader. Errors: Invalid, in Helm's texts.
// Limits: kMaxFileBytes a file, kMaxChartBytes an archive (unpacked), kMaxChartDepth charts inside
// each other. Threads: const access from any number of them.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_tree.h"
#include "base/result.h"
#include "data/value/value.h"
#include "helm/chart/metadata.h"

namespace fleet::helm {

inline constexpr size_t kMaxFileBytes = size_t{5} << 20;
inline constexpr size_t kMaxChartBytes = size_t{100} << 20;
inline constexpr size_t kMaxChartDepth = 64;
inline constexpr size_t kMaxChartFiles = 100'000;  // in an archive

struct ChartFile {
  std::string name;  // relative to the chart: "templates/a.yaml"
  std::string bytes;
};
using ChartFiles = std::vector<ChartFile>;

struct Crd {
  std::string path;  // "parent/charts/sub/crds/a.yaml"
  const std::string* bytes = nullptr;
};

struct Chart {
  std::shared_ptr<const Metadata> metadata;
  std::shared_ptr<const Lock> lock;  // null without Chart.lock
  std::shared_ptr<const ChartFiles> templates;
  std::shared_ptr<const ChartFiles> files;    // everything else, crds/ included
  std::shared_ptr<const std::string> schema;  // values.schema.json; null if absent
  data::Value values;                         // an object, or null without values.yaml
  std::vector<Chart> dependencies;            // by the names of their files in charts/

  const std::string& name() const { return metadata->name; }
  bool is_library() const { return metadata->is_library(); }
};

// A chart folder: `.helmignore` is obeyed. The tree's root holds Chart.yaml; links must have been
// resolved by whoever read the tree.
Result<Chart> load(const FileTree& tree);
// A .tgz: paths are checked, their first name is dropped; `.helmignore` plays no part.
Result<Chart> load_archive(std::string_view archive);
// Files with paths relative to the chart, in the order given.
Result<Chart> load_files(ChartFiles files);

// The files of an archive, checked and with their first name dropped.
Result<ChartFiles> read_archive(std::string_view archive);

// Files of crds/ with a manifest's extension, of the chart and then of its dependencies.
// Lifetime: while `chart` is there.
std::vector<Crd> crds(const Chart& chart);

// "c", "c/charts/d": where a chart stands in its tree.
std::string full_path(std::string_view parent_path, const Chart& chart);

// "found in Chart.yaml, but missing in charts/ directory: a, b" when dependencies are missing.
Result<> check_dependencies(const Chart& chart);

}  // namespace fleet::helm
