#include "base/strings.h"
#include "gotemplate/sprig.h"

namespace fleet::gotemplate {
namespace {

constexpr const char* kNilMap = "assignment to entry in nil map";

Result<Value> dict(Execution& run, Args a) {
  MapNode* map = new_map(run.heap(), types::kAnyMap, (a.size() + 1) / 2);
  for (size_t i = 0; i < a.size(); i += 2) {
    std::string_view key = strval(run, a[i]);
    map_set(run.heap(), map, key, i + 1 < a.size() ? a[i + 1] : Value::string({}));
  }
  return Value::map(map);
}

Result<Value> get(Execution& run, Args a) {
  Value found = map_find(run.heap(), a[0], text_of(a[1]));
  return found.valid() ? found : Value::string({});
}

Result<Value> set(Execution& run, Args a) {
  if (!a[0].as_map()) return failure(kNilMap);
  map_set(run.heap(), a[0].as_map(), text_of(a[1]), a[2]);
  return a[0];
}

Result<Value> unset(Execution& run, Args a) {
  if (a[0].as_map()) map_erase(run.heap(), a[0].as_map(), text_of(a[1]));
  return a[0];
}

Result<Value> has_key(Execution&, Args a) {
  return Value::boolean(map_has(a[0], text_of(a[1])));
}

Result<Value> pluck(Execution& run, Args a) {
  std::vector<Value> out;
  for (const Value& map : a.subspan(1)) {
    Value found = map_find(run.heap(), map, text_of(a[0]));
    if (found.valid()) out.push_back(found);
  }
  return make_list(run.heap(), out);
}

// Go's order is random; ours is that of the keys.
Result<Value> keys(Execution& run, Args a) {
  std::vector<Value> out;
  for (const Value& map : a) {
    for (const Entry& entry : map_sorted(run.heap(), map))
      out.push_back(Value::string(entry.key));
  }
  return make_list(run.heap(), out, types::kStringList);
}

Result<Value> values(Execution& run, Args a) {
  std::vector<Value> out;
  for (const Entry& entry : map_sorted(run.heap(), a[0]))
    out.push_back(entry.value);
  return make_list(run.heap(), out);
}

Result<Value> pick(Execution& run, Args a) {
  MapNode* out = new_map(run.heap());
  for (const Value& key : a.subspan(1)) {
    Value found = map_find(run.heap(), a[0], text_of(key));
    if (found.valid()) map_set(run.heap(), out, text_of(key), found);
  }
  return Value::map(out);
}

Result<Value> omit(Execution& run, Args a) {
  MapNode* out = new_map(run.heap(), types::kAnyMap, map_size(a[0]));
  for (const Entry& entry : map_sorted(run.heap(), a[0])) {
    bool left_out = false;
    for (const Value& key : a.subspan(1))
      left_out = left_out || text_of(key) == entry.key;
    if (!left_out) map_set(run.heap(), out, entry.key, entry.value);
  }
  return Value::map(out);
}

Error not_a(const Value& value, std::string_view wanted) {
  std::string_view name = value.is_nil() ? "nil" : value.type().name;
  return failure(cat("interface conversion: interface {} is ", name, ", not ", wanted));
}

bool is_plain_map(const Value& value) {
  return value.is_map() && &value.type() == &types::kAnyMap;
}

Result<Value> dig(Execution& run, Args a) {
  if (a.size() < 3) return failure("dig needs at least three arguments");
  Value at = a.back();
  if (!is_plain_map(at)) return not_a(at, "map[string]interface {}");
  Args path = a.first(a.size() - 2);
  for (const Value& key : path) {
    if (!key.is_string()) return not_a(key, "string");
  }
  for (size_t i = 0; i < path.size(); ++i) {
    Value next = map_find(run.heap(), at, text_of(path[i]));
    if (!next.valid()) return a[a.size() - 2];
    if (i + 1 == path.size()) return next;
    if (!is_plain_map(next)) return not_a(next, "map[string]interface {}");
    at = next;
  }
  return at;
}

// mergo: maps in maps are merged in place; lists are taken whole or not at all.
Result<> merge_into(
    Execution& run, const Value& into, const Value& from, bool overwrite, int depth) {
  if (depth > kMaxValueDepth) return failure("maps are nested too deeply");
  if (into.as_map() == from.as_map()) return {};
  for (const Entry& entry : map_sorted(run.heap(), from)) {
    TRY(work(run, 1));
    TRY(room_for(run, 0));
    Value old = map_find(run.heap(), into, entry.key);
    if (entry.value.is_nil()) {
      if (overwrite) map_set(run.heap(), into.as_map(), entry.key, Value::nil());
      continue;
    }
    bool both_maps = old.is_map() && entry.value.is_map();
    if (both_maps && old.as_map()) {
      TRY(merge_into(run, old, entry.value, overwrite, depth + 1));
      if (map_size(old) > 0) continue;
    }
    if (overwrite || !old.valid() || is_empty(old)) {
      map_set(run.heap(), into.as_map(), entry.key, entry.value);
    }
  }
  return {};
}

Result<Value> merge_all(Execution& run, Args a, bool overwrite) {
  Value into = a[0].as_map() ? a[0] : make_map(run.heap());
  for (const Value& from : a.subspan(1))
    TRY(merge_into(run, into, from, overwrite, 0));
  return into;
}

Result<Value> merge(Execution& run, Args a) {
  return merge_all(run, a, false);
}
Result<Value> merge_overwrite(Execution& run, Args a) {
  return merge_all(run, a, true);
}

Result<Value> copy_deep(Execution& run, const Value& value, int depth) {
  if (depth > kMaxValueDepth) return failure("value is nested too deeply");
  TRY(room_for(run, 0));
  TRY(work(run, 1));
  if (value.kind() == Kind::List && value.as_list()) {
    auto items = list_items(run.heap(), value);
    ListNode* out = new_list(run.heap(), items.size(), value.type());
    for (size_t i = 0; i < items.size(); ++i) {
      out->items[i] = TRY(copy_deep(run, items[i], depth + 1));
    }
    return Value::list(out);
  }
  if (!value.is_map() || !value.as_map()) return value;
  // What nobody has looked into can be read through again, by a node of its own.
  const MapNode& node = *value.as_map();
  if (node.source && !node.wrapped) {
    MapNode* out = run.heap().create<MapNode>();
    out->type = node.type;
    out->source = node.source;
    out->size = node.size;
    return Value::map(out);
  }
  MapNode* out = new_map(run.heap(), *node.type, node.size);
  out->native = node.native;
  for (const Entry& entry : map_sorted(run.heap(), value)) {
    map_set(run.heap(), out, entry.key, TRY(copy_deep(run, entry.value, depth + 1)));
  }
  return Value::map(out);
}

Result<Value> deep_copy(Execution& run, Args a) {
  if (a[0].is_nil()) {
    return failure("reflect: call of reflect.Value.Type on zero Value");
  }
  return copy_deep(run, a[0], 0);
}

constexpr Function kFunctions[] = {
    {"dict", "a*", &dict},
    {"get", "ms", &get},
    {"set", "msa", &set},
    {"unset", "ms", &unset},
    {"hasKey", "ms", &has_key},
    {"pluck", "sm*", &pluck},
    {"keys", "m*", &keys},
    {"values", "m", &values},
    {"pick", "ms*", &pick},
    {"omit", "ms*", &omit},
    {"dig", "a*", &dig},
    {"merge", "mm*", &merge},
    {"mustMerge", "mm*", &merge},
    {"mergeOverwrite", "mm*", &merge_overwrite},
    {"mustMergeOverwrite", "mm*", &merge_overwrite},
    {"deepCopy", "a", &deep_copy},
    {"mustDeepCopy", "a", &deep_copy},
};

}  // namespace

std::span<const Function> sprig_dict_functions() {
  return kFunctions;
}

}  // namespace fleet::gotemplate
