#include "base/strings.h"
#include "kube/apiserver/custom_rules.h"
#include "kube/apiserver/openapi.h"
#include "kube/apiserver/openapi_types.h"
#include "kube/builtin/kinds.h"
#include "kube/crd/openapi.h"

namespace fleet::kube::apiserver {

using data::Value;

namespace {

Value info() {
  return Value::object({{"title", "Kubernetes"}, {"version", "v1.36.0"}});
}

Value gvk_value(const GroupVersionKind& gvk) {
  return Value::object({{"group", gvk.group}, {"kind", gvk.kind}, {"version", gvk.version}});
}

Value query_parameter(std::string_view name, Dialect dialect) {
  Value parameter = Value::object({{"name", name}, {"in", "query"}});
  if (dialect == Dialect::V2) {
    parameter.set("type", "string");
    parameter.set("uniqueItems", true);
  } else {
    parameter.set("schema", Value::object({{"type", "string"}, {"uniqueItems", true}}));
  }
  return parameter;
}

Value write_parameters(Dialect dialect) {
  Value parameters = Value::array();
  for (const char* name : {"dryRun", "fieldManager", "fieldValidation", "force"}) {
    parameters.push_back(query_parameter(name, dialect));
  }
  return parameters;
}

Value patch_types(const Served& served) {
  Value types = Value::array({"application/json-patch+json", "application/merge-patch+json"});
  if (!served.is_custom) types.push_back("application/strategic-merge-patch+json");
  types.push_back("application/apply-patch+yaml");
  return types;
}

Value operation(const Served& served, std::string_view action, bool writes, Dialect dialect) {
  const std::string name =
      cat(action, served.resource.gvr.group, served.resource.gvr.version, served.resource.kind);
  Value op = Value::object({{"operationId", replace_all(name, ".", "")},
                            {"x-kubernetes-action", action},
                            {"x-kubernetes-group-version-kind", gvk_value(served.resource.gvk())}});
  if (writes) op.set("parameters", write_parameters(dialect));
  op.set("responses", Value::object({{"200", Value::object({{"description", "OK"}})}}));
  if (action != "patch") return op;
  if (dialect == Dialect::V2) {
    op.set("consumes", patch_types(served));
  } else {
    Value content = Value::object();
    const Value types = patch_types(served);
    for (const Value& type : types.items())
      content.set(type.as_string(), Value::object());
    op.set("requestBody", Value::object({{"content", std::move(content)}}));
  }
  return op;
}

std::string base_path(const Served& served) {
  return served.resource.namespaced ? served.resource.path("{namespace}") : served.resource.path();
}

void add_paths(Value& paths, const Served& served, Dialect dialect) {
  const std::string base = base_path(served);
  Value collection = Value::object();
  if (served.can("list")) collection.set("get", operation(served, "list", false, dialect));
  if (served.can("create")) collection.set("post", operation(served, "post", true, dialect));
  paths.set(base, std::move(collection));
  if (!served.can("get")) return;
  Value one = Value::object({{"get", operation(served, "get", false, dialect)}});
  if (served.can("update")) one.set("put", operation(served, "put", true, dialect));
  if (served.can("patch")) one.set("patch", operation(served, "patch", true, dialect));
  if (served.can("delete")) one.set("delete", operation(served, "delete", true, dialect));
  paths.set(base + "/{name}", std::move(one));
}

void add_schema(TypeSchemas& schemas, const Served& served, Dialect dialect) {
  const GroupVersionResource& gvr = served.resource.gvr;
  if (served.is_custom) {
    const CustomKind custom = custom_kind(served);
    const std::string name = crd::definition_name(gvr.group, gvr.version, served.resource.kind);
    schemas.add(name,
                dialect == Dialect::V3
                    ? crd::openapi_v3_schema(*custom.definition, *custom.version)
                    : crd::openapi_v2_schema(*custom.definition, *custom.version));
    return;
  }
  const builtin::Kind* kind = builtin::find_kind(served.resource.gvk());
  if (kind != nullptr) schemas.add_kind(served.resource, kind->schema);
}

}  // namespace

Value openapi_v3(const Catalog& catalog, const std::string& group, const std::string& version) {
  Value paths = Value::object();
  TypeSchemas schemas(Dialect::V3);
  bool custom = false;
  for (const ServedPtr& served : catalog.resources(group, version)) {
    add_paths(paths, *served, Dialect::V3);
    add_schema(schemas, *served, Dialect::V3);
    custom = custom || served->is_custom;
  }
  // Custom kinds refer to it; built-in ones bring it along.
  if (custom) schemas.add_type("meta.v1.ObjectMeta");
  return Value::object({{"openapi", "3.0.0"},
                        {"info", info()},
                        {"paths", std::move(paths)},
                        {"components", Value::object({{"schemas", std::move(schemas).take()}})}});
}

Value openapi_v2(const Catalog& catalog) {
  Value paths = Value::object();
  TypeSchemas schemas(Dialect::V2);
  for (const ServedGroup& group : catalog.groups()) {
    for (const std::string& version : group.versions) {
      for (const ServedPtr& served : catalog.resources(group.name, version)) {
        add_paths(paths, *served, Dialect::V2);
        add_schema(schemas, *served, Dialect::V2);
      }
    }
  }
  return Value::object({{"swagger", "2.0"},
                        {"info", info()},
                        {"paths", std::move(paths)},
                        {"definitions", std::move(schemas).take()}});
}

}  // namespace fleet::kube::apiserver
