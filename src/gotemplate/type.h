// Go's types, as far as templates can tell them apart: names in messages, kinds, methods, fields.
//
// A type is a constant somewhere in the program. Other rooms define their own struct and named map
// types (a chart's files, a cluster's capabilities) the same way:
//
//   constexpr Function kVersionsMethods[] = {{"Has", "Vs", &has_version}};
//   const Type kVersions{.kind = Kind::List, .name = "common.VersionSet", .element =
//   &types::kString,
//                        .methods = kVersionsMethods};
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "data/value/value.h"

namespace fleet::gotemplate {

class Value;
class Execution;

// reflect's kinds, plus the two ways of being nothing: Invalid is reflect's zero Value (an untyped
// nil), Nil is a nil that sits in a slot of type interface {}.
enum class Kind : uint8_t {
  Invalid,
  Nil,
  Bool,
  Int,
  Int32,
  Int64,
  Uint8,
  Uint64,
  Float64,
  Complex,
  String,
  Bytes,   // []byte
  List,    // any other slice
  Map,     // keyed by strings
  Struct,  // or a pointer to one, see Type::pointer
  Time,    // time.Time
  Func,
};

// A function that templates can call. The body gets exactly the arguments its signature promises;
// an error of the body reads "error calling NAME: MESSAGE".
//
// Signature: one letter for each parameter, a final '*' makes the last one variadic:
//   s string   b bool   i int   l int64   u uint64   w uint32   f float64   d time.Duration
//   a any (interface {}; an absent value comes as Kind::Nil)
//   v reflect.Value (comes as it is: Kind::Invalid when absent, interface slots not unwrapped)
//   m map[string]interface {}   A []interface {}   S []string   t time.Time   B []byte
//   c sprig's certificate
//   V the receiver of a method (any value)
using Body = Result<Value> (*)(Execution& execution, std::span<const Value> arguments);

struct Function {
  std::string_view name;
  std::string_view signature;
  Body body;
};

struct Type {
  Kind kind = Kind::Invalid;
  std::string_view name;          // as Go's %T: "map[string]interface {}"
  const Type* element = nullptr;  // of a list or map; null: interface {}
  bool pointer = false;           // a struct reached through a pointer, name begins with '*'
  bool unnamed = false;           // written out, such as []string: assignable from named ones
  std::span<const std::string_view> fields = {};  // of a struct, in order
  std::span<const Function> methods = {};
  // Error() or String(): what printing shows. Null: the plain form of the kind.
  std::string (*text)(const Value& value) = nullptr;
  // String() is declared on the pointer: found when an action prints a field, not in arguments.
  bool text_by_address = false;
  // MarshalJSON. Null: the plain form of the kind.
  Result<data::Value> (*json)(const Value& value) = nullptr;
};

namespace types {
extern const Type kInvalid, kInterface, kBool, kInt, kInt32, kInt64, kUint8, kUint64, kFloat64,
    kComplex, kString, kNumber /* json.Number */, kBytes, kAnyList, kStringList, kIntList,
    kFloatList, kListList /* [][]interface {} */, kMapList /* []map[string]interface {} */, kAnyMap,
    kStringMap, kBytesMap, kTime, kDuration, kMonth, kWeekday, kValues /* common.Values */, kFunc;
}  // namespace types

}  // namespace fleet::gotemplate
