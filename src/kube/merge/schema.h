// Schema: what structured merge needs to know of a type: which lists are sets or maps by key, which
// maps and lists are one value, and what the fields are.
//
// A type is a set of alternatives (scalar, list, map); the value's kind picks one. Types come from
// the table of built-in kinds, from a CRD's structural schema, or are deduced from the values
// alone. Threads: a const Schema may be read from any number of threads.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "data/value/value.h"
#include "kube/meta/gvk.h"

namespace fleet::kube {

enum class Scalar : uint8_t { None, String, Numeric, Boolean, Untyped };
enum class Relationship : uint8_t { Separable, Atomic, Associative };

struct Atom;
using AtomRef = std::shared_ptr<const Atom>;

// A reference to a type: by name, resolved in the schema, or inline. Neither: there is no such
// type.
struct TypeRef {
  std::string name;
  AtomRef inlined;
  std::optional<Relationship> relationship;  // overrides that of the type's map or list

  bool empty() const { return name.empty() && inlined == nullptr; }
};

struct StructField {
  TypeRef type;
  data::Value fallback;  // null: no default
};

struct MapType {
  std::map<std::string, StructField, std::less<>> fields;
  TypeRef element;  // of members that are no field; empty: there are none
  Relationship relationship = Relationship::Separable;

  const StructField* field(std::string_view name) const {
    auto found = fields.find(name);
    return found == fields.end() ? nullptr : &found->second;
  }
};

struct ListType {
  TypeRef element;
  Relationship relationship = Relationship::Atomic;
  std::vector<std::string> keys;  // associative: none means a set of scalars
};

struct Atom {
  Scalar scalar = Scalar::None;
  std::optional<ListType> list;
  std::optional<MapType> map;
};

class Schema {
 public:
  virtual ~Schema() = default;
  // The alternatives of a reference, or null if there is no such type.
  AtomRef resolve(const TypeRef& ref) const;

 protected:
  virtual AtomRef named(std::string_view name) const = 0;
};

// The root type of an object together with its schema.
struct Type {
  std::shared_ptr<const Schema> schema;
  TypeRef root;
};

// Every map separable, every list atomic: for kinds without a schema.
Type deduced_type();

// The schema of the built-in types, which also knows the unknown ones. Read from its table at the
// first call, then shared.
std::shared_ptr<const Schema> builtin_schema();

// A built-in kind of Kubernetes 1.36; nothing for other kinds.
std::optional<Type> builtin_type(const GroupVersionKind& gvk);

// A structural OpenAPI v3 schema of a CRD version (`spec.versions[].schema.openAPIV3Schema`);
// metadata is the standard ObjectMeta. A schema that preserves unknown fields everywhere is
// deduced.
Type structural_type(const data::Value& openapi_v3_schema);

// A schema in structured-merge-diff's own YAML form, as a value: {types: [{name,
// map|list|scalar}]}. Errors: Invalid when it has another shape.
Result<Type> schema_type(const data::Value& schema, std::string_view root);

}  // namespace fleet::kube
