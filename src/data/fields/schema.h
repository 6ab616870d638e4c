// Schemas and reference pages from field tables.
#pragma once

#include <string>

#include "data/fields/fields.h"

namespace fleet::data {

// An OpenAPI v3 schema as controller-gen writes it for a CRD: structural, `required` and
// `properties` in the order of bytes, docs as `description`, int64 and int32 formats, nullable,
// defaults and the fields' own rules. Lists and maps of structs are descended into.
Value schema_of(const TypeInfo& type);
template <typename T>
Value schema_of() {
  return schema_of(type_of<T>());
}

// One line a field: path, type, doc. For the reference pages.
struct FieldDoc {
  std::string path;  // "helm.valuesFrom[].configMapKeyRef.name"
  std::string type;  // "string", "list of objects", "map of strings", "number or percentage"
  std::string doc;
  bool required = false;
};
std::vector<FieldDoc> describe(const TypeInfo& type);

}  // namespace fleet::data
