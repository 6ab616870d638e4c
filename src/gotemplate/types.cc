#include <array>

#include "gotemplate/time.h"
#include "gotemplate/value.h"
#include "gotemplate/values_methods.h"

namespace fleet::gotemplate {
namespace types {

const Type kInvalid{.kind = Kind::Invalid, .name = "<nil>"};
const Type kInterface{.kind = Kind::Nil, .name = "interface {}"};
const Type kBool{.kind = Kind::Bool, .name = "bool"};
const Type kInt{.kind = Kind::Int, .name = "int"};
const Type kInt32{.kind = Kind::Int32, .name = "int32"};
const Type kInt64{.kind = Kind::Int64, .name = "int64"};
const Type kUint8{.kind = Kind::Uint8, .name = "uint8"};
const Type kUint64{.kind = Kind::Uint64, .name = "uint64"};
const Type kFloat64{.kind = Kind::Float64, .name = "float64"};
const Type kComplex{.kind = Kind::Complex, .name = "complex128"};
const Type kString{.kind = Kind::String, .name = "string"};
const Type kNumber{.kind = Kind::String, .name = "json.Number"};
const Type kBytes{.kind = Kind::Bytes, .name = "[]uint8", .element = &kUint8, .unnamed = true};
const Type kAnyList{.kind = Kind::List, .name = "[]interface {}", .unnamed = true};
const Type kStringList{
    .kind = Kind::List, .name = "[]string", .element = &kString, .unnamed = true};
const Type kIntList{.kind = Kind::List, .name = "[]int", .element = &kInt, .unnamed = true};
const Type kFloatList{
    .kind = Kind::List, .name = "[]float64", .element = &kFloat64, .unnamed = true};
const Type kListList{
    .kind = Kind::List, .name = "[][]interface {}", .element = &kAnyList, .unnamed = true};
const Type kAnyMap{.kind = Kind::Map, .name = "map[string]interface {}", .unnamed = true};
const Type kMapList{
    .kind = Kind::List, .name = "[]map[string]interface {}", .element = &kAnyMap, .unnamed = true};
const Type kStringMap{
    .kind = Kind::Map, .name = "map[string]string", .element = &kString, .unnamed = true};
const Type kBytesMap{
    .kind = Kind::Map, .name = "map[string][]uint8", .element = &kBytes, .unnamed = true};
const Type kTime{.kind = Kind::Time,
                 .name = "time.Time",
                 .methods = time_methods(),
                 .text = &time_text,
                 .json = &time_json};
const Type kDuration{.kind = Kind::Int64,
                     .name = "time.Duration",
                     .methods = duration_methods(),
                     .text = &duration_text};
const Type kMonth{.kind = Kind::Int, .name = "time.Month", .text = &month_text};
const Type kWeekday{.kind = Kind::Int, .name = "time.Weekday", .text = &weekday_text};
const Type kValues{.kind = Kind::Map, .name = "common.Values", .methods = values_methods()};
const Type kFunc{.kind = Kind::Func, .name = "func()"};

}  // namespace types

namespace {

// What a Value's type index means; 0 is the kind's own type.
constexpr std::array<const Type*, 15> kNamed = {nullptr,
                                                &types::kNumber,
                                                &types::kDuration,
                                                &types::kMonth,
                                                &types::kWeekday,
                                                &types::kAnyList,
                                                &types::kStringList,
                                                &types::kIntList,
                                                &types::kFloatList,
                                                &types::kListList,
                                                &types::kMapList,
                                                &types::kAnyMap,
                                                &types::kStringMap,
                                                &types::kBytesMap,
                                                &types::kValues};

uint16_t index_of(const Type& type) {
  for (uint16_t i = 1; i < kNamed.size(); ++i) {
    if (kNamed[i] == &type) return i;
  }
  return 0;
}

}  // namespace

Value Value::duration(int64_t nanoseconds) {
  return named(integer(nanoseconds, Kind::Int64), types::kDuration);
}

Value Value::list(const ListNode* node) {
  Value v(Kind::List);
  v.payload_.list = node;
  return v;
}

Value Value::map(MapNode* node) {
  Value v(Kind::Map);
  v.payload_.map = node;
  return v;
}

Value Value::structure(StructNode* node) {
  Value v(Kind::Struct);
  v.payload_.structure = node;
  return v;
}

Value Value::time(const TimeNode* node) {
  Value v(Kind::Time);
  v.payload_.time = node;
  return v;
}

Value Value::function(const FuncNode* node) {
  Value v(Kind::Func);
  v.payload_.function = node;
  return v;
}

Value Value::nil_of(const Type& type) {
  return named(Value(type.kind), type);
}

Value Value::named(Value value, const Type& type) {
  value.type_ = index_of(type);
  return value;
}

const Type& Value::type() const {
  switch (kind_) {
    case Kind::List:
      if (type_ != 0) return *kNamed[type_];
      return payload_.list ? *payload_.list->type : types::kAnyList;
    case Kind::Map:
      if (type_ != 0) return *kNamed[type_];
      return payload_.map ? *payload_.map->type : types::kAnyMap;
    case Kind::Struct:
      return *payload_.structure->type;
    default:
      break;
  }
  if (type_ != 0) return *kNamed[type_];
  switch (kind_) {
    case Kind::Nil:
      return types::kInterface;
    case Kind::Bool:
      return types::kBool;
    case Kind::Int:
      return types::kInt;
    case Kind::Int32:
      return types::kInt32;
    case Kind::Int64:
      return types::kInt64;
    case Kind::Uint8:
      return types::kUint8;
    case Kind::Uint64:
      return types::kUint64;
    case Kind::Float64:
      return types::kFloat64;
    case Kind::Complex:
      return types::kComplex;
    case Kind::String:
      return types::kString;
    case Kind::Bytes:
      return types::kBytes;
    case Kind::Time:
      return types::kTime;
    case Kind::Func:
      return types::kFunc;
    default:
      return types::kInvalid;
  }
}

std::string_view Value::static_type_name() const {
  return in_interface_ || kind_ == Kind::Nil ? types::kInterface.name : type().name;
}

}  // namespace fleet::gotemplate
