#include <algorithm>
#include <array>

#include "base/strings.h"
#include "kube/crd/schema.h"

namespace fleet::kube::crd {
namespace {

using data::Value;

bool is_meta_field(std::string_view name) {
  return name == "apiVersion" || name == "kind" || name == "metadata";
}

struct Found {
  const Schema* schema = nullptr;  // null: nothing is known below
  bool kept = false;
};

Found find_field(const Schema& schema, std::string_view field, bool is_resource) {
  if (const Schema* known = schema.find(field)) return {known, true};
  if (is_resource && is_meta_field(field)) return {nullptr, true};
  if (schema.additional) return {schema.additional.get(), true};
  return {nullptr, schema.additional_allowed || schema.preserve_unknown};
}

// True when nothing below could be dropped: spares the copy of shared nodes.
void prune_object(Value& value,
                  const Schema& schema,
                  const std::string& path,
                  bool is_resource,
                  std::vector<std::string>& unknown) {
  std::vector<std::string> gone;
  for (size_t i = 0; i < value.members().size(); ++i) {
    std::string field(name(value.members()[i]));
    std::string at = child(path, field);
    Found found = find_field(schema, field, is_resource);
    if (!found.kept) {
      unknown.push_back(cat("unknown field ", quote(at)));
      gone.push_back(field);
      continue;
    }
    // Below metadata the schema has no say: it is checked elsewhere.
    if (found.schema == nullptr || (is_resource && field == "metadata")) continue;
    Value copy = value.members()[i].value;
    prune_value(copy, *found.schema, at, unknown);
    if (!copy.same_node(value.members()[i].value)) value.set(field, std::move(copy));
  }
  for (const std::string& field : gone) {
    value.erase(field);
  }
}

}  // namespace

void prune_value(Value& value,
                 const Schema& schema,
                 const std::string& path,
                 std::vector<std::string>& unknown) {
  if (value.is_object()) {
    prune_object(value, schema, path, path.empty() || schema.embedded, unknown);
    return;
  }
  if (!value.is_array() || !schema.items) return;
  for (size_t i = 0; i < value.size(); ++i) {
    Value copy = value[i];
    prune_value(copy, *schema.items, cat(path, "[", i, "]"), unknown);
    if (!copy.same_node(value[i])) value.edit(i) = std::move(copy);
  }
}

void drop_nulls(Value& value, const Schema& schema) {
  if (value.is_array() && schema.items) {
    for (size_t i = 0; i < value.size(); ++i) {
      Value copy = value[i];
      drop_nulls(copy, *schema.items);
      if (!copy.same_node(value[i])) value.edit(i) = std::move(copy);
    }
    return;
  }
  if (!value.is_object()) return;
  std::vector<std::string> gone;
  for (size_t i = 0; i < value.members().size(); ++i) {
    std::string field(name(value.members()[i]));
    const Schema* known = schema.find(field);
    bool is_property = known != nullptr;
    if (known == nullptr) known = schema.additional.get();
    if (known == nullptr) continue;
    const Value& old = value.members()[i].value;
    if (old.is_null()) {
      // A null that is not allowed counts as absent, so that a default can take its place.
      if (!known->nullable && (is_property || known->default_value)) gone.push_back(field);
      continue;
    }
    Value copy = old;
    drop_nulls(copy, *known);
    if (!copy.same_node(old)) value.set(field, std::move(copy));
  }
  for (const std::string& field : gone) {
    value.erase(field);
  }
}

void default_value_into(Value& value, const Schema& schema) {
  if (value.is_array() && schema.items) {
    for (size_t i = 0; i < value.size(); ++i) {
      Value copy = value[i];
      default_value_into(copy, *schema.items);
      if (!copy.same_node(value[i])) value.edit(i) = std::move(copy);
    }
    return;
  }
  if (!value.is_object()) return;
  for (const Property& property : schema.properties) {
    const Value* present = value.find(property.name);
    if (present == nullptr) {
      if (!property.schema->default_value) continue;
      value.set(property.name, *property.schema->default_value);
      present = value.find(property.name);
    }
    Value copy = *present;
    default_value_into(copy, *property.schema);
    if (!copy.same_node(*present)) value.set(property.name, std::move(copy));
  }
  if (!schema.additional) return;
  for (size_t i = 0; i < value.members().size(); ++i) {
    if (schema.find(name(value.members()[i])) != nullptr) continue;
    Value copy = value.members()[i].value;
    default_value_into(copy, *schema.additional);
    if (!copy.same_node(value.members()[i].value)) {
      value.set(std::string(name(value.members()[i])), std::move(copy));
    }
  }
}

}  // namespace fleet::kube::crd
