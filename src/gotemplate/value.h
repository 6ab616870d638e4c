// Value: a Go value as a template sees it, in 16 bytes that are copied freely.
//
// Scalars are in the word itself, strings are views, lists and maps point to nodes in the render's
// Heap. Maps and lists are references, as in Go: `set .Values "k" 1` is seen by everyone who holds
// the same map. A document (data::Value) is wrapped without being copied: a map node made from an
// object reads through to it, and takes its members over only when somebody changes the map.
// Converting back (`document`) gives the original document where nothing was changed.
//
// Numbers keep the document's kinds: int64, uint64, double, and numbers kept as written become
// json.Number. What Go decodes from JSON or YAML is float64 throughout: pass such documents through
// `as_float64s` once, when they are read.
//
// Lifetime: valid until the Heap is cleared. Threads: those of the Heap.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "data/value/value.h"
#include "gotemplate/heap.h"
#include "gotemplate/type.h"

namespace fleet::gotemplate {

inline constexpr int kMaxValueDepth = 1'000;  // maps in maps; more is taken for a cycle
inline constexpr size_t kMaxDocumentBytes = size_t{32} << 20;  // of text in one document
inline constexpr size_t kMaxDocumentNodes = 1'000'000;         // values in one document or text

struct ListNode;
struct MapNode;
struct StructNode;
struct TimeNode;
struct FuncNode;

class Value {
 public:
  Value() = default;  // Kind::Invalid

  static Value nil() { return Value(Kind::Nil); }
  static Value boolean(bool b) {
    Value v(Kind::Bool);
    v.payload_.integer = b ? 1 : 0;
    return v;
  }
  static Value integer(int64_t i, Kind kind = Kind::Int) {
    Value v(kind);
    v.payload_.integer = i;
    return v;
  }
  static Value unsigned_integer(uint64_t u, Kind kind = Kind::Uint64) {
    Value v(kind);
    v.payload_.integer = static_cast<int64_t>(u);
    return v;
  }
  static Value float64(double d) {
    Value v(Kind::Float64);
    v.payload_.number = d;
    return v;
  }
  // The text must outlive the render: a constant, a heap copy, or part of a kept document.
  static Value string(std::string_view text) {
    Value v(Kind::String);
    v.payload_.text = text.data();
    v.size_ = static_cast<uint32_t>(text.size());
    return v;
  }
  static Value bytes(std::string_view text) {
    Value v = string(text);
    v.kind_ = Kind::Bytes;
    return v;
  }
  static Value duration(int64_t nanoseconds);
  static Value list(const ListNode* node);
  static Value map(MapNode* node);
  static Value structure(StructNode* node);
  static Value time(const TimeNode* node);
  static Value function(const FuncNode* node);
  // Real and imaginary part, two doubles that outlive the render.
  static Value complex(const double* parts) {
    Value v(Kind::Complex);
    v.payload_.complex = parts;
    return v;
  }
  // A nil slice or map of one of the types in `types`.
  static Value nil_of(const Type& type);
  // A value seen as one of another type of `types` with the same kind: time.Month, common.Values.
  static Value named(Value value, const Type& type);

  Kind kind() const { return kind_; }
  bool valid() const { return kind_ != Kind::Invalid; }
  bool is_nil() const { return kind_ == Kind::Invalid || kind_ == Kind::Nil; }  // untyped nil
  bool is_string() const { return kind_ == Kind::String && type_ == 0; }  // of type string itself
  bool is_map() const { return kind_ == Kind::Map; }
  bool is_list() const { return kind_ == Kind::List; }
  bool is_int() const { return kind_ >= Kind::Int && kind_ <= Kind::Int64; }
  bool is_uint() const { return kind_ == Kind::Uint8 || kind_ == Kind::Uint64; }
  // Sits in a slot of type interface {}: matters for messages only.
  bool in_interface() const { return in_interface_; }
  // A named or nil value of a type in `types`.
  uint16_t type_index() const { return type_; }
  Value boxed() const {
    Value v = *this;
    v.in_interface_ = true;
    return v;
  }
  // The concrete value: reflect's Elem of an interface. A nil interface gives Invalid.
  Value unboxed() const {
    Value v = *this;
    v.in_interface_ = false;
    if (v.kind_ == Kind::Nil) v.kind_ = Kind::Invalid;
    return v;
  }

  bool as_bool() const { return payload_.integer != 0; }
  int64_t as_int() const { return payload_.integer; }
  uint64_t as_uint() const { return static_cast<uint64_t>(payload_.integer); }
  double as_float() const { return payload_.number; }
  std::string_view as_string() const { return {payload_.text, size_}; }  // also bytes, json.Number
  const double* as_complex() const { return payload_.complex; }
  const ListNode* as_list() const { return payload_.list; }  // null: nil slice
  MapNode* as_map() const { return payload_.map; }           // null: nil map
  StructNode* as_struct() const { return payload_.structure; }
  const TimeNode* as_time() const { return payload_.time; }
  const FuncNode* as_function() const { return payload_.function; }

  const Type& type() const;  // of the concrete value
  // As reflect's Type.String of the slot: "interface {}" for what is in_interface, else the type.
  std::string_view static_type_name() const;

 private:
  explicit Value(Kind kind)
      : kind_(kind) {}

  Kind kind_ = Kind::Invalid;
  bool in_interface_ = false;
  uint16_t type_ = 0;  // index of a builtin type, 0: the kind's own
  uint32_t size_ = 0;
  union {
    int64_t integer;
    double number;
    const char* text;
    const double* complex;
    const ListNode* list;
    MapNode* map;
    StructNode* structure;
    const TimeNode* time;
    const FuncNode* function;
  } payload_ = {.integer = 0};
};
static_assert(sizeof(Value) == 16);

struct ListNode {
  const Type* type = &types::kAnyList;
  const data::Value* source = nullptr;  // an array not yet looked into
  mutable Value* items = nullptr;       // null while only `source` is known
  uint32_t size = 0;
};

struct StructNode {
  const Type* type = nullptr;
  Value* fields = nullptr;       // as many as the type names
  const void* native = nullptr;  // for methods
};

struct TimeNode {
  int64_t seconds = 0;  // since 1970-01-01T00:00:00Z
  int32_t nanoseconds = 0;
  int32_t offset = 0;  // of the zone, seconds east of UTC
  std::string_view zone = "UTC";
};

struct FuncNode {
  const Function* function = nullptr;
  Value receiver;  // valid: bound method value
};

// --- Documents -----------------------------------------------------------------------------------

// Wraps a document. `document` must stay where it is until the heap is cleared; `adopt` takes it
// in.
Value wrap(Heap& heap, const data::Value& document);
// One that has NaN or infinities, which JSON cannot hold, is taken apart, so that they are noticed.
Value adopt(Heap& heap, data::Value document);
// The document a value stands for, as encoding/json would see it: time as RFC 3339 text, bytes as
// base64, structs as objects of their fields, NaN and functions refused.
// Limits: kMaxValueDepth levels (Go's words for a cycle); kMaxDocumentNodes values and
// kMaxDocumentBytes, what is shared counted each time (too_large_document).
// Finite: what JSON has, numbers and texts; Any: NaN and bytes that are not UTF-8 stay, and times
// are numbers kept as written, so that YAML and TOML show them without quotes.
enum class Numbers { Finite, Any };
Result<data::Value> document(const Value& value, Numbers numbers = Numbers::Finite);
Error too_large_document();  // RequestEntityTooLarge
// A copy in which every number is a double, as encoding/json decodes into interface {}. Shares
// what has no other numbers.
data::Value as_float64s(const data::Value& document);

// --- Lists ---------------------------------------------------------------------------------------

inline uint32_t list_size(const Value& list) {
  return list.as_list() ? list.as_list()->size : 0;
}
// The elements as stored (not in_interface). Wraps them at the first use.
std::span<const Value> list_items(Heap& heap, const Value& list);
Value make_list(Heap& heap, std::span<const Value> items, const Type& type = types::kAnyList);
// An array to fill: the node's `items` may be written until the value is given away.
ListNode* new_list(Heap& heap, size_t size, const Type& type = types::kAnyList);
Value make_string_list(Heap& heap, std::span<const std::string> items);

// --- Maps ----------------------------------------------------------------------------------------

struct Entry {
  std::string_view key;
  Value value;
};

struct MapNode {
  const Type* type = &types::kAnyMap;
  const data::Value* source = nullptr;  // an object read through, null once taken over
  Value* wrapped = nullptr;             // for `source`: members already wrapped, else Invalid
  Entry* entries = nullptr;
  uint32_t* index = nullptr;  // open hash table of entry numbers + 1, for larger maps
  uint32_t size = 0;
  uint32_t capacity = 0;
  uint32_t index_mask = 0;
  const void* native = nullptr;  // for methods of named map types
};

MapNode* new_map(Heap& heap, const Type& type = types::kAnyMap, size_t capacity = 0);
inline Value make_map(Heap& heap) {
  return Value::map(new_map(heap));
}
size_t map_size(const Value& map);
// The value at `key`, not in_interface; Invalid when there is none.
Value map_find(Heap& heap, const Value& map, std::string_view key);
bool map_has(const Value& map, std::string_view key);
// The key must outlive the render.
void map_set(Heap& heap, MapNode* map, std::string_view key, Value value);
void map_erase(Heap& heap, MapNode* map, std::string_view key);
// All entries in byte order of keys (a copy, so the map may change meanwhile).
std::span<const Entry> map_sorted(Heap& heap, const Value& map);

// --- Truth and equality --------------------------------------------------------------------------

// As text/template's truth: false for zero, empty and nil.
bool is_true(const Value& value);
// As reflect.DeepEqual on what `any` holds: types count.
bool deep_equal(Heap& heap, const Value& a, const Value& b);

}  // namespace fleet::gotemplate
