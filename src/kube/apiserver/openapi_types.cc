#include "kube/apiserver/openapi_types.h"

#include "base/strings.h"

namespace fleet::kube::apiserver {

using data::Value;

namespace {

Value plain(std::string_view type, std::string_view format = {}) {
  Value schema = Value::object({{"type", type}});
  if (!format.empty()) schema.set("format", format);
  return schema;
}

Value number_or_text(Dialect dialect) {
  if (dialect == Dialect::V2) return plain("string", "int-or-string");
  return Value::object({{"oneOf", Value::array({plain("integer"), plain("string")})},
                        {"format", "int-or-string"},
                        {"x-kubernetes-int-or-string", true}});
}

Value scalar(builtin::Shape shape, Dialect dialect) {
  switch (shape) {
    case builtin::Shape::Int32:
      return plain("integer", "int32");
    case builtin::Shape::Int64:
      return plain("integer", "int64");
    case builtin::Shape::Double:
      return plain("number", "double");
    case builtin::Shape::Bool:
      return plain("boolean");
    case builtin::Shape::Bytes:
      return plain("string", "byte");
    case builtin::Shape::Time:
    case builtin::Shape::MicroTime:
      return plain("string", "date-time");
    case builtin::Shape::IntOrString:
      return number_or_text(dialect);
    // A quantity may be written as a number; readers of v2 check no format of strings.
    case builtin::Shape::Quantity:
      return dialect == Dialect::V2 ? plain("string") : number_or_text(dialect);
    case builtin::Shape::Any:
      return dialect == Dialect::V2 ? plain("object") : Value::object();
    default:
      return plain("string");
  }
}

void add_patch_tags(Value& schema, const PatchMeta& meta) {
  std::string strategy;
  if (meta.merge) strategy = meta.retain_keys ? "merge,retainKeys" : "merge";
  if (meta.retain_keys && !meta.merge) strategy = "retainKeys";
  if (meta.replace) strategy = "replace";
  if (!strategy.empty()) schema.set("x-kubernetes-patch-strategy", strategy);
  if (!meta.merge_key.empty()) schema.set("x-kubernetes-patch-merge-key", meta.merge_key);
}

}  // namespace

std::string type_name(std::string_view type) {
  if (type.starts_with("meta.")) return cat("io.k8s.apimachinery.pkg.apis.", type);
  if (type.starts_with("apiextensions.")) {
    return cat("io.k8s.apiextensions-apiserver.pkg.apis.", type);
  }
  if (type.starts_with("apiregistration.")) {
    return cat("io.k8s.kube-aggregator.pkg.apis.", type);
  }
  return cat("io.k8s.api.", type);
}

std::string type_reference(std::string_view name, Dialect dialect) {
  return cat(dialect == Dialect::V3 ? "#/components/schemas/" : "#/definitions/", name);
}

void TypeSchemas::add(const std::string& name, Value schema) {
  schemas_.emplace(name, std::move(schema));
}

void TypeSchemas::add_type(std::string_view type) {
  const builtin::Type* root = builtin::find_type(type);
  if (root != nullptr) add_struct(*root, nullptr);
}

void TypeSchemas::add_kind(const Resource& resource, std::string_view type) {
  const builtin::Type* root = builtin::find_type(type);
  if (root == nullptr) return;
  const PatchSchemaRef tags = patch_schema(resource.gvk());
  add_struct(*root, tags.get());
  const GroupVersionKind gvk = resource.gvk();
  Value& schema = schemas_[type_name(type)];
  Value kinds = schema["x-kubernetes-group-version-kind"];
  if (!kinds.is_array()) kinds = Value::array();
  kinds.push_back(
      Value::object({{"group", gvk.group}, {"kind", gvk.kind}, {"version", gvk.version}}));
  schema.set("x-kubernetes-group-version-kind", std::move(kinds));
}

void TypeSchemas::add_struct(const builtin::Type& type, const PatchSchema* tags) {
  const std::string name = type_name(type.name);
  if (schemas_.contains(name)) return;
  schemas_[name] = plain("object");  // known from here on: types may hold themselves
  Value properties = Value::object();
  for (const builtin::Member& member : type.members) {
    const bool is_list = member.type->shape == builtin::Shape::List;
    PatchSchemaRef below;
    Value schema;
    if (tags != nullptr) {
      auto field = is_list ? tags->list_field(member.name) : tags->map_field(member.name);
      if (field.ok()) {
        below = field->below;
        schema = reference(*member.type, below.get());
        add_patch_tags(schema, field->meta);
      }
    }
    if (schema.is_null()) schema = reference(*member.type, nullptr);
    properties.set(member.name, std::move(schema));
  }
  Value& schema = schemas_[name];
  if (!properties.empty()) schema.set("properties", std::move(properties));
  if (type.atomic) schema.set("x-kubernetes-map-type", "atomic");
}

Value TypeSchemas::list_of(const builtin::Type& type, const PatchSchema* tags) {
  Value schema = plain("array");
  schema.set("items", reference(*type.element, tags));
  if (type.list == builtin::ListKind::Set) schema.set("x-kubernetes-list-type", "set");
  if (type.list == builtin::ListKind::Keyed) {
    Value keys = Value::array();
    for (const std::string_view key : type.keys)
      keys.push_back(key);
    schema.set("x-kubernetes-list-type", "map");
    schema.set("x-kubernetes-list-map-keys", std::move(keys));
  }
  return schema;
}

Value TypeSchemas::reference(const builtin::Type& type, const PatchSchema* tags) {
  if (type.shape == builtin::Shape::List) return list_of(type, tags);
  if (type.shape == builtin::Shape::Map) {
    Value schema = plain("object");
    schema.set("additionalProperties", reference(*type.element, tags));
    return schema;
  }
  if (type.shape != builtin::Shape::Struct) return scalar(type.shape, dialect_);
  add_struct(type, tags);
  const Value reference = Value::object({{"$ref", type_reference(type_name(type.name), dialect_)}});
  if (dialect_ == Dialect::V2) return reference;
  // In OpenAPI 3.0 nothing may stand beside a reference.
  return Value::object({{"allOf", Value::array({reference})}});
}

Value TypeSchemas::take() && {
  Value all = Value::object();
  for (auto& [name, schema] : schemas_)
    all.set(name, std::move(schema));
  return all;
}

}  // namespace fleet::kube::apiserver
