#include "data/patch/merge_patch.h"

#include <utility>

#include "base/strings.h"
#include "data/json/parse.h"
#include "data/json/print.h"

namespace fleet::patch {
namespace {

using data::Value;

Error invalid(std::string_view message) {
  return Error(Code::Invalid, std::string(message));
}

// Without the null members of objects, at every depth; nulls in lists stay.
Value pruned(const Value& value) {
  if (value.is_object()) {
    Value out = Value::object();
    for (const data::Member& member : value.members()) {
      if (!member.value.is_null()) out.set(member.key, pruned(member.value));
    }
    return out.sorted();
  }
  if (!value.is_array()) return value;
  Value out = Value::array();
  for (const Value& item : value.items())
    out.push_back(pruned(item));
  return out;
}

void merge_into(Value& object, const Value& patch) {
  for (const data::Member& member : patch.members()) {
    std::string_view key = name(member);
    if (member.value.is_null()) {
      object.erase(key);
      continue;
    }
    const Value* current = object.find(key);
    if (current == nullptr || !current->is_object()) {
      object.set(member.key, pruned(member.value));
    } else if (!member.value.is_object()) {
      object.set(member.key, member.value);
    } else {
      merge_into(object.edit(key), member.value);
    }
  }
}

bool matches(const Value& a, const Value& b) {
  if (a.is_array() && b.is_array()) {
    if (a.size() != b.size()) return false;
    for (size_t i = 0; i < a.size(); i++) {
      if (!matches(a[i], b[i])) return false;
    }
    return true;
  }
  if (a.is_object() && b.is_object()) {
    if (a.size() != b.size()) return false;
    for (const data::Member& member : a.members()) {
      const Value* other = b.find(name(member));
      if (other == nullptr || !matches(member.value, *other)) return false;
    }
    return true;
  }
  if (a.is_number() && b.is_number()) return a.as_double() == b.as_double();
  return a == b;
}

Value difference(const Value& original, const Value& modified) {
  Value patch = Value::object();
  for (const data::Member& member : modified.members()) {
    const Value* before = original.find(name(member));
    if (before != nullptr && before->is_object() && member.value.is_object()) {
      Value deeper = difference(*before, member.value);
      if (!deeper.empty()) patch.set(member.key, std::move(deeper));
    } else if (before == nullptr || !matches(*before, member.value)) {
      patch.set(member.key, member.value);
    }
  }
  for (const data::Member& member : original.members()) {
    if (!modified.contains(name(member))) patch.set(member.key, Value());
  }
  return patch;
}

// Either only the deletions of a patch, or all but them.
Value only(const Value& patch, bool deletions) {
  Value out = Value::object();
  for (const data::Member& member : patch.members()) {
    const Value& value = member.value;
    if (value.is_null()) {
      if (deletions) out.set(member.key, Value());
    } else if (!value.is_object() || value.empty()) {
      if (!deletions) out.set(member.key, value);
    } else {
      Value deeper = only(value, deletions);
      if (!deeper.empty()) out.set(member.key, std::move(deeper));
    }
  }
  return out;
}

// Two patches conflict where one changes what the other deletes, or the structures differ.
bool conflicting(const Value& left, const Value& right) {
  if (left.is_object() && right.is_object()) {
    for (const data::Member& member : left.members()) {
      const Value* other = right.find(name(member));
      if (other != nullptr && conflicting(member.value, *other)) return true;
    }
    return false;
  }
  if (left.is_array() && right.is_array()) {
    if (left.size() != right.size()) return true;
    for (size_t i = 0; i < left.size(); i++) {
      if (conflicting(left[i], right[i])) return true;
    }
    return false;
  }
  return left != right;
}

}  // namespace

Result<Value> apply_merge_patch(const Value& document, const Value& patch) {
  if (document.is_null()) return invalid("Invalid JSON Document");
  if (patch.is_null()) return invalid("Invalid JSON Patch");
  if (document.is_object() && patch.is_object()) {
    Value out = document;
    merge_into(out, patch);
    return out;
  }
  if (patch.is_object() || patch.is_array()) return pruned(patch);
  return invalid("Invalid JSON Patch");
}

Result<std::string> apply_merge_patch_text(std::string_view document, std::string_view patch) {
  const json::ParseOptions as_written{json::Numbers::AsWritten};
  auto value = json::parse(document, as_written);
  if (!value.ok()) return invalid("Invalid JSON Document");
  auto change = json::parse(patch, as_written);
  if (!change.ok()) return invalid("Invalid JSON Patch");
  return json::print(TRY(apply_merge_patch(*value, *change)), json::Keys::Sorted);
}

Result<Value> create_merge_patch(const Value& original, const Value& modified) {
  if (original.is_array() != modified.is_array()) return invalid("Mismatched JSON Documents");
  if (original.is_array()) {
    if (original.size() != modified.size()) return invalid("Invalid JSON Document");
    Value patches = Value::array();
    for (size_t i = 0; i < original.size(); i++) {
      if (!original[i].is_object() || !modified[i].is_object())
        return invalid("Invalid JSON Document");
      patches.push_back(difference(original[i], modified[i]));
    }
    return patches;
  }
  auto is_document = [](const Value& value) { return value.is_object() || value.is_null(); };
  if (!is_document(original) || !is_document(modified)) return invalid("Invalid JSON Document");
  return difference(original, modified);
}

Result<std::string> create_merge_patch_text(std::string_view original, std::string_view modified) {
  auto looks_like_array = [](std::string_view text) {
    text = trim(text);
    return text.starts_with('[') && text.ends_with(']');
  };
  if (looks_like_array(original) != looks_like_array(modified))
    return invalid("Mismatched JSON Documents");
  const json::ParseOptions doubles{json::Numbers::Double};
  auto before = json::parse(original, doubles);
  auto after = json::parse(modified, doubles);
  if (!before.ok() || !after.ok()) return invalid("Invalid JSON Document");
  return json::print(TRY(create_merge_patch(*before, *after)), json::Keys::Sorted);
}

Result<Value> three_way_merge_patch(const Value& original,
                                    const Value& modified,
                                    const Value& current) {
  const Value empty = Value::object();
  auto or_empty = [&](const Value& value) -> const Value& {
    return value.is_null() ? empty : value;
  };
  Value changes = only(TRY(create_merge_patch(or_empty(current), or_empty(modified))), false);
  Value deletions = only(TRY(create_merge_patch(or_empty(original), or_empty(modified))), true);
  if (conflicting(changes, deletions)) {
    return Error(Code::Conflict,
                 cat("patch:\n",
                     json::print_indented(changes, json::Keys::Sorted, {"", "  "}),
                     "\nconflicts with changes made from original to current:\n",
                     json::print_indented(deletions, json::Keys::Sorted, {"", "  "}),
                     "\n"));
  }
  return apply_merge_patch(deletions, changes);
}

}  // namespace fleet::patch
