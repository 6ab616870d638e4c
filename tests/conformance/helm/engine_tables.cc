// Tables helm-manifests and jsonschema.
#include "base/strings.h"
#include "data/json/print.h"
#include "helm/chart/chart.h"
#include "helm/chart/values.h"
#include "helm/engine/engine.h"
#include "helm/engine/manifest.h"
#include "helm/engine/schema.h"
#include "helm/parts.h"

namespace fleet::conformance {
namespace {

using data::Value;

Value list_of(const std::vector<std::string>& texts) {
  Value out = Value::array();
  for (const std::string& text : texts)
    out.push_back(text);
  return out;
}

// As a release record shows a hook that has not run.
Value describe(const helm::Hook& hook) {
  Value out = Value::object({{"name", hook.name},
                             {"kind", hook.kind},
                             {"path", hook.path},
                             {"manifest", hook.manifest},
                             {"events", list_of(hook.events)},
                             {"last_run", Value::object({{"phase", ""}})}});
  if (hook.name.empty()) out.erase("name");
  if (hook.kind.empty()) out.erase("kind");
  if (hook.weight != 0) out.set("weight", hook.weight);
  if (!hook.delete_policies.empty()) out.set("delete_policies", list_of(hook.delete_policies));
  if (!hook.output_log_policies.empty()) {
    out.set("output_log_policies", list_of(hook.output_log_policies));
  }
  return out;
}

Result<Value> run_kinds(const Value& in, helm::KindOrder order) {
  std::string text;
  size_t number = 0;
  for (const Value& kind : in["kinds"].items()) {
    text += cat(
        "---\napiVersion: v1\nkind: ", kind.as_string(), "\nmetadata:\n  name: n", number++, "\n");
  }
  auto sorted = TRY(helm::sort_manifests({{"c/templates/a.yaml", text}}, order));
  Value out = Value::array();
  for (const helm::Manifest& manifest : sorted.manifests) {
    out.push_back(cat(manifest.kind, " ", manifest.name));
  }
  return out;
}

Result<Value> run_manifests(const std::string& group, const Value& in) {
  if (group == "split") {
    std::string text = in["text"].to_string();
    Value out = Value::array();
    for (std::string_view part : helm::split_manifests(text))
      out.push_back(part);
    return out;
  }
  bool install = group.starts_with("install");
  auto order = install ? helm::KindOrder::Install : helm::KindOrder::Uninstall;
  if (group.ends_with("-kinds")) return run_kinds(in, order);
  helm::RenderedFiles files;
  for (const data::Member& member : in.members()) {
    files[std::string(name(member))] = recorded_bytes(member.value);
  }
  auto sorted = TRY(helm::sort_manifests(files, order));
  Value hooks = Value::array();
  for (const helm::Hook& hook : sorted.hooks)
    hooks.push_back(describe(hook));
  Value manifests = Value::array();
  for (const helm::Manifest& manifest : sorted.manifests) {
    manifests.push_back(Value::object(
        {{"content", manifest.content}, {"kind", manifest.kind}, {"name", manifest.path}}));
  }
  return Value::object({{"hooks", hooks}, {"manifests", manifests}});
}

helm::Chart make_chart(const Value& in) {
  auto metadata = std::make_shared<helm::Metadata>();
  metadata->name = in["name"].to_string();
  metadata->version = "0.1.0";
  metadata->api_version = "v2";
  helm::Chart chart;
  chart.metadata = std::move(metadata);
  chart.templates = chart.files = std::make_shared<const helm::ChartFiles>();
  chart.values = helm::as_doubles(in["values"]);
  if (in.contains("schema")) {
    chart.schema =
        std::make_shared<const std::string>(json::print(in["schema"], json::Keys::AsWritten));
  }
  for (const Value& inner : in["charts"].items())
    chart.dependencies.push_back(make_chart(inner));
  return chart;
}

Result<Value> run_render_values(const Value& in) {
  helm::Chart chart = make_chart(in["chart"]);
  Value values = TRY(helm::coalesce_values(chart, helm::as_doubles(in["values"])));
  TRY(helm::SchemaChecker().check(chart, values));
  Value release = Value::object({{"IsInstall", true},
                                 {"IsUpgrade", false},
                                 {"Name", "r"},
                                 {"Namespace", "n"},
                                 {"Revision", 1},
                                 {"Service", "Helm"}});
  return Value::object({{"Release", release}, {"Values", values}});
}

Result<Value> run_schema(const std::string& group, const Value& in) {
  if (group == "render-values") return run_render_values(in);
  Value values = helm::as_doubles(in["values"]);
  if (values.is_null()) values = Value::object();
  if (group == "chart") {
    TRY(helm::SchemaChecker().check_charts(make_chart(in["chart"]), values));
    return Value(true);
  }
  std::string text = group == "schema-text" ? recorded_bytes(in["schema"])
                                            : json::print(in["schema"], json::Keys::AsWritten);
  auto schema = std::make_shared<const std::string>(std::move(text));
  TRY(helm::SchemaChecker().check_one(schema, values));
  return Value(true);
}

}  // namespace

void add_engine_tables(Families& families) {
  add_table(families, "helm-manifests", run_manifests);
  add_table(families, "jsonschema", run_schema);
}

}  // namespace fleet::conformance
