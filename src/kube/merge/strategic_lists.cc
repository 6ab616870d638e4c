#include "kube/merge/strategic_lists.h"

#include <algorithm>
#include <utility>

#include "base/strings.h"
#include "data/json/print.h"

namespace fleet::kube {
namespace {

using data::Value;

constexpr size_t kNone = static_cast<size_t>(-1);

// Same JSON type and same value; 1 and 1.0 are not the same.
bool identical(const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) {
    return a.is_integer() == b.is_integer() && a == b;
  }
  return a == b;
}

size_t place_of(const Items& items, const Value& item, std::string_view key, ItemKind kind) {
  for (size_t i = 0; i < items.size(); i++) {
    if (kind == ItemKind::Map ? identical(items[i][key], item[key]) : identical(items[i], item))
      return i;
  }
  return kNone;
}

ItemKind kind_of(const Value& value) {
  if (value.is_object()) return ItemKind::Map;
  return value.is_array() ? ItemKind::List : ItemKind::Scalar;
}

bool is_to_delete(const Value& item) {
  return item.is_object() && item[kPatchDirective].as_string() == "delete";
}

}  // namespace

Items items_of(const Value& list) {
  return Items(list.items().begin(), list.items().end());
}

Value list_of(const Items& items) {
  Value list = Value::array();
  list.reserve(items.size());
  for (const Value& item : items)
    list.push_back(item);
  return list;
}

std::string go_print(const Value& value) {
  std::vector<std::string> parts;
  if (value.is_object()) {
    const Value sorted = value.sorted();
    for (const data::Member& member : sorted.members()) {
      parts.push_back(cat(data::name(member), ":", go_print(member.value)));
    }
    return cat("map[", join(parts, " "), "]");
  }
  if (value.is_array()) {
    for (const Value& item : value.items())
      parts.push_back(go_print(item));
    return cat("[", join(parts, " "), "]");
  }
  if (value.is_null()) return "<nil>";
  if (value.is_string()) return value.to_string();
  if (value.type() == data::Type::Double) return to_text(value.as_double());
  return json::print(value, json::Keys::Sorted);
}

Error no_merge_key(const Value& map, std::string_view key) {
  return Error(Code::Invalid,
               cat("map: ", go_print(map), " does not contain declared merge key: ", key));
}

Result<ItemKind> item_kind(const Value& a, const Value& b) {
  const Value* first = nullptr;
  for (const Value* list : {&a, &b}) {
    for (const Value& item : list->items()) {
      if (first == nullptr) first = &item;
      const bool same =
          kind_of(*first) == kind_of(item) &&
          (kind_of(item) != ItemKind::Scalar ||
           (first->is_string() == item.is_string() && first->is_bool() == item.is_bool() &&
            first->is_null() == item.is_null()));
      if (!same) {
        return Error(
            Code::Invalid,
            cat("list element types are not identical: [", go_print(a), " ", go_print(b), "]"));
      }
    }
  }
  if (first == nullptr) return Error(Code::Invalid, "no elements in any of the given slices");
  if (first->is_array()) return Error(Code::Invalid, "lists of lists are not supported");
  return kind_of(*first);
}

Result<size_t> find_by_key(const Items& items, std::string_view key, const Value& value) {
  for (size_t i = 0; i < items.size(); i++) {
    if (!items[i].is_object())
      return Error(Code::Invalid, cat("value for key ", i, " is not a map"));
    const Value* found = items[i].find(key);
    if (found == nullptr) return no_merge_key(items[i], key);
    if (identical(*found, value)) return i;
  }
  return kNone;
}

size_t find_value(const Items& items, const Value& value) {
  return place_of(items, value, "", ItemKind::Scalar);
}

Items without_duplicates(const Items& items) {
  Items out;
  for (const Value& item : items) {
    if (find_value(out, item) == kNone) out.push_back(item);
  }
  return out;
}

Result<Items> sort_by(const Items& items, const Items& order, std::string_view key, ItemKind kind) {
  Items sorted;
  Items deleted;
  if (kind == ItemKind::Map) {
    for (const Items* list : {&items, &order}) {
      for (const Value& item : *list) {
        if (!item.contains(key)) return no_merge_key(item, key);
      }
    }
  }
  std::vector<std::pair<size_t, Value>> placed;
  for (const Value& item : items) {
    if (kind == ItemKind::Map && is_to_delete(item)) {
      deleted.push_back(item);
    } else {
      placed.emplace_back(place_of(order, item, key, kind), item);
    }
  }
  std::ranges::stable_sort(placed, {}, [](const auto& one) { return one.first; });
  for (auto& [at, item] : placed)
    sorted.push_back(std::move(item));
  sorted.insert(sorted.end(), deleted.begin(), deleted.end());
  return sorted;
}

Result<Items> order_items(const Items& merged,
                          const Items& order,
                          const Items& live,
                          std::string_view key,
                          ItemKind kind) {
  Items listed;
  Items others;
  for (const Value& item : merged) {
    bool found = false;
    if (kind == ItemKind::Map) {
      const Value* value = item.find(key);
      if (value == nullptr) return no_merge_key(item, key);
      found = TRY(find_by_key(order, key, *value)) != kNone;
    } else {
      found = find_value(order, item) != kNone;
    }
    (found ? listed : others).push_back(item);
  }
  listed = TRY(sort_by(listed, order, key, kind));
  others = TRY(sort_by(others, live, key, kind));
  Items out;
  size_t o = 0;
  size_t l = 0;
  while (o < others.size() || l < listed.size()) {
    bool take_other = l >= listed.size();
    if (o < others.size() && l < listed.size()) {
      const size_t other_at = place_of(live, others[o], key, kind);
      const size_t listed_at = place_of(live, listed[l], key, kind);
      take_other = other_at != kNone && listed_at != kNone && other_at < listed_at;
    }
    out.push_back(take_other ? others[o++] : listed[l++]);
  }
  return out;
}

}  // namespace fleet::kube
