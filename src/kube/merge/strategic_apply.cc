// Applying strategic patches, to objects and (for three-way patches) to other patches.
#include <algorithm>
#include <set>
#include <utility>

#include "base/strings.h"
#include "kube/merge/strategic.h"
#include "kube/merge/strategic_lists.h"
#include "kube/merge/strategic_merge.h"

namespace fleet::kube {
namespace {

using data::Value;

constexpr size_t kNone = static_cast<size_t>(-1);

Error invalid(std::string message) {
  return Error(Code::Invalid, std::move(message));
}

bool same_type(const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) return a.is_integer() == b.is_integer();
  return a.type() == b.type();
}

Value without_nulls(const Value& value) {
  if (value.is_object()) {
    Value out = Value::object();
    for (const data::Member& member : value.members()) {
      if (!member.value.is_null()) out.set(member.key, without_nulls(member.value));
    }
    return out;
  }
  if (!value.is_array()) return value;
  Value out = Value::array();
  for (const Value& item : value.items())
    out.push_back(without_nulls(item));
  return out;
}

// The value without directives; false if it is itself one.
bool without_directives(const Value& value, Value& out) {
  if (value.is_object()) {
    if (value.contains(kPatchDirective)) return false;
    Value kept = Value::object();
    for (const data::Member& member : value.members()) {
      Value below;
      if (without_directives(member.value, below)) kept.set(member.key, std::move(below));
    }
    out = std::move(kept);
  } else if (value.is_array()) {
    Value kept = Value::array();
    for (const Value& item : value.items()) {
      Value below;
      if (without_directives(item, below)) kept.push_back(std::move(below));
    }
    out = std::move(kept);
  } else {
    out = value;
  }
  return true;
}

class Merger {
 public:
  explicit Merger(MergeMode mode)
      : onto_object_(mode == MergeMode::OntoObject) {}

  Result<Value> map(const Value& live, Value patch, const PatchSchema& schema) {
    if (const Value* directive = patch.find(kPatchDirective)) {
      if (directive->as_string() == "replace") {
        patch.erase(kPatchDirective);
        return patch;
      }
      if (directive->as_string() == "delete") return Value::object();
      return invalid(
          cat("unknown patch type: ", go_print(*directive), " in map: ", go_print(patch)));
    }
    Value out = live.is_object() ? live : Value::object();
    TRY(retain_keys(out, patch));
    TRY(ordered_lists(out, patch, schema));
    for (const data::Member& member : patch.members()) {
      TRY(member_into(out, name(member), member.value, schema));
    }
    return out;
  }

 private:
  void take(Value& out, std::string_view key, const Value& patch) {
    Value kept;
    if (without_directives(onto_object_ ? without_nulls(patch) : patch, kept)) {
      out.set(key, std::move(kept));
    } else {
      out.erase(key);
    }
  }

  Result<> member_into(Value& out,
                       std::string_view key,
                       const Value& patch,
                       const PatchSchema& schema) {
    const bool deletes = key.starts_with(kDeleteFromList);
    if (deletes && !onto_object_) {
      out.set(key, patch);
      return {};
    }
    if (deletes) key.remove_prefix(kDeleteFromList.size());
    if (patch.is_null()) {
      out.erase(key);
      if (onto_object_) return {};
    }
    const Value* live = out.find(key);
    if (live == nullptr || !same_type(*live, patch)) {
      if (!deletes) take(out, key, patch);
      return {};
    }
    if (live->is_object()) {
      auto field = TRY(schema.map_field(key));
      if (field.meta.replace) {
        out.set(key, patch);
      } else {
        out.set(key, TRY(map(*live, patch, *field.below)));
      }
    } else if (live->is_array()) {
      auto field = TRY(schema.list_field(key));
      if (field.meta.merge || deletes) {
        out.set(key, TRY(list(*live, patch, *field.below, field.meta.merge_key, deletes)));
      } else {
        out.set(key, patch);
      }
    } else {
      out.set(key, patch);
    }
    return {};
  }

  Result<> retain_keys(Value& live, Value& patch) {
    const Value* found = patch.find(kRetainKeys);
    if (found == nullptr) return {};
    const Value keys = *found;
    patch.erase(kRetainKeys);
    if (!onto_object_) {
      const Value* theirs = live.find(kRetainKeys);
      if (theirs == nullptr) {
        live.set(kRetainKeys, keys);
      } else if (*theirs != keys) {
        return invalid(
            cat(go_print(*theirs),
                " and ",
                go_print(keys),
                " are not deep equal: this may happen when calculating the 3-way diff patch"));
      }
      return {};
    }
    if (!keys.is_array()) return invalid("invalid patch format of retainKeys");
    std::set<std::string, std::less<>> kept;
    for (const Value& key : keys.items())
      kept.insert(key.to_string());
    for (const data::Member& member : patch.members()) {
      std::string_view key = name(member);
      if (member.value.is_null() || key.starts_with(kDeleteFromList) ||
          key.starts_with(kSetElementOrder))
        continue;
      if (!kept.contains(key)) return invalid("invalid patch format of retainKeys");
    }
    Value out = Value::object();
    for (const data::Member& member : live.members()) {
      if (kept.contains(name(member))) out.set(member.key, member.value);
    }
    live = std::move(out);
    return {};
  }

  // Lists with an order directive are merged here and leave the patch.
  Result<> ordered_lists(Value& live, Value& patch, const PatchSchema& schema) {
    std::vector<std::string> directives;
    for (const data::Member& member : patch.members()) {
      if (name(member).starts_with(kSetElementOrder)) directives.emplace_back(name(member));
    }
    for (const std::string& directive : directives) {
      const Value order = patch[directive];
      if (!onto_object_) {
        const Value* theirs = live.find(directive);
        if (theirs == nullptr) {
          live.set(directive, order);
        } else if (*theirs != order) {
          return invalid("invalid patch format of setElementOrder list");
        }
      }
      patch.erase(directive);
      TRY(ordered_list(live, patch, directive.substr(kSetElementOrder.size()), order, schema));
    }
    return {};
  }

  Result<> ordered_list(Value& live,
                        Value& patch,
                        const std::string& key,
                        const Value& order,
                        const PatchSchema& schema) {
    if (!order.is_array()) return invalid("expected a slice, but received a map");
    const Value* mine = live.find(key);
    const Value* theirs = patch.find(key);
    for (const Value* list : {mine, theirs}) {
      if (list != nullptr && !list->is_array()) {
        return invalid(cat("expected a slice, but received a ",
                           list->is_null()     ? "<nil>"
                           : list->is_object() ? "map"
                                               : "string"));
      }
    }
    auto field = TRY(schema.list_field(key));
    TRY(check_order(theirs, order, field.meta.merge_key));
    if (mine == nullptr && theirs == nullptr) return {};
    Value merged;
    if (theirs == nullptr) {
      merged = *mine;
    } else if (mine == nullptr) {
      without_directives(*theirs, merged);
    } else if (field.meta.merge) {
      merged = TRY(list(*mine, *theirs, *field.below, field.meta.merge_key, false));
    } else {
      merged = *theirs;
    }
    const Value nothing = Value::array();
    ItemKind kind =
        TRY(item_kind(mine == nullptr ? nothing : *mine, theirs == nullptr ? nothing : *theirs));
    Items ordered = TRY(order_items(items_of(merged),
                                    items_of(order),
                                    mine == nullptr ? Items{} : items_of(*mine),
                                    field.meta.merge_key,
                                    kind));
    live.set(key, list_of(ordered));
    patch.erase(key);
    return {};
  }

  // Every item of the patch list must occur in the order list, in the same order.
  static Result<> check_order(const Value* patch, const Value& order, const std::string& key) {
    if (patch == nullptr || patch->empty() || order.empty()) return {};
    Items wanted;
    for (const Value& item : patch->items()) {
      if (!key.empty() && item[kPatchDirective].as_string() == "delete") continue;
      wanted.push_back(item);
    }
    size_t w = 0;
    size_t o = 0;
    while (w < wanted.size() && o < order.size()) {
      if (wanted[w].is_object() && wanted[w].contains(kPatchDirective)) {
        w++;
        continue;
      }
      if (!key.empty()) {
        for (const Value* item : {std::as_const(wanted).data() + w, &order[o]}) {
          if (!item->contains(key)) return no_merge_key(*item, key);
        }
      }
      const bool equal = key.empty() ? wanted[w] == order[o] : wanted[w][key] == order[o][key];
      if (equal) w++;
      o++;
    }
    if (w < wanted.size() && o >= order.size()) {
      return invalid(cat("The order in patch list:\n",
                         go_print(*patch),
                         "\n doesn't match $setElementOrder list:\n",
                         go_print(order),
                         "\n"));
    }
    return {};
  }

  Result<Value> list(const Value& live,
                     const Value& patch,
                     const PatchSchema& schema,
                     const std::string& key,
                     bool deletes) {
    if (live.empty() && patch.empty()) return live;
    ItemKind kind = TRY(item_kind(live, patch));
    Items mine = items_of(live);
    Items theirs = items_of(patch);
    Items merged;
    if (kind == ItemKind::Scalar) {
      if (onto_object_ && deletes) {
        std::erase_if(mine, [&](const Value& item) { return find_value(theirs, item) != kNone; });
        return list_of(mine);
      }
      merged = mine;
      merged.insert(merged.end(), theirs.begin(), theirs.end());
      merged = without_duplicates(merged);
    } else {
      if (key.empty()) return invalid("cannot merge lists without merge key for ");
      TRY(special_items(mine, theirs, key));
      merged = TRY(merge_items(mine, theirs, key, schema));
    }
    return list_of(TRY(order_items(merged, theirs, mine, key, kind)));
  }

  // Takes `$patch` items out of the patch list and does what they say.
  static Result<> special_items(Items& live, Items& patch, const std::string& key) {
    Items plain;
    bool replace = false;
    for (const Value& item : patch) {
      const Value* directive = item.find(kPatchDirective);
      if (directive == nullptr) {
        plain.push_back(item);
        continue;
      }
      std::string_view word = directive->as_string();
      if (word == "delete") {
        const Value* value = item.find(key);
        if (value == nullptr) return no_merge_key(item, key);
        for (size_t at = TRY(find_by_key(live, key, *value)); at != kNone;
             at = TRY(find_by_key(live, key, *value))) {
          live.erase(live.begin() + static_cast<std::ptrdiff_t>(at));
        }
      } else if (word == "replace") {
        replace = true;
      } else if (word == "merge") {
        return invalid("merging lists cannot yet be specified in the patch");
      } else {
        return invalid(
            cat("unknown patch type: ", go_print(*directive), " in map: ", go_print(item)));
      }
    }
    if (replace) {
      live = std::move(plain);
      patch.clear();
    } else {
      patch = std::move(plain);
    }
    return {};
  }

  Result<Items> merge_items(const Items& live,
                            const Items& patch,
                            const std::string& key,
                            const PatchSchema& schema) {
    Items out = live;
    for (const Value& item : patch) {
      const Value* value = item.find(key);
      if (value == nullptr) return no_merge_key(item, key);
      size_t at = TRY(find_by_key(out, key, *value));
      if (at == kNone) {
        out.push_back(item);
      } else {
        out[at] = TRY(map(out[at], item, schema));
      }
    }
    return out;
  }

  bool onto_object_;
};

}  // namespace

Result<Value> merge_strategic(const Value& live,
                              const Value& patch,
                              const PatchSchema& schema,
                              MergeMode mode) {
  return Merger(mode).map(live, patch, schema);
}

Result<Value> apply_strategic(const Value& live, const Value& patch, const PatchSchema& schema) {
  return merge_strategic(live, patch, schema, MergeMode::OntoObject);
}

}  // namespace fleet::kube
