#include "gotemplate/value.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>

#include "data/value/key.h"

namespace fleet::gotemplate {
namespace {

constexpr uint32_t kSearchedInOrder = 8;  // larger maps have a hash index

Value wrap_map(Heap& heap, const data::Value& document) {
  MapNode* node = heap.create<MapNode>();
  node->source = &document;
  node->size = static_cast<uint32_t>(document.size());
  return Value::map(node);
}

Value wrap_list(Heap& heap, const data::Value& document) {
  ListNode* node = heap.create<ListNode>();
  node->source = &document;
  node->size = static_cast<uint32_t>(document.size());
  return Value::list(node);
}

bool is_container(const data::Value& value) {
  return value.type() >= data::Type::Array;
}

size_t member_number(const data::Value& object, const data::Value& member) {
  const char* first = reinterpret_cast<const char*>(&object.members()[0].value);
  const char* at = reinterpret_cast<const char*>(&member);
  return static_cast<size_t>(at - first) / sizeof(data::Member);
}

// The n-th member of a map read through its source; containers are wrapped once and remembered.
Value source_member(Heap& heap, MapNode* map, size_t number) {
  const data::Value& value = map->source->members()[number].value;
  if (!is_container(value)) return wrap(heap, value);
  if (!map->wrapped) {
    map->wrapped = heap.array<Value>(map->size);
    std::fill_n(map->wrapped, map->size, Value());
  }
  Value& place = map->wrapped[number];
  if (!place.valid()) place = wrap(heap, value);
  return place;
}

void index_add(MapNode* map, uint32_t entry) {
  uint32_t at = data::Key::hash_of(map->entries[entry].key) & map->index_mask;
  while (map->index[at] != 0)
    at = (at + 1) & map->index_mask;
  map->index[at] = entry + 1;
}

void index_all(Heap& heap, MapNode* map) {
  if (map->size <= kSearchedInOrder) {
    map->index = nullptr;
    return;
  }
  uint32_t slots = std::bit_ceil(map->capacity * 2);
  map->index = heap.array<uint32_t>(slots);
  std::fill_n(map->index, slots, 0U);
  map->index_mask = slots - 1;
  for (uint32_t i = 0; i < map->size; ++i)
    index_add(map, i);
}

void reserve(Heap& heap, MapNode* map, uint32_t capacity) {
  if (capacity <= map->capacity) return;
  Entry* entries = heap.array<Entry>(capacity);
  if (map->size > 0) std::copy_n(map->entries, map->size, entries);
  map->entries = entries;
  map->capacity = capacity;
}

// Takes the source's members over, so that the map can change.
void own(Heap& heap, MapNode* map) {
  if (!map->source) return;
  uint32_t size = map->size;
  Entry* entries = heap.array<Entry>(size + 4);
  auto members = map->source->members();
  for (uint32_t i = 0; i < size; ++i) {
    entries[i] = Entry{members[i].key.view(), source_member(heap, map, i)};
  }
  map->source = nullptr;
  map->wrapped = nullptr;
  map->entries = entries;
  map->capacity = size + 4;
  index_all(heap, map);
}

Entry* find_entry(const MapNode* map, std::string_view key) {
  if (!map->index) {
    for (uint32_t i = 0; i < map->size; ++i) {
      if (map->entries[i].key == key) return &map->entries[i];
    }
    return nullptr;
  }
  uint32_t at = data::Key::hash_of(key) & map->index_mask;
  for (; map->index[at] != 0; at = (at + 1) & map->index_mask) {
    Entry& entry = map->entries[map->index[at] - 1];
    if (entry.key == key) return &entry;
  }
  return nullptr;
}

}  // namespace

Value wrap(Heap& heap, const data::Value& document) {
  switch (document.type()) {
    case data::Type::Null:
      return Value::nil();
    case data::Type::Bool:
      return Value::boolean(document.as_bool());
    case data::Type::Int:
      return Value::integer(document.as_int(), Kind::Int64);
    case data::Type::UInt:
      return Value::unsigned_integer(document.as_uint());
    case data::Type::Double:
      return Value::float64(document.as_double());
    case data::Type::Number:
      return Value::named(Value::string(document.as_string()), types::kNumber);
    case data::Type::String:
      return Value::string(document.as_string());
    case data::Type::Array:
      return wrap_list(heap, document);
    case data::Type::Object:
      return wrap_map(heap, document);
  }
  return Value::nil();
}

namespace {

bool is_finite(const data::Value& document) {
  if (document.type() == data::Type::Double) return std::isfinite(document.as_double());
  for (const auto& item : document.items()) {
    if (!is_finite(item)) return false;
  }
  for (const auto& member : document.members()) {
    if (!is_finite(member.value)) return false;
  }
  return true;
}

// Makes every list and map below a value its own.
void own_all(Heap& heap, const Value& value) {
  if (value.is_map() && value.as_map()) {
    own(heap, value.as_map());
    for (uint32_t i = 0; i < value.as_map()->size; ++i) {
      own_all(heap, value.as_map()->entries[i].value);
    }
  }
  if (value.is_list()) {
    for (const Value& item : list_items(heap, value))
      own_all(heap, item);
  }
}

}  // namespace

Value adopt(Heap& heap, data::Value document) {
  if (document.type() < data::Type::Number) return wrap(heap, document);
  bool finite = is_finite(document);
  heap.charge(document.is_string() ? document.as_string().size() : document.memory_bytes());
  auto kept = std::make_shared<const data::Value>(std::move(document));
  Value value = wrap(heap, *kept);
  heap.keep(std::move(kept));
  if (!finite) own_all(heap, value);
  return value;
}

std::span<const Value> list_items(Heap& heap, const Value& list) {
  const ListNode* node = list.as_list();
  if (!node) return {};
  if (!node->items && node->size > 0) {
    auto source = node->source->items();
    node->items = heap.array<Value>(node->size);
    for (size_t i = 0; i < source.size(); ++i)
      node->items[i] = wrap(heap, source[i]);
  }
  return {node->items, node->size};
}

ListNode* new_list(Heap& heap, size_t size, const Type& type) {
  ListNode* node = heap.create<ListNode>();
  node->type = &type;
  node->items = heap.array<Value>(size);
  node->size = static_cast<uint32_t>(size);
  std::fill_n(node->items, size, Value());
  return node;
}

Value make_list(Heap& heap, std::span<const Value> items, const Type& type) {
  ListNode* node = new_list(heap, items.size(), type);
  std::copy(items.begin(), items.end(), node->items);
  return Value::list(node);
}

Value make_string_list(Heap& heap, std::span<const std::string> items) {
  ListNode* node = new_list(heap, items.size(), types::kStringList);
  for (size_t i = 0; i < items.size(); ++i)
    node->items[i] = Value::string(heap.copy(items[i]));
  return Value::list(node);
}

MapNode* new_map(Heap& heap, const Type& type, size_t capacity) {
  MapNode* node = heap.create<MapNode>();
  node->type = &type;
  if (capacity > 0) reserve(heap, node, static_cast<uint32_t>(capacity));
  return node;
}

size_t map_size(const Value& map) {
  return map.as_map() ? map.as_map()->size : 0;
}

Value map_find(Heap& heap, const Value& map, std::string_view key) {
  MapNode* node = map.as_map();
  if (!node) return {};
  if (!node->source) {
    const Entry* entry = find_entry(node, key);
    return entry ? entry->value : Value();
  }
  const data::Value* found = node->source->find(key);
  if (!found) return {};
  if (!is_container(*found)) return wrap(heap, *found);
  return source_member(heap, node, member_number(*node->source, *found));
}

bool map_has(const Value& map, std::string_view key) {
  const MapNode* node = map.as_map();
  if (!node) return false;
  return node->source ? node->source->contains(key) : find_entry(node, key) != nullptr;
}

void map_set(Heap& heap, MapNode* map, std::string_view key, Value value) {
  own(heap, map);
  value = value.in_interface() ? value.unboxed() : value;
  if (value.is_nil()) value = Value::nil();
  if (Entry* entry = find_entry(map, key)) {
    entry->value = value;
    return;
  }
  bool grown = map->size == map->capacity;
  if (grown) reserve(heap, map, map->capacity == 0 ? 4 : map->capacity * 2);
  map->entries[map->size++] = Entry{key, value};
  if (map->index && !grown) {
    index_add(map, map->size - 1);
  } else if (map->size > kSearchedInOrder) {
    index_all(heap, map);
  }
}

void map_erase(Heap& heap, MapNode* map, std::string_view key) {
  if (!map_has(Value::map(map), key)) return;
  own(heap, map);
  Entry* entry = find_entry(map, key);
  *entry = map->entries[map->size - 1];
  --map->size;
  if (map->index) index_all(heap, map);
}

std::span<const Entry> map_sorted(Heap& heap, const Value& map) {
  MapNode* node = map.as_map();
  if (!node || node->size == 0) return {};
  Entry* entries = heap.array<Entry>(node->size);
  if (node->source) {
    auto members = node->source->members();
    for (uint32_t i = 0; i < node->size; ++i) {
      entries[i] = Entry{members[i].key.view(), source_member(heap, node, i)};
    }
  } else {
    std::copy_n(node->entries, node->size, entries);
  }
  auto less = [](const Entry& a, const Entry& b) { return a.key < b.key; };
  if (!std::is_sorted(entries, entries + node->size, less)) {
    std::sort(entries, entries + node->size, less);
  }
  return {entries, node->size};
}

bool is_true(const Value& value) {
  switch (value.kind()) {
    case Kind::Invalid:
    case Kind::Nil:
      return false;
    case Kind::Float64:
      return value.as_float() != 0;
    case Kind::Complex:
      return value.as_complex()[0] != 0 || value.as_complex()[1] != 0;
    case Kind::String:
    case Kind::Bytes:
      return !value.as_string().empty();
    case Kind::List:
      return list_size(value) > 0;
    case Kind::Map:
      return map_size(value) > 0;
    case Kind::Struct:
    case Kind::Time:
    case Kind::Func:
      return true;
    default:
      return value.as_int() != 0;
  }
}

}  // namespace fleet::gotemplate
