// Making strategic patches: from two documents, and from three.
#include <algorithm>
#include <map>
#include <utility>

#include "base/strings.h"
#include "data/yaml/yaml.h"
#include "kube/merge/strategic.h"
#include "kube/merge/strategic_lists.h"
#include "kube/merge/strategic_merge.h"

namespace fleet::kube {
namespace {

using data::Value;

struct DiffOptions {
  bool ignore_deletions = false;
  bool ignore_changes = false;
  bool element_order = false;
  bool retain_keys = false;
};

bool same_type(const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) return a.is_integer() == b.is_integer();
  return a.type() == b.type();
}

bool deep_equal(const Value& a, const Value& b) {
  if (!same_type(a, b)) return false;
  if (a.is_object()) {
    if (a.size() != b.size()) return false;
    return std::ranges::all_of(a.members(), [&](const data::Member& member) {
      const Value* other = b.find(name(member));
      return other != nullptr && deep_equal(member.value, *other);
    });
  }
  if (a.is_array()) {
    return std::ranges::equal(a.items(), b.items(), deep_equal);
  }
  return a == b;
}

// Items ordered by the text of their key, as %v prints it.
Result<Items> sorted_by_key(const Value& list, std::string_view key) {
  Items items = items_of(list);
  for (const Value& item : items) {
    if (item.is_object() && !item.contains(key)) return no_merge_key(item, key);
  }
  std::ranges::stable_sort(items, {}, [&](const Value& item) { return go_print(item[key]); });
  return items;
}

struct ListDiff {
  Items changes;
  Items deletions;
  Items order;
};

class Differ {
 public:
  Result<Value> maps(const Value& original,
                     const Value& modified,
                     const PatchSchema& schema,
                     DiffOptions options) {
    Value patch = Value::object();
    std::vector<std::string> kept;
    for (const data::Member& member : modified.members()) {
      std::string_view key = name(member);
      if (options.retain_keys && !member.value.is_null()) kept.emplace_back(key);
      const Value* before = original.find(key);
      if (before == nullptr) {
        if (!options.ignore_changes) patch.set(key, member.value);
        continue;
      }
      if (key == kPatchDirective) {
        if (*before != member.value) patch.set(key, member.value);
        continue;
      }
      if (!same_type(*before, member.value)) {
        if (!options.ignore_changes) patch.set(key, member.value);
      } else if (before->is_object()) {
        TRY(map_member(patch, key, *before, member.value, schema, options));
      } else if (before->is_array()) {
        TRY(list_member(patch, key, *before, member.value, schema, options));
      } else if (!options.ignore_changes && !deep_equal(*before, member.value)) {
        patch.set(key, member.value);
      }
    }
    bool original_has_more = false;
    for (const data::Member& member : original.members()) {
      if (modified.contains(name(member))) continue;
      original_has_more = original_has_more || !member.value.is_null();
      if (!options.ignore_deletions) patch.set(member.key, Value());
    }
    if (!kept.empty() && (!patch.empty() || original_has_more)) {
      std::ranges::sort(kept);
      Value list = Value::array();
      for (const std::string& key : kept)
        list.push_back(key);
      patch.set(kRetainKeys, std::move(list));
    }
    return patch;
  }

 private:
  Result<> map_member(Value& patch,
                      std::string_view key,
                      const Value& before,
                      const Value& after,
                      const PatchSchema& schema,
                      DiffOptions options) {
    auto field = schema.map_field(key);
    if (!field.ok()) {
      if (deep_equal(before, after)) return {};
      return std::move(field).error();
    }
    options.retain_keys = field->meta.retain_keys;
    if (field->meta.replace) {
      if (!options.ignore_changes) patch.set(key, after);
      return {};
    }
    Value below = TRY(maps(before, after, *field->below, options));
    if (!below.empty()) patch.set(key, std::move(below));
    return {};
  }

  Result<> list_member(Value& patch,
                       std::string_view key,
                       const Value& before,
                       const Value& after,
                       const PatchSchema& schema,
                       DiffOptions options) {
    auto field = schema.list_field(key);
    if (!field.ok()) {
      if (deep_equal(before, after)) return {};
      return std::move(field).error();
    }
    if (!field->meta.merge) {
      if (!options.ignore_changes && !deep_equal(before, after)) patch.set(key, after);
      return {};
    }
    options.retain_keys = field->meta.retain_keys;
    ListDiff diff = TRY(lists(before, after, *field->below, field->meta.merge_key, options));
    if (!diff.changes.empty()) patch.set(key, list_of(diff.changes));
    if (!diff.deletions.empty()) patch.set(cat(kDeleteFromList, key), list_of(diff.deletions));
    if (!diff.order.empty()) patch.set(cat(kSetElementOrder, key), list_of(diff.order));
    return {};
  }

  Result<ListDiff> lists(const Value& before,
                         const Value& after,
                         const PatchSchema& schema,
                         const std::string& key,
                         const DiffOptions& options) {
    ListDiff diff;
    if (before.empty()) {
      if (!options.ignore_changes) diff.changes = items_of(after);
      return diff;
    }
    ItemKind kind = TRY(item_kind(before, after));
    if (kind == ItemKind::Scalar) {
      scalars(before, after, options, diff);
      diff.changes = TRY(sort_by(diff.changes, items_of(after), key, kind));
      const bool changed = !options.ignore_changes && !deep_equal(before, after);
      if (options.element_order &&
          ((!options.ignore_deletions && !diff.deletions.empty()) || changed)) {
        diff.order = items_of(after);
      }
      return diff;
    }
    Items deletions;
    TRY(keyed(before, after, schema, key, options, diff.changes, deletions));
    diff.changes = TRY(sort_by(diff.changes, items_of(after), key, kind));
    diff.changes.insert(diff.changes.end(), deletions.begin(), deletions.end());
    const bool reordered = !same_order(before, after, key);
    if (options.element_order &&
        ((!options.ignore_changes && (!diff.changes.empty() || reordered)) ||
         (!options.ignore_deletions && !diff.changes.empty()))) {
      for (const Value& item : after.items())
        diff.order.push_back(Value::object({{key, item[key]}}));
    }
    return diff;
  }

  static bool same_order(const Value& before, const Value& after, std::string_view key) {
    return std::ranges::equal(before.items(), after.items(), [&](const Value& a, const Value& b) {
      return deep_equal(a[key], b[key]);
    });
  }

  // Additions and deletions of a set, compared by text.
  static void scalars(const Value& before,
                      const Value& after,
                      const DiffOptions& options,
                      ListDiff& diff) {
    auto sorted = [](const Value& list) {
      Items items = items_of(list);
      std::ranges::stable_sort(items, {}, go_print);
      return items;
    };
    const Items olds = sorted(before);
    const Items news = sorted(after);
    size_t o = 0;
    size_t n = 0;
    while (o < olds.size() || n < news.size()) {
      int order = 0;
      if (o < olds.size() && n < news.size()) {
        order = go_print(olds[o]).compare(go_print(news[n]));
      } else {
        order = o < olds.size() ? -1 : 1;
      }
      if (order == 0) {
        o++;
        n++;
      } else if (order < 0) {
        if (!options.ignore_deletions) diff.deletions.push_back(olds[o]);
        o++;
      } else {
        if (!options.ignore_changes) diff.changes.push_back(news[n]);
        n++;
      }
    }
    diff.deletions = without_duplicates(diff.deletions);
  }

  Result<> keyed(const Value& before,
                 const Value& after,
                 const PatchSchema& schema,
                 const std::string& key,
                 const DiffOptions& options,
                 Items& changes,
                 Items& deletions) {
    const Items olds = TRY(sorted_by_key(before, key));
    const Items news = TRY(sorted_by_key(after, key));
    size_t o = 0;
    size_t n = 0;
    while (o < olds.size() || n < news.size()) {
      int order = 0;
      if (o < olds.size() && n < news.size()) {
        order = go_print(olds[o][key]).compare(go_print(news[n][key]));
      } else {
        order = o < olds.size() ? -1 : 1;
      }
      if (order == 0) {
        Value below = TRY(maps(olds[o], news[n], schema, options));
        if (!below.empty()) {
          below.set(key, news[n][key]);
          changes.push_back(std::move(below));
        }
        o++;
        n++;
      } else if (order > 0) {
        if (!options.ignore_changes) changes.push_back(news[n]);
        n++;
      } else {
        if (!options.ignore_deletions) {
          deletions.push_back(Value::object({{key, olds[o][key]}, {kPatchDirective, "delete"}}));
        }
        o++;
      }
    }
    return {};
  }
};

// Whether two patches of one document change the same thing differently.
class Conflicts {
 public:
  Result<bool> maps(const Value& left, const Value& right, const PatchSchema* schema) {
    for (const data::Member& member : left.members()) {
      std::string_view key = name(member);
      if (key == kPatchDirective || key == kRetainKeys) continue;
      const Value* other = right.find(key);
      if (other == nullptr) continue;
      PatchSchema::Field field;
      if (schema != nullptr && member.value.is_array()) {
        auto found = schema->list_field(key);
        if (found.ok()) field = std::move(*found);
      } else if (schema != nullptr && member.value.is_object()) {
        auto found = schema->map_field(key);
        if (found.ok()) field = std::move(*found);
      }
      if (TRY(values(member.value, *other, field))) return true;
    }
    return false;
  }

 private:
  Result<bool> values(const Value& left, const Value& right, const PatchSchema::Field& field) {
    if (left.is_object()) {
      if (!right.is_object()) return true;
      if (left[kPatchDirective] != right[kPatchDirective]) return true;
      if (field.meta.replace) return false;
      return maps(left, right, field.below.get());
    }
    if (!left.is_array()) return !deep_equal(left, right);
    if (!right.is_array()) return true;
    if (left.empty() && right.empty()) return false;
    ItemKind kind = TRY(item_kind(left, right));
    if (field.meta.merge) {
      if (kind != ItemKind::Map) return false;
      for (const Value& item : left.items()) {
        for (const Value& other : right.items()) {
          if (!deep_equal(item[field.meta.merge_key], other[field.meta.merge_key])) continue;
          if (TRY(maps(item, other, field.below.get()))) return true;
        }
      }
      return false;
    }
    if (left.size() != right.size()) return true;
    for (size_t i = 0; i < left.size(); i++) {
      if (TRY(values(left[i], right[i], {field.below, {}}))) return true;
    }
    return false;
  }
};

const Value& or_empty(const Value& value) {
  static const Value kEmpty = Value::object();
  return value.is_null() ? kEmpty : value;
}

}  // namespace

Result<Value> diff_strategic(const Value& original,
                             const Value& modified,
                             const PatchSchema& schema) {
  return Differ().maps(or_empty(original),
                       or_empty(modified),
                       schema,
                       {.ignore_deletions = false,
                        .ignore_changes = false,
                        .element_order = true,
                        .retain_keys = false});
}

Result<Value> three_way_strategic(const Value& original,
                                  const Value& modified,
                                  const Value& current,
                                  const PatchSchema& schema,
                                  Overwrite overwrite) {
  Differ differ;
  Value changes = TRY(differ.maps(or_empty(current),
                                  or_empty(modified),
                                  schema,
                                  {.ignore_deletions = true,
                                   .ignore_changes = false,
                                   .element_order = true,
                                   .retain_keys = false}));
  Value deletions = TRY(differ.maps(or_empty(original),
                                    or_empty(modified),
                                    schema,
                                    {.ignore_deletions = false,
                                     .ignore_changes = true,
                                     .element_order = true,
                                     .retain_keys = false}));
  Value patch = TRY(merge_strategic(deletions, changes, schema, MergeMode::OntoPatch));
  if (overwrite == Overwrite::Yes) return patch;
  Value changed = TRY(differ.maps(or_empty(original), or_empty(current), schema, {}));
  if (TRY(Conflicts().maps(patch, changed, &schema))) {
    return Error(Code::Conflict,
                 cat("patch:\n",
                     yaml::print(patch),
                     "\nconflicts with changes made from original to current:\n",
                     yaml::print(changed),
                     "\n"));
  }
  return patch;
}

}  // namespace fleet::kube
