#include <algorithm>
#include <map>
#include <set>

#include "base/strings.h"
#include "data/fields/fields.h"
#include "data/fields/from_yaml.h"
#include "data/yaml/yaml.h"
#include "helm/chart/chart.h"
#include "helm/chart/values.h"
#include "text/ignore.h"

namespace fleet::helm {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

Error refuse(std::string message) {
  return Error(Code::Invalid, std::move(message));
}

// What tells the chart formats apart.
struct FormatProbe {
  std::string api_version;

  static constexpr const char* kGoType = "loader.chartBase";
  static data::Fields fields() {
    return {data::field("apiVersion", &FormatProbe::api_version, "The chart format.")};
  }
};

Result<> check_format(const std::string& chart_yaml) {
  constexpr std::string_view kDoing = "cannot load Chart.yaml";
  auto document = yaml::parse_for_fields(chart_yaml);
  auto probe = TRY(data::decode_yaml<FormatProbe>(std::move(document)).within(kDoing));
  const std::string& version = probe.api_version;
  if (version.empty() || version == "v1" || version == "v2") return {};
  return refuse(version == "v3" ? "invalid chart apiVersion" : "unsupported chart version");
}

using SubchartFiles = std::map<std::string, ChartFiles, std::less<>>;

Result<Chart> load_at_depth(ChartFiles files, size_t depth);

// Reads one chart's files into its parts, in their order.
class Loader {
 public:
  Result<Chart> run(ChartFiles files, size_t depth) {
    for (const ChartFile& file : files) {
      if (file.name == "Chart.yaml") TRY(read_chart_yaml(file));
    }
    for (ChartFile& file : files)
      TRY(place(file));
    if (!has_metadata_) return refuse("Chart.yaml file is missing");
    TRY(validate(metadata_));
    TRY(load_subcharts(depth));
    chart_.metadata = std::make_shared<const Metadata>(std::move(metadata_));
    chart_.templates = std::make_shared<const ChartFiles>(std::move(templates_));
    chart_.files = std::make_shared<const ChartFiles>(std::move(files_));
    return std::move(chart_);
  }

 private:
  Result<> read_chart_yaml(const ChartFile& file) {
    has_metadata_ = true;
    TRY(read_yaml(file.bytes, metadata_).within("cannot load Chart.yaml"));
    if (metadata_.api_version.empty()) metadata_.api_version = "v1";
    return {};
  }

  Result<> place(ChartFile& file) {
    const std::string& name = file.name;
    if (name == "Chart.yaml") return {};
    if (name == "Chart.lock") return read_lock(file);
    if (name == "values.yaml") {
      chart_.values = TRY(load_values(file.bytes).within("cannot load values.yaml"));
    } else if (name == "values.schema.json") {
      chart_.schema = std::make_shared<const std::string>(std::move(file.bytes));
    } else if (name == "requirements.yaml") {
      has_metadata_ = true;
      TRY(read_yaml(file.bytes, metadata_).within("cannot load requirements.yaml"));
      if (metadata_.api_version == "v1") files_.push_back(std::move(file));
    } else if (name == "requirements.lock") {
      has_metadata_ = true;
      TRY(read_lock(file));
      if (metadata_.api_version == "v1") files_.push_back(std::move(file));
    } else if (name.starts_with("templates/")) {
      templates_.push_back(std::move(file));
    } else if (name.starts_with("charts/") && extension(name) != ".prov") {
      std::string inner = name.substr(7);
      std::string first(inner.substr(0, inner.find('/')));
      subcharts_[first].push_back({std::move(inner), std::move(file.bytes)});
    } else {
      files_.push_back(std::move(file));
    }
    return {};
  }

  Result<> read_lock(const ChartFile& file) {
    auto lock = std::make_shared<Lock>();
    TRY(read_yaml(file.bytes, *lock).within(cat("cannot load ", file.name)));
    chart_.lock = std::move(lock);
    return {};
  }

  Result<> load_subcharts(size_t depth) {
    for (auto& [name, files] : subcharts_) {
      if (name.starts_with('_') || name.starts_with('.')) continue;
      std::string doing = cat("error unpacking subchart ", name, " in ", metadata_.name);
      if (depth >= kMaxChartDepth) return refuse("charts nest too deeply").within(doing);
      if (extension(name) != ".tgz") {
        chart_.dependencies.push_back(
            TRY(load_at_depth(below_first(std::move(files)), depth + 1).within(doing)));
        continue;
      }
      if (files[0].name != name) {
        return refuse(cat("error unpacking subchart tar in ",
                          metadata_.name,
                          ": expected ",
                          name,
                          ", got ",
                          files[0].name));
      }
      ChartFiles unpacked = TRY(read_archive(files[0].bytes).within(doing));
      chart_.dependencies.push_back(
          TRY(load_at_depth(std::move(unpacked), depth + 1).within(doing)));
    }
    return {};
  }

  // Files in the folder of a subchart; a file beside such folders belongs to none.
  static ChartFiles below_first(ChartFiles files) {
    ChartFiles out;
    for (ChartFile& file : files) {
      size_t slash = file.name.find('/');
      if (slash == std::string::npos) continue;
      out.push_back({file.name.substr(slash + 1), std::move(file.bytes)});
    }
    return out;
  }

  Chart chart_;
  Metadata metadata_;
  bool has_metadata_ = false;
  ChartFiles templates_;
  ChartFiles files_;
  SubchartFiles subcharts_;
};

Result<Chart> load_at_depth(ChartFiles files, size_t depth) {
  return Loader().run(std::move(files), depth);
}

// Walks a folder in the order of filepath.Walk: names of each folder in byte order.
bool walk_less(const std::string& a, const std::string& b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    auto rank = [](char c) { return c == '/' ? 0 : static_cast<int>(static_cast<uint8_t>(c)) + 1; };
    return rank(x) < rank(y);
  });
}

class IgnoreWalk {
 public:
  explicit IgnoreWalk(text::IgnoreRules rules)
      : rules_(std::move(rules)) {}

  bool ignores(const std::string& path) {
    using Kind = text::IgnoreRules::Kind;
    for (size_t slash = path.find('/'); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
      std::string folder = path.substr(0, slash);
      auto [found, is_new] = folders_.emplace(folder, false);
      if (is_new) found->second = rules_.ignores(folder, Kind::Folder);
      if (found->second) return true;
    }
    return rules_.ignores(path, Kind::File);
  }

 private:
  text::IgnoreRules rules_;
  std::map<std::string, bool> folders_;
};

}  // namespace

Result<Chart> load_files(ChartFiles files) {
  return load_at_depth(std::move(files), 0);
}

Result<Chart> load(const FileTree& tree) {
  text::IgnoreRules rules;
  if (const std::string* text = tree.file(".helmignore")) {
    rules = TRY(text::IgnoreRules::parse(*text));
  }
  rules.add_defaults();
  IgnoreWalk walk(std::move(rules));
  ChartFiles files;
  for (const auto& [path, file] : tree.files()) {
    if (walk.ignores(path)) continue;
    if (file.mode == FileTree::Mode::Link) {
      return refuse(cat("cannot load irregular file ", path, " as it has file mode type bits set"));
    }
    if (file.bytes.size() > kMaxFileBytes) {
      return Error(Code::RequestEntityTooLarge,
                   cat("chart file ",
                       quote(base_name(path)),
                       " is larger than the maximum file size ",
                       kMaxFileBytes));
    }
    files.push_back({path, std::string(trim_prefix(file.bytes, kByteOrderMark))});
  }
  std::sort(files.begin(), files.end(), [](const ChartFile& a, const ChartFile& b) {
    return walk_less(a.name, b.name);
  });
  // The format is told by the file itself, even when it is ignored.
  if (const std::string* chart_yaml = tree.file("Chart.yaml")) TRY(check_format(*chart_yaml));
  return load_at_depth(std::move(files), 0);
}

Result<Chart> load_archive(std::string_view archive) {
  auto files = read_archive(archive);
  if (!files.ok() && files.error().message() == "gzip: invalid header") {
    return refuse(cat("stream does not appear to be a valid chart file (details: ",
                      files.error().message(),
                      ")"));
  }
  ChartFiles unpacked = TRY(std::move(files).within("unable to load chart archive"));
  auto found = std::find_if(unpacked.begin(), unpacked.end(), [](const ChartFile& file) {
    return file.name == "Chart.yaml";
  });
  if (found == unpacked.end()) {
    return refuse("unable to detect chart version, no Chart.yaml found");
  }
  TRY(check_format(found->bytes));
  return load_at_depth(std::move(unpacked), 0);
}

std::string full_path(std::string_view parent_path, const Chart& chart) {
  return parent_path.empty() ? chart.name() : cat(parent_path, "/charts/", chart.name());
}

namespace {

void collect_crds(const Chart& chart, std::string_view parent, std::vector<Crd>& out) {
  std::string own = full_path(parent, chart);
  for (const ChartFile& file : *chart.files) {
    std::string_view kind = extension(file.name);
    bool manifest =
        equal_fold(kind, ".yaml") || equal_fold(kind, ".yml") || equal_fold(kind, ".json");
    if (file.name.starts_with("crds/") && manifest) {
      out.push_back({join_path(own, file.name), &file.bytes});
    }
  }
  for (const Chart& dependency : chart.dependencies)
    collect_crds(dependency, own, out);
}

}  // namespace

std::vector<Crd> crds(const Chart& chart) {
  std::vector<Crd> out;
  collect_crds(chart, {}, out);
  return out;
}

Result<> check_dependencies(const Chart& chart) {
  std::set<std::string_view> present;
  for (const Chart& dependency : chart.dependencies)
    present.insert(dependency.name());
  std::vector<std::string> missing;
  for (const std::optional<Dependency>& wanted : chart.metadata->dependencies) {
    if (!present.contains(wanted->name)) missing.push_back(wanted->name);
  }
  if (missing.empty()) return {};
  return refuse(
      cat("found in Chart.yaml, but missing in charts/ directory: ", join(missing, ", ")));
}

}  // namespace fleet::helm
