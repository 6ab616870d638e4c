// Schemas of custom kinds: structural OpenAPI v3 and its x-kubernetes extensions.
#include <algorithm>
#include <utility>

#include "kube/merge/schema.h"

namespace fleet::kube {
namespace {

constexpr std::string_view kDeducedName = "__untyped_deduced_";
constexpr std::string_view kAtomicName = "__untyped_atomic_";
constexpr std::string_view kObjectMeta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

TypeRef named(std::string_view name) {
  return TypeRef{.name = std::string(name), .inlined = {}, .relationship = {}};
}

TypeRef inlined(Atom atom) {
  return TypeRef{
      .name = "", .inlined = std::make_shared<const Atom>(std::move(atom)), .relationship = {}};
}

TypeRef scalar(Scalar kind) {
  Atom atom;
  atom.scalar = kind;
  return inlined(std::move(atom));
}

TypeRef type_of(const data::Value& schema);

TypeRef list_of(const data::Value& schema) {
  ListType list;
  list.element = type_of(schema["items"]);
  std::string_view kind = schema["x-kubernetes-list-type"].as_string();
  std::string_view strategy = schema["x-kubernetes-patch-strategy"].as_string();
  if (kind == "set" || kind == "map") {
    list.relationship = Relationship::Associative;
    for (const data::Value& key : schema["x-kubernetes-list-map-keys"].items())
      list.keys.push_back(key.to_string());
  } else if (kind.empty() && strategy.find("merge") != std::string_view::npos) {
    list.relationship = Relationship::Associative;
    const data::Value& key = schema["x-kubernetes-patch-merge-key"];
    if (key.is_string()) list.keys.push_back(key.to_string());
  }
  Atom atom;
  atom.list = std::move(list);
  return inlined(std::move(atom));
}

TypeRef map_of(const data::Value& schema) {
  MapType map;
  const bool preserves = schema["x-kubernetes-preserve-unknown-fields"].as_bool();
  if (schema["x-kubernetes-map-type"].as_string() == "atomic")
    map.relationship = Relationship::Atomic;
  for (const data::Member& member : schema["properties"].members()) {
    map.fields[std::string(name(member))] = {type_of(member.value), member.value["default"]};
  }
  const data::Value& additional = schema["additionalProperties"];
  if (additional.is_object()) map.element = type_of(additional);
  if (map.element.empty() && (preserves || additional.as_bool())) map.element = named(kDeducedName);
  if (schema["x-kubernetes-embedded-resource"].as_bool()) {
    map.fields.try_emplace("apiVersion", StructField{scalar(Scalar::String), {}});
    map.fields.try_emplace("kind", StructField{scalar(Scalar::String), {}});
    map.fields["metadata"] = {named(kObjectMeta), {}};
  }
  if (map.fields.empty() && map.element.empty()) {
    // An object of which nothing is known is one value.
    map.element = named(kAtomicName);
    if (!preserves) map.relationship = Relationship::Atomic;
  }
  Atom atom;
  atom.map = std::move(map);
  return inlined(std::move(atom));
}

TypeRef type_of(const data::Value& schema) {
  if (schema["x-kubernetes-int-or-string"].as_bool()) return scalar(Scalar::Untyped);
  std::string_view type = schema["type"].as_string();
  if (type == "object" || schema.contains("properties")) return map_of(schema);
  if (type == "array") return list_of(schema);
  if (type == "string") {
    std::string_view format = schema["format"].as_string();
    const bool plain = format.empty() || format == "byte";
    return scalar(plain ? Scalar::String : Scalar::Untyped);
  }
  if (type == "integer" || type == "number") return scalar(Scalar::Numeric);
  if (type == "boolean") return scalar(Scalar::Boolean);
  return named(schema["x-kubernetes-preserve-unknown-fields"].as_bool() ? kDeducedName
                                                                        : kAtomicName);
}

}  // namespace

Type structural_type(const data::Value& openapi_v3_schema) {
  const data::Value& properties = openapi_v3_schema["properties"];
  if (!openapi_v3_schema.is_object() ||
      (properties.empty() && openapi_v3_schema["x-kubernetes-preserve-unknown-fields"].as_bool())) {
    return deduced_type();
  }
  Atom root = *type_of(openapi_v3_schema).inlined;
  if (!root.map) return deduced_type();
  root.map->relationship = Relationship::Separable;
  root.map->fields["apiVersion"] = {scalar(Scalar::String), {}};
  root.map->fields["kind"] = {scalar(Scalar::String), {}};
  root.map->fields["metadata"] = {named(kObjectMeta), {}};
  return Type{builtin_schema(), inlined(std::move(root))};
}

}  // namespace fleet::kube
