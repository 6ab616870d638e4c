#include "gotemplate/value.h"

namespace fleet::gotemplate {
namespace {

bool equal(Heap& heap, const Value& a, const Value& b, int depth);

bool equal_lists(Heap& heap, const Value& a, const Value& b, int depth) {
  if ((a.as_list() == nullptr) != (b.as_list() == nullptr)) return false;
  if (a.as_list() == b.as_list()) return true;
  auto left = list_items(heap, a);
  auto right = list_items(heap, b);
  if (left.size() != right.size()) return false;
  for (size_t i = 0; i < left.size(); ++i) {
    if (!equal(heap, left[i], right[i], depth + 1)) return false;
  }
  return true;
}

bool equal_maps(Heap& heap, const Value& a, const Value& b, int depth) {
  if ((a.as_map() == nullptr) != (b.as_map() == nullptr)) return false;
  if (a.as_map() == b.as_map()) return true;
  if (map_size(a) != map_size(b)) return false;
  for (const Entry& entry : map_sorted(heap, a)) {
    Value other = map_find(heap, b, entry.key);
    if (!other.valid() || !equal(heap, entry.value, other, depth + 1)) return false;
  }
  return true;
}

bool equal_structs(Heap& heap, const StructNode& a, const StructNode& b, int depth) {
  if (&a == &b) return true;
  if (a.native != b.native) return false;
  for (size_t i = 0; i < a.type->fields.size(); ++i) {
    if (!equal(heap, a.fields[i], b.fields[i], depth + 1)) return false;
  }
  return true;
}

bool equal(Heap& heap, const Value& a, const Value& b, int depth) {
  if (a.is_nil() || b.is_nil()) return a.is_nil() && b.is_nil();
  if (&a.type() != &b.type()) return false;
  if (depth > kMaxValueDepth || heap.exhausted()) return true;
  switch (a.kind()) {
    case Kind::Float64:
      return a.as_float() == b.as_float();
    case Kind::Complex:
      return a.as_complex()[0] == b.as_complex()[0] && a.as_complex()[1] == b.as_complex()[1];
    case Kind::String:
    case Kind::Bytes:
      return a.as_string() == b.as_string();
    case Kind::List:
      return equal_lists(heap, a, b, depth);
    case Kind::Map:
      return equal_maps(heap, a, b, depth);
    case Kind::Struct:
      return equal_structs(heap, *a.as_struct(), *b.as_struct(), depth);
    case Kind::Time: {
      const TimeNode& x = *a.as_time();
      const TimeNode& y = *b.as_time();
      return x.seconds == y.seconds && x.nanoseconds == y.nanoseconds && x.offset == y.offset;
    }
    case Kind::Func:
      return false;
    default:
      return a.as_int() == b.as_int();
  }
}

}  // namespace

bool deep_equal(Heap& heap, const Value& a, const Value& b) {
  return equal(heap, a, b, 0);
}

}  // namespace fleet::gotemplate
