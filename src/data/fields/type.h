// TypeInfo: what a member's C++ type can do, without its type: read a Value, write a Value, be
// empty.
//
// One small constant per type; all code that walks documents is ordinary functions over these, so
// that a table of fields costs little to compile. A class takes part in one of two ways:
// - `static data::Fields fields();`               a struct with a table (fields.h); also, if its
//   schema says more: `static data::Value schema_rules();` {"x-kubernetes-map-type": "atomic"}
// - `static const data::TypeInfo& data_type();`   a scalar with its own rules (Shape::Custom)
// Known by themselves: bool, integers, float, double, std::string, data::Value (any JSON),
// std::optional (a Go pointer), std::vector, std::map with string keys.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/result.h"
#include "data/fields/field.h"
#include "data/value/value.h"

namespace fleet::data {

enum class Shape : uint8_t {
  Bool,
  Int,
  UInt,
  Double,
  String,
  Struct,
  Optional,
  List,
  Map,
  Any,
  Custom,
};

// Where a decoder is, for error texts. Custom types report through it.
class DecodeContext {
 public:
  virtual ~DecodeContext() = default;
  // "json: cannot unmarshal number into Go struct field Spec.ttl of type string", as Go words it.
  virtual Error type_error(const Value& found, std::string_view go_type) const = 0;
};

struct CustomOps {
  Result<> (*decode)(const DecodeContext& context, const Value& value, void* out);
  Value (*encode)(const void* in);
  bool (*is_zero)(const void* in);  // what `omitzero` asks; `omitempty` keeps a custom value
  Value (*schema)();                // an OpenAPI v3 fragment
};

struct ListOps {
  void (*clear)(void* list);
  void* (*append)(void* list);
  size_t (*size)(const void* list);
  const void* (*item)(const void* list, size_t index);
};

struct MapOps {
  using Visit = void (*)(void* context, std::string_view key, const void* value);
  void* (*insert)(void* map, std::string_view key);
  void (*clear)(void* map);
  size_t (*size)(const void* map);
  void (*each)(const void* map, void* context, Visit visit);  // in order of keys
};

struct OptionalOps {
  void (*reset)(void* optional);
  void* (*emplace)(void* optional);          // keeps what is there
  const void* (*get)(const void* optional);  // null if empty
};

struct TypeInfo {
  Shape shape = Shape::Any;
  uint8_t bytes = 0;              // of Int, UInt, Double
  std::string_view go_type = {};  // "int32", "v1alpha1.HelmOptions"; made from `element` if empty
  TypeRef element = nullptr;      // of Optional, List, Map
  const Fields& (*fields)() = nullptr;  // of Struct: flattened, in wire order
  Value (*rules)() = nullptr;           // of Struct: what its schema says beyond the fields
  const ListOps* list = nullptr;
  const MapOps* map = nullptr;
  const OptionalOps* optional = nullptr;
  const CustomOps* custom = nullptr;
};

// As Go's reflect prints the type: "[]v1alpha1.BundleTarget", "map[string]string".
std::string go_type_name(const TypeInfo& type);

template <typename T>
concept HasFields = requires {
  { T::fields() } -> std::same_as<Fields>;
};
template <typename T>
concept HasDataType = requires {
  { T::data_type() } -> std::same_as<const TypeInfo&>;
};

// Replaces embedded tables by their fields (those of the outer struct win), once per type.
Fields flatten(Fields fields);
// The field of that name, or null. Folded: the exact name first, else the first that differs from
// it in case alone, as Go's encoding/json looks for it.
const Field* find_exact(const Fields& fields, std::string_view name);
const Field* find_folded(const Fields& fields, std::string_view name);

namespace internal {

template <typename T>
struct TypeOf;  // defined only for types that can be members

template <typename T>
constexpr std::string_view integer_name() {
  if constexpr (std::is_same_v<T, int>) return "int";
  constexpr std::string_view kSigned[] = {"int8", "int16", "int32", "int64"};
  constexpr std::string_view kUnsigned[] = {"uint8", "uint16", "uint32", "uint64"};
  constexpr int kAt = sizeof(T) == 1 ? 0 : sizeof(T) == 2 ? 1 : sizeof(T) == 4 ? 2 : 3;
  return std::is_signed_v<T> ? kSigned[kAt] : kUnsigned[kAt];
}

template <typename T>
constexpr std::string_view struct_name() {
  if constexpr (requires { T::kGoType; }) {
    return T::kGoType;
  } else {
    return "struct";
  }
}

template <typename T>
constexpr auto struct_rules() -> Value (*)() {
  if constexpr (requires { T::schema_rules(); }) {
    return &T::schema_rules;
  } else {
    return nullptr;
  }
}

}  // namespace internal

template <typename T>
const TypeInfo& type_of() {
  if constexpr (HasDataType<T>) {
    return T::data_type();
  } else {
    return internal::TypeOf<T>::get();
  }
}

namespace internal {

template <>
struct TypeOf<bool> {
  static const TypeInfo& get() {
    static constexpr TypeInfo kInfo{.shape = Shape::Bool, .bytes = 1, .go_type = "bool"};
    return kInfo;
  }
};
template <>
struct TypeOf<std::string> {
  static const TypeInfo& get() {
    static constexpr TypeInfo kInfo{.shape = Shape::String, .go_type = "string"};
    return kInfo;
  }
};
template <>
struct TypeOf<Value> {
  static const TypeInfo& get() {
    static constexpr TypeInfo kInfo{.shape = Shape::Any, .go_type = "interface {}"};
    return kInfo;
  }
};
template <std::floating_point T>
struct TypeOf<T> {
  static const TypeInfo& get() {
    static constexpr TypeInfo kInfo{.shape = Shape::Double,
                                    .bytes = sizeof(T),
                                    .go_type = sizeof(T) == 4 ? "float32" : "float64"};
    return kInfo;
  }
};
template <std::integral T>
struct TypeOf<T> {
  static const TypeInfo& get() {
    static constexpr TypeInfo kInfo{.shape = std::is_signed_v<T> ? Shape::Int : Shape::UInt,
                                    .bytes = sizeof(T),
                                    .go_type = integer_name<T>()};
    return kInfo;
  }
};
template <HasFields T>
struct TypeOf<T> {
  static const Fields& table() {
    static const Fields kTable = flatten(T::fields());
    return kTable;
  }
  static const TypeInfo& get() {
    static constexpr TypeInfo kInfo{.shape = Shape::Struct,
                                    .go_type = struct_name<T>(),
                                    .fields = &table,
                                    .rules = struct_rules<T>()};
    return kInfo;
  }
};
template <typename T>
struct TypeOf<std::optional<T>> {
  using Self = std::optional<T>;
  static void reset(void* at) { static_cast<Self*>(at)->reset(); }
  static void* emplace(void* at) {
    auto& self = *static_cast<Self*>(at);
    if (!self) self.emplace();
    return &*self;
  }
  static const void* value(const void* at) {
    const auto& self = *static_cast<const Self*>(at);
    return self ? &*self : nullptr;
  }
  static const TypeInfo& get() {
    static constexpr OptionalOps kOps{&reset, &emplace, &value};
    static constexpr TypeInfo kInfo{
        .shape = Shape::Optional, .element = &type_of<T>, .optional = &kOps};
    return kInfo;
  }
};
template <typename T>
struct TypeOf<std::vector<T>> {
  static_assert(!std::is_same_v<T, bool>, "a list of bool has no addressable items");
  using Self = std::vector<T>;
  static void clear(void* at) { static_cast<Self*>(at)->clear(); }
  static void* append(void* at) { return &static_cast<Self*>(at)->emplace_back(); }
  static size_t size(const void* at) { return static_cast<const Self*>(at)->size(); }
  static const void* item(const void* at, size_t index) {
    return &(*static_cast<const Self*>(at))[index];
  }
  static const TypeInfo& get() {
    static constexpr ListOps kOps{&clear, &append, &size, &item};
    static constexpr TypeInfo kInfo{.shape = Shape::List, .element = &type_of<T>, .list = &kOps};
    return kInfo;
  }
};
template <typename T, typename Less, typename Allocator>
struct TypeOf<std::map<std::string, T, Less, Allocator>> {
  using Self = std::map<std::string, T, Less, Allocator>;
  static void* insert(void* at, std::string_view key) {
    return &(*static_cast<Self*>(at))[std::string(key)];
  }
  static void clear(void* at) { static_cast<Self*>(at)->clear(); }
  static size_t size(const void* at) { return static_cast<const Self*>(at)->size(); }
  static void each(const void* at, void* context, MapOps::Visit visit) {
    for (const auto& [key, value] : *static_cast<const Self*>(at)) {
      visit(context, key, &value);
    }
  }
  static const TypeInfo& get() {
    static constexpr MapOps kOps{&insert, &clear, &size, &each};
    static constexpr TypeInfo kInfo{.shape = Shape::Map, .element = &type_of<T>, .map = &kOps};
    return kInfo;
  }
};

}  // namespace internal

}  // namespace fleet::data
