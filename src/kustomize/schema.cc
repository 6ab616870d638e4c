#include "kustomize/schema.h"

#include <utility>

#include "base/strings.h"
#include "data/json/parse.h"
#include "data/yaml/yaml.h"
#include "kustomize/tables.h"

namespace fleet::kustomize {
namespace {

using data::Value;

constexpr std::string_view kDefinitions = "#/definitions/";

// A schema of swagger 2.0 in the table's form.
Value type_of(const Value& schema) {
  Value type = Value::object();
  if (const Value* ref = schema.find("$ref")) {
    type.set("ref", trim_prefix(ref->as_string(), kDefinitions));
  } else if (schema["type"].as_string() == "array") {
    type.set("list", type_of(schema["items"]));
  } else if (schema["additionalProperties"].is_object()) {
    type.set("map", type_of(schema["additionalProperties"]));
  } else if (schema["properties"].is_object()) {
    Value fields = Value::object();
    for (const data::Member& member : schema["properties"].members())
      fields.set(member.key, type_of(member.value));
    type.set("fields", std::move(fields));
  } else {
    return Value("scalar");
  }
  if (const Value* strategy = schema.find("x-kubernetes-patch-strategy"))
    type.set("strategy", *strategy);
  if (const Value* key = schema.find("x-kubernetes-patch-merge-key")) type.set("key", *key);
  if (const Value* keys = schema.find("x-kubernetes-list-map-keys")) type.set("keys", *keys);
  return type;
}

std::string gvk_key(const Value& gvk) {
  const std::string group = gvk["group"].to_string();
  const std::string version = gvk["version"].to_string();
  return cat(group.empty() ? version : cat(group, "/", version), " ", gvk["kind"].as_string());
}

}  // namespace

KustomizeSchema::Place KustomizeSchema::Place::field(std::string_view name) const {
  if (schema_ == nullptr) return {};
  const Value* fields = &type_["fields"];
  if (const Value* ref = type_.find("ref")) {
    fields = schema_->defs_.find(ref->as_string());
    if (fields == nullptr) fields = &openapi_table()["defs"][ref->as_string()];
  }
  if (const Value* found = fields->find(name)) return Place(schema_, *found);
  if (const Value* element = type_.find("map")) return Place(schema_, *element);
  return {};
}

KustomizeSchema::Place KustomizeSchema::Place::items() const {
  if (schema_ == nullptr) return {};
  const Value* items = type_.find("list");
  return items == nullptr ? Place() : Place(schema_, *items);
}

bool KustomizeSchema::Place::merges() const {
  return schema_ != nullptr && contains(type_["strategy"].as_string(), "merge");
}

std::vector<std::string> KustomizeSchema::Place::keys() const {
  std::vector<std::string> keys;
  if (schema_ == nullptr) return keys;
  for (const Value& key : type_["keys"].items())
    keys.push_back(key.to_string());
  if (keys.empty() && type_["key"].is_string()) keys.push_back(type_["key"].to_string());
  return keys;
}

KustomizeSchema::KustomizeSchema() = default;

Result<KustomizeSchema> KustomizeSchema::of_document(std::string_view text) {
  auto document = trim(text).starts_with('{') ? json::parse(text) : yaml::parse(text);
  if (!document.ok()) return std::move(document).error();
  KustomizeSchema schema;
  schema.defs_ = Value::object();
  schema.gvks_ = Value::object();
  schema.cluster_ = Value::object();
  for (const data::Member& member : (*document)["definitions"].members()) {
    Value type = type_of(member.value);
    schema.defs_.set(member.key, type["fields"].is_object() ? type["fields"] : Value::object());
    for (const Value& gvk : member.value["x-kubernetes-group-version-kind"].items()) {
      schema.gvks_.set(gvk_key(gvk), name(member));
    }
  }
  for (const data::Member& member : (*document)["paths"].members()) {
    const Value* gvk = member.value["get"].find("x-kubernetes-group-version-kind");
    if (gvk == nullptr) continue;
    const bool namespaced = contains(name(member), "namespaces/{namespace}");
    // One path with a namespace is enough to be namespaced.
    const std::string key = gvk_key(*gvk);
    if (namespaced) {
      schema.cluster_.set(key, false);
    } else if (!schema.cluster_.contains(key)) {
      schema.cluster_.set(key, true);
    }
  }
  return schema;
}

KustomizeSchema::Place KustomizeSchema::of(std::string_view api_version,
                                           std::string_view kind) const {
  const std::string key = cat(api_version, " ", kind);
  if (gvks_.is_object()) {
    const Value* type = gvks_.find(key);
    return type == nullptr ? Place() : Place(this, Value::object({{"ref", *type}}));
  }
  const Value* type = openapi_table()["gvk"].find(key);
  if (type == nullptr) return {};
  // The built-in tables are shared by all builds.
  static const KustomizeSchema kBuiltin = [] {
    KustomizeSchema schema;
    schema.defs_ = openapi_table()["defs"];
    return schema;
  }();
  return Place(&kBuiltin, Value::object({{"ref", *type}}));
}

bool KustomizeSchema::is_cluster_scoped(const Gvk& gvk) const {
  if (is_known_namespaced(gvk)) return false;
  return cluster_[cat(gvk.api_version(), " ", gvk.kind)].as_bool();
}

}  // namespace fleet::kustomize
