// The built-in types as OpenAPI schemas. Pure.
#pragma once

#include <map>
#include <set>
#include <string>

#include "data/value/value.h"
#include "kube/apiserver/served.h"
#include "kube/builtin/schema.h"
#include "kube/merge/strategic.h"

namespace fleet::kube::apiserver {

enum class Dialect { V2, V3 };

// "io.k8s.api.core.v1.PodSpec" for "core.v1.PodSpec".
std::string type_name(std::string_view type);
// "#/components/schemas/NAME" or "#/definitions/NAME".
std::string type_reference(std::string_view name, Dialect dialect);

// Schemas of types and of all that they use, each once.
class TypeSchemas {
 public:
  explicit TypeSchemas(Dialect dialect)
      : dialect_(dialect) {}

  // Adds a built-in kind; its patch tags come along.
  void add_kind(const Resource& resource, std::string_view type);
  void add_type(std::string_view type);
  void add(const std::string& name, data::Value schema);
  data::Value take() &&;  // by name, sorted

 private:
  void add_struct(const builtin::Type& type, const PatchSchema* tags);
  data::Value reference(const builtin::Type& type, const PatchSchema* tags);
  data::Value list_of(const builtin::Type& type, const PatchSchema* tags);

  Dialect dialect_;
  std::map<std::string, data::Value> schemas_;
};

}  // namespace fleet::kube::apiserver
