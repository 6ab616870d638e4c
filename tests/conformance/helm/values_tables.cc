// Tables strvals, helm-values and helm-chart.
#include "base/strings.h"
#include "data/yaml/yaml.h"
#include "helm/chart/chart.h"
#include "helm/chart/dependencies.h"
#include "helm/chart/kube_version.h"
#include "helm/chart/strvals.h"
#include "helm/chart/values.h"
#include "helm/parts.h"
#include "text/semver.h"

namespace fleet::conformance {
namespace {

using data::Value;

Result<Value> run_strvals(const std::string& group, const Value& in) {
  std::string set = recorded_bytes(in["set"]);
  Value values = helm::as_doubles(in["base"]);
  if (values.is_null()) values = Value::object();
  if (group == "set") TRY(helm::set_values(set, values));
  if (group == "set-string") TRY(helm::set_strings(set, values));
  if (group == "set-literal") TRY(helm::set_literal(set, values));
  if (group == "set-json") TRY(helm::set_json(set, values));
  if (group == "set-file") {
    TRY(helm::set_files(set, values, [](std::string_view path) -> Result<Value> {
      if (contains(path, "none")) {
        return Error(Code::NotFound, cat("open ", path, ": no such file or directory"));
      }
      return Value(cat("<", path, ">"));
    }));
  }
  if (group == "to-yaml") {
    TRY(helm::set_values(set, values));
    return Value(trim_suffix(yaml::print(values), "\n"));
  }
  return values;
}

Result<helm::Chart> make_chart(const Value& in) {
  auto metadata =
      std::make_shared<helm::Metadata>(TRY(data::decode<helm::Metadata>(in["metadata"])));
  metadata->name = in["name"].to_string();
  if (metadata->version.empty()) metadata->version = "0.1.0";
  if (metadata->api_version.empty()) metadata->api_version = "v2";
  helm::Chart chart;
  chart.metadata = std::move(metadata);
  chart.templates = chart.files = std::make_shared<const helm::ChartFiles>();
  chart.values = helm::as_doubles(in["values"]);
  for (const Value& inner : in["charts"].items()) {
    chart.dependencies.push_back(TRY(make_chart(inner)));
  }
  return chart;
}

void list_paths(const helm::Chart& chart,
                const std::string& parent,
                std::vector<std::string>& out) {
  std::string own = helm::full_path(parent, chart);
  for (const helm::Chart& inner : chart.dependencies) {
    out.push_back(helm::full_path(own, inner));
    list_paths(inner, own, out);
  }
}

Result<Value> run_dependencies(const Value& in) {
  Value values = helm::as_doubles(in["values"]);
  auto chart = TRY(helm::process_dependencies(TRY(make_chart(in["chart"])), values));
  std::vector<std::string> paths;
  list_paths(chart, "", paths);
  std::sort(paths.begin(), paths.end());
  Value enabled;  // a nil slice when nothing is left
  if (!paths.empty()) enabled = Value::array();
  for (const std::string& path : paths)
    enabled.push_back(path);
  return Value::object({{"chartValues", chart.values},
                        {"enabled", enabled},
                        {"values", TRY(helm::coalesce_values(chart, values))}});
}

Result<Value> run_values(const std::string& group, const Value& in) {
  if (group == "coalesce" || group == "merge") {
    auto chart = TRY(make_chart(in["chart"]));
    Value values = helm::as_doubles(in["values"]);
    return group == "merge" ? helm::merge_values(chart, values)
                            : helm::coalesce_values(chart, values);
  }
  if (group == "coalesce-tables") {
    return helm::coalesce_tables(helm::as_doubles(in["dst"]), helm::as_doubles(in["src"]));
  }
  if (group == "merge-tables") {
    return helm::merge_tables(helm::as_doubles(in["dst"]), helm::as_doubles(in["src"]));
  }
  if (group == "dependencies") return run_dependencies(in);
  if (group == "read-values") return helm::read_values(in["yaml"].to_string());
  if (group == "load-values") return helm::load_values(in["yaml"].to_string());
  Value lookup =
      TRY(helm::read_values("{a: {b: {c: 1, e: {}}, l: [1]}, s: str, empty: {}, nil: null}"));
  lookup.set("nil", Value());
  std::string path = in["path"].to_string();
  return group == "table" ? helm::find_table(lookup, path) : helm::find_path_value(lookup, path);
}

Value describe(const helm::Chart& chart) {
  Value charts = Value::object();
  for (const helm::Chart& inner : chart.dependencies)
    charts.set(inner.name(), describe(inner));
  Value crds = Value::array();
  for (const helm::Crd& crd : helm::crds(chart))
    crds.push_back(crd.path);
  auto names = [](const helm::ChartFiles& files) {
    Value out = Value::array();
    for (const helm::ChartFile& file : files)
      out.push_back(file.name);
    return out;
  };
  return Value::object({{"charts", charts},
                        {"crds", crds},
                        {"files", names(*chart.files)},
                        {"lock", chart.lock != nullptr},
                        {"metadata", data::encode(*chart.metadata)},
                        {"schema", chart.schema ? *chart.schema : std::string()},
                        {"templates", names(*chart.templates)},
                        {"values", chart.values}});
}

Result<Value> run_chart(const std::string& group, const Value& in) {
  if (group == "release-name") {
    TRY(helm::validate_release_name(in["name"].to_string()));
    return Value(true);
  }
  if (group == "kube-version") {
    auto version = TRY(helm::parse_kube_version(in["version"].to_string()));
    return Value::object({{"major", version.major},
                          {"minor", version.minor},
                          {"string", version.text()},
                          {"version", version.version}});
  }
  if (group == "compatible") {
    return Value(text::is_compatible_range(in["range"].to_string(), in["version"].to_string()));
  }
  helm::ChartFiles files;
  if (group == "chart-yaml") {
    files.push_back({"Chart.yaml", recorded_bytes(in["Chart.yaml"])});
    return data::encode(*TRY(helm::load_files(std::move(files))).metadata);
  }
  for (const Value& file : in.items()) {
    files.push_back({file["name"].to_string(), recorded_bytes(file["text"])});
  }
  return describe(TRY(helm::load_files(std::move(files))));
}

}  // namespace

void add_values_tables(Families& families) {
  add_table(families, "strvals", run_strvals);
  add_table(families, "helm-values", run_values);
  add_table(families, "helm-chart", run_chart);
}

}  // namespace fleet::conformance
