// Tables fleet-merge, fleet-targets and fleet-templating: from a bundle and clusters to options.
#include <map>
#include <memory>
#include <string>

#include "data/json/parse.h"
#include "fleet/parts.h"
#include "fleet/target/options.h"
#include "fleet/target/target.h"
#include "fleet/target/values.h"

namespace fleet::conformance {
namespace {

using data::Value;

Result<Value> merge_row(const std::string& group, const Value& in) {
  if (group == "selectors") {
    auto a = TRY(data::decode<std::optional<api::LabelSelector>>(in["a"]));
    auto b = TRY(data::decode<std::optional<api::LabelSelector>>(in["b"]));
    return data::encode(api::merge_selectors(a, b));
  }
  auto base = TRY(data::decode<api::BundleDeploymentOptions>(in["base"]));
  auto custom = TRY(data::decode<api::BundleDeploymentOptions>(in["custom"]));
  return data::encode(target::merge_options(base, custom));
}

template <typename T>
Result<> add_object(const Value& value, target::Shared<T>& list) {
  list.push_back(std::make_shared<const T>(TRY(data::decode<T>(value))));
  return {};
}

Result<> add_any(const Value& value, target::World& world) {
  std::string_view kind = value["kind"].as_string();
  if (kind == "Cluster") return add_object(value, world.clusters);
  if (kind == "ClusterGroup") return add_object(value, world.groups);
  if (kind == "BundleNamespaceMapping") return add_object(value, world.mappings);
  if (kind == "GitRepoRestriction") return add_object(value, world.restrictions);
  if (kind == "Policy") return add_object(value, world.policies);
  auto meta = TRY(data::decode<api::ObjectMeta>(value["metadata"]));
  if (kind == "Namespace") world.namespaces.push_back({meta.name, meta.labels});
  return {};
}

Result<target::World> read_world(const Value& data, const Value& extra) {
  target::World out;
  for (const Value& cluster : data["clusters"].items()) {
    TRY(add_object(cluster, out.clusters));
  }
  for (const Value& group : data["clusterGroups"].items()) {
    TRY(add_object(group, out.groups));
  }
  for (const Value& object : extra.items()) {
    TRY(add_any(object, out));
  }
  return out;
}

Result<Value> targets_row(const Value& worlds, const Value& in) {
  auto bundle = TRY(data::decode<api::Bundle>(in["bundle"]));
  if (bundle.metadata.name.empty()) bundle.metadata.name = "b";
  if (bundle.metadata.namespace_.empty()) bundle.metadata.namespace_ = "ws";
  target::World world = TRY(read_world(worlds[in["world"].to_string()], in["extra"]));
  Value out = Value::array();
  for (const target::Target& each : TRY(target::find_targets(bundle, world, "s-1"))) {
    out.push_back(Value::object({{"cluster", each.cluster_id()},
                                 {"deploymentID", each.deployment_id},
                                 {"options", data::encode(each.options)}}));
  }
  return out;
}

Result<Value> templating_row(const std::string&, const Value& in) {
  auto options = TRY(data::decode<api::BundleDeploymentOptions>(in["options"]));
  auto cluster = TRY(data::decode<api::Cluster>(in["cluster"]));
  TRY(target::preprocess_values(options, cluster));
  return data::encode(options);
}

}  // namespace

void add_target_tables(Families& families) {
  add_table(families, "fleet-merge", merge_row);
  add_table(families, "fleet-templating", templating_row);
  add_table_with_data(families, "fleet-targets", [](const std::string& corpus) -> Result<TableRow> {
    std::string text = TRY(read_file(corpus + "/tables/fleet-targets.data.json"));
    Value worlds = TRY(json::parse(text));
    return TableRow(
        [worlds](const std::string&, const Value& in) { return targets_row(worlds, in); });
  });
}

}  // namespace fleet::conformance
