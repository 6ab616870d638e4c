#include "kube/crd/openapi.h"

#include <algorithm>
#include <array>

#include "base/strings.h"

namespace fleet::kube::crd {
namespace {

using data::Value;

Value gvk_of(const Definition& definition, const Version& version) {
  return Value::array({Value::object(
      {{"group", definition.group}, {"kind", definition.kind}, {"version", version.name}})});
}

Value with_identity(const Definition& definition,
                    const Version& version,
                    Value schema,
                    std::string_view metadata_reference) {
  schema.set("type", "object");
  for (const char* field : {"apiVersion", "kind"}) {
    schema.set({"properties", field}, Value::object({{"type", "string"}}));
  }
  schema.set({"properties", "metadata"},
             metadata_reference.starts_with("#/components")
                 ? Value::object(
                       {{"allOf", Value::array({Value::object({{"$ref", metadata_reference}})})}})
                 : Value::object({{"$ref", metadata_reference}}));
  schema.set("x-kubernetes-group-version-kind", gvk_of(definition, version));
  return schema;
}

// kubectl reads the patch facts under these names.
void add_list_facts(Value& schema) {
  const Value& type = schema["x-kubernetes-list-type"];
  if (!type.is_string() || type.as_string() != "map") return;
  const Value& keys = schema["x-kubernetes-list-map-keys"];
  if (keys.size() != 1) return;
  schema.set("x-kubernetes-patch-merge-key", keys[0]);
  schema.set("x-kubernetes-patch-strategy", "merge");
}

// What OpenAPI v2 cannot say is left out: the client then does not check it.
Value to_v2(const Value& from) {
  if (!from.is_object()) return from;
  constexpr std::array kDropped = {
      "nullable", "oneOf", "anyOf", "allOf", "not", "x-kubernetes-validations"};
  Value out = Value::object();
  bool loose = from["x-kubernetes-int-or-string"].as_bool() ||
               from["x-kubernetes-preserve-unknown-fields"].as_bool() || from["nullable"].as_bool();
  for (const data::Member& member : from.members()) {
    std::string_view key = name(member);
    if (std::find(kDropped.begin(), kDropped.end(), key) != kDropped.end()) continue;
    if (key == "default" || key == "example") {
      out.set(key, member.value);
    } else if (key == "properties") {
      if (from["x-kubernetes-preserve-unknown-fields"].as_bool()) continue;
      Value properties = Value::object();
      for (const data::Member& property : member.value.members()) {
        properties.set(name(property), to_v2(property.value));
      }
      out.set(key, std::move(properties));
    } else if (key == "items" || key == "additionalProperties") {
      out.set(key, to_v2(member.value));
    } else if (key == "type" && loose) {
      continue;
    } else {
      out.set(key, member.value);
    }
  }
  if (loose && out.contains("items")) out.erase("items");
  add_list_facts(out);
  return out;
}

}  // namespace

std::string definition_name(std::string_view group,
                            std::string_view version,
                            std::string_view kind) {
  auto parts = split(group, '.');
  std::reverse(parts.begin(), parts.end());
  return cat(join(parts, "."), ".", version, ".", kind);
}

Value openapi_v3_schema(const Definition& definition, const Version& version) {
  return with_identity(definition,
                       version,
                       version.raw_schema,
                       "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
}

Value openapi_v2_schema(const Definition& definition, const Version& version) {
  return with_identity(definition,
                       version,
                       to_v2(version.raw_schema),
                       "#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
}

}  // namespace fleet::kube::crd
