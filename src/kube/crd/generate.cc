#include "kube/crd/generate.h"

#include "base/strings.h"
#include "data/fields/schema.h"

namespace fleet::kube::crd {
namespace {

using data::Value;

Value list_of(const std::vector<std::string>& texts) {
  Value out = Value::array();
  for (const std::string& text : texts) {
    out.push_back(text);
  }
  return out;
}

Value text_field(std::string_view description) {
  return Value::object({{"description", description}, {"type", "string"}});
}

Value schema_of(const Generated& what, const data::TypeInfo& root) {
  Value schema = data::schema_of(root);
  if (!what.description.empty()) schema.set("description", what.description);
  schema.set({"properties", "apiVersion"},
             text_field("The group and version of this representation of the object."));
  schema.set({"properties", "kind"}, text_field("The kind of the object."));
  schema.set({"properties", "metadata"}, Value::object({{"type", "object"}}));
  return schema.sorted();
}

Value columns_of(const Generated& what) {
  Value out = Value::array();
  for (const GeneratedColumn& column : what.columns) {
    Value one = Value::object();
    if (!column.description.empty()) one.set("description", column.description);
    one.set("jsonPath", column.json_path);
    one.set("name", column.name);
    if (column.priority != 0) one.set("priority", column.priority);
    one.set("type", column.type);
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace

Value generate(const Generated& what, const data::TypeInfo& root) {
  Value names = Value::object();
  if (!what.categories.empty()) names.set("categories", list_of(what.categories));
  names.set("kind", what.kind);
  names.set("listKind", what.list_kind.empty() ? what.kind + "List" : what.list_kind);
  names.set("plural", what.plural);
  if (!what.short_names.empty()) names.set("shortNames", list_of(what.short_names));
  names.set("singular", what.singular.empty() ? to_lower(what.kind) : what.singular);

  Value version = Value::object();
  if (!what.columns.empty()) version.set("additionalPrinterColumns", columns_of(what));
  version.set("name", what.version);
  version.set({"schema", "openAPIV3Schema"}, schema_of(what, root));
  version.set("served", true);
  version.set("storage", true);
  if (what.status) version.set({"subresources", "status"}, Value::object());

  Value out = Value::object(
      {{"apiVersion", "apiextensions.k8s.io/v1"}, {"kind", "CustomResourceDefinition"}});
  out.set({"metadata", "name"}, cat(what.plural, ".", what.group));
  out.set({"spec", "group"}, what.group);
  out.set({"spec", "names"}, std::move(names));
  out.set({"spec", "scope"}, what.namespaced ? "Namespaced" : "Cluster");
  out.set({"spec", "versions"}, Value::array({std::move(version)}));
  return out;
}

}  // namespace fleet::kube::crd
