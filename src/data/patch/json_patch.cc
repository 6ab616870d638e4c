#include "data/patch/json_patch.h"

#include <optional>
#include <utility>

#include "base/strings.h"
#include "data/json/parse.h"
#include "data/json/print.h"

namespace fleet::patch {
namespace {

using data::Value;

Error invalid(std::string message) {
  return Error(Code::Invalid, std::move(message));
}

constexpr std::string_view kMissing = "missing value";

// The word Go uses for a JSON value of the wrong type.
std::string_view go_word(const Value& value) {
  if (value.is_array()) return "array";
  if (value.is_object()) return "object";
  if (value.is_bool()) return "bool";
  return value.is_string() ? "string" : "number";
}

// Members in order of their names; what lies deeper stays as it is written.
void sort_members(Value& object) {
  if (!object.is_object()) return;
  bool sorted = true;
  for (size_t i = 1; i < object.size() && sorted; i++) {
    sorted = name(object.members()[i - 1]) < name(object.members()[i]);
  }
  if (sorted) return;
  std::vector<std::pair<std::string, Value>> members;
  for (const data::Member& member : object.members())
    members.emplace_back(name(member), member.value);
  std::ranges::sort(
      members, {}, [](const auto& member) -> const std::string& { return member.first; });
  Value out = Value::object();
  for (auto& [key, value] : members)
    out.set(key, std::move(value));
  object = std::move(out);
}

std::string scalar_text(const Value& value) {
  return json::print(value, json::Keys::Sorted);
}

// Objects by members, arrays by position, scalars by their text.
bool same(const Value& a, const Value& b) {
  if (a.is_object() && b.is_object()) {
    if (a.size() != b.size()) return false;
    for (const data::Member& member : a.members()) {
      const Value* other = b.find(name(member));
      if (other == nullptr || !same(member.value, *other)) return false;
    }
    return true;
  }
  if (a.is_array() && b.is_array()) {
    if (a.size() != b.size()) return false;
    for (size_t i = 0; i < a.size(); i++) {
      if (!same(a[i], b[i])) return false;
    }
    return true;
  }
  if (a.is_object() || b.is_object() || a.is_array() || b.is_array()) return false;
  return scalar_text(a) == scalar_text(b);
}

std::string decoded(std::string_view part) {
  return replace_all(replace_all(part, "~1", "/"), "~0", "~");
}

// As Go's Atoi, with its error.
Result<int64_t> read_index(std::string_view text) {
  std::string_view digits = text;
  if (digits.starts_with('+')) digits.remove_prefix(1);
  auto number = digits.starts_with('-') && text.starts_with('+') ? std::nullopt : parse_int(digits);
  if (number) return *number;
  bool numeric = !digits.empty();
  for (size_t i = digits.starts_with('-') ? 1 : 0; i < digits.size(); i++) {
    numeric = numeric && digits[i] >= '0' && digits[i] <= '9';
  }
  return invalid(cat("strconv.Atoi: parsing ",
                     quote(text),
                     ": ",
                     numeric && digits != "-" ? "value out of range" : "invalid syntax"));
}

Error bad_index(int64_t index) {
  return invalid(cat("Unable to access invalid index: ", index, ": invalid index referenced"));
}

// An index that must exist; negative ones count from the end.
Result<size_t> existing_index(const Value& array, std::string_view key) {
  int64_t index = TRY(read_index(key));
  const auto size = static_cast<int64_t>(array.size());
  if (index >= size || index < -size) return bad_index(index);
  return static_cast<size_t>(index < 0 ? index + size : index);
}

// Counts the values of one that is copied; false when it is too deep or they are too many.
bool count_values(const Value& value, size_t& count, int depth) {
  if (++count > kMaxCopiedValues || depth > kMaxPatchDepth) return false;
  for (const Value& item : value.items()) {
    if (!count_values(item, count, depth + 1)) return false;
  }
  for (const data::Member& member : value.members()) {
    if (!count_values(member.value, count, depth + 1)) return false;
  }
  return true;
}

// A container and the key in it.
struct Place {
  Value* container = nullptr;
  std::string key;
};

class Patcher {
 public:
  explicit Patcher(Value document)
      : document_(std::move(document)) {}

  Result<> run(const Value& operation) {
    const Value& kind = operation["op"];
    std::string_view op = kind.is_string() ? kind.as_string() : "unknown";
    if (op == "add") return add(operation);
    if (op == "remove") return remove(operation);
    if (op == "replace") return replace(operation);
    if (op == "move") return move(operation);
    if (op == "copy") return copy(operation);
    if (op == "test") return test(operation);
    return invalid(cat("Unexpected kind: ", op));
  }

  Value document() && { return std::move(document_); }

 private:
  Place find(std::string_view path) {
    auto parts = split(path, '/');
    if (parts.size() < 2 || parts.size() > kMaxPointerParts) return {};
    Value* at = &document_;
    sort_members(*at);
    for (size_t i = 1; i + 1 < parts.size(); i++) {
      std::string key = decoded(parts[i]);
      if (at->is_array()) {
        auto index = existing_index(*at, key);
        if (!index.ok()) return {};
        at = &at->edit(*index);
      } else {
        if (!at->contains(key)) return {};
        at = &at->edit(key);
      }
      if (!at->is_array() && !at->is_object()) return {};
      sort_members(*at);
    }
    return {at, decoded(parts.back())};
  }

  static Result<std::string> text_member(const Value& operation, std::string_view member) {
    const Value& value = operation[member];
    if (value.is_string()) return value.to_string();
    if (value.is_null()) return invalid(cat("operation, missing ", member, " field: ", kMissing));
    return invalid(cat("json: cannot unmarshal ", go_word(value), " into Go value of type string"));
  }

  static Result<> put(const Place& place, Value value) {
    Value& container = *place.container;
    if (container.is_object()) {
      container.set(place.key, std::move(value));
      sort_members(container);
      return {};
    }
    if (place.key == "-") {
      container.push_back(std::move(value));
      return {};
    }
    auto index = read_index(place.key);
    if (!index.ok()) {
      return invalid(
          cat("value was not a proper array index: '", place.key, "': ", index.error().message()));
    }
    const auto size = static_cast<int64_t>(container.size()) + 1;
    if (*index >= size || *index < -size) return bad_index(*index);
    container.insert(static_cast<size_t>(*index < 0 ? *index + size : *index), std::move(value));
    return {};
  }

  static Result<> take(const Place& place) {
    Value& container = *place.container;
    if (container.is_object()) {
      if (container.erase(place.key)) return {};
      return invalid(cat("Unable to remove nonexistent key: ", place.key, ": ", kMissing));
    }
    container.erase(TRY(existing_index(container, place.key)));
    return {};
  }

  static Result<Value> get(const Place& place) {
    if (place.container->is_object()) return (*place.container)[place.key];
    return (*place.container)[TRY(existing_index(*place.container, place.key))];
  }

  Result<> add(const Value& operation) {
    auto path = text_member(operation, "path");
    if (!path.ok()) return invalid(cat("add operation failed to decode path: ", kMissing));
    Place place = find(*path);
    if (place.container == nullptr) {
      return invalid(
          cat("add operation does not apply: doc is missing path: \"", *path, "\": ", kMissing));
    }
    return put(place, operation["value"]).within(cat("error in add for path: '", *path, "'"));
  }

  Result<> remove(const Value& operation) {
    auto path = text_member(operation, "path");
    if (!path.ok()) return invalid(cat("remove operation failed to decode path: ", kMissing));
    Place place = find(*path);
    if (place.container == nullptr) {
      return invalid(
          cat("remove operation does not apply: doc is missing path: \"", *path, "\": ", kMissing));
    }
    return take(place).within(cat("error in remove for path: '", *path, "'"));
  }

  Result<> replace(const Value& operation) {
    std::string path =
        TRY(text_member(operation, "path").within("replace operation failed to decode path"));
    const Value& value = operation["value"];
    if (path.empty()) {
      if (!value.is_object() && !value.is_array()) {
        return invalid("replace operation value must be object or array: %!w(<nil>)");
      }
      document_ = value;
      return {};
    }
    Place place = find(path);
    if (place.container == nullptr) {
      return invalid(
          cat("replace operation does not apply: doc is missing path: ", path, ": ", kMissing));
    }
    if (place.container->is_object()) {
      place.container->set(place.key, value);
      sort_members(*place.container);
      return {};
    }
    auto index = existing_index(*place.container, place.key);
    if (!index.ok()) {
      return invalid(
          cat("replace operation does not apply: doc is missing key: ", path, ": ", kMissing));
    }
    place.container->edit(*index) = value;
    return {};
  }

  Result<> move(const Value& operation) {
    std::string from =
        TRY(text_member(operation, "from").within("move operation failed to decode from"));
    Place source = find(from);
    if (source.container == nullptr) {
      return invalid(
          cat("move operation does not apply: doc is missing from path: ", from, ": ", kMissing));
    }
    Value value = TRY(get(source).within(cat("error in move for path: '", source.key, "'")));
    TRY(take(source).within(cat("error in move for path: '", source.key, "'")));
    std::string path =
        TRY(text_member(operation, "path").within("move operation failed to decode path"));
    Place target = find(path);
    if (target.container == nullptr) {
      return invalid(cat("move operation does not apply: doc is missing destination path: ",
                         path,
                         ": ",
                         kMissing));
    }
    return put(target, std::move(value)).within(cat("error in move for path: '", path, "'"));
  }

  Result<> copy(const Value& operation) {
    std::string from =
        TRY(text_member(operation, "from").within("copy operation failed to decode from"));
    Place source = find(from);
    if (source.container == nullptr) {
      return invalid(
          cat("copy operation does not apply: doc is missing from path: ", from, ": ", kMissing));
    }
    Value value = TRY(get(source).within(cat("error in copy for from: '", from, "'")));
    if (!count_values(value, copied_, 0))
      return invalid("copy operations make too large a document");
    auto path = text_member(operation, "path");
    if (!path.ok()) return invalid(cat("copy operation failed to decode path: ", kMissing));
    Place target = find(*path);
    if (target.container == nullptr) {
      return invalid(cat("copy operation does not apply: doc is missing destination path: ",
                         *path,
                         ": ",
                         kMissing));
    }
    return put(target, std::move(value)).within("error while adding value during copy");
  }

  Result<> test(const Value& operation) {
    std::string path =
        TRY(text_member(operation, "path").within("test operation failed to decode path"));
    const Value& wanted = operation["value"];
    if (path.empty()) {
      if (same(document_, wanted)) return {};
      return invalid(cat("testing value ", path, " failed: test failed"));
    }
    Place place = find(path);
    if (place.container == nullptr) {
      return invalid(cat("test operation does not apply: is missing path: ", path, ": ", kMissing));
    }
    Value value = TRY(get(place).within(cat("error in test for path: '", path, "'")));
    if (same(value, wanted)) return {};
    return invalid(cat("testing value ", path, " failed: test failed"));
  }

  Value document_;
  size_t copied_ = 0;  // values, by all operations so far
};

Result<> check_patch(const Value& patch) {
  if (patch.is_null()) return {};
  if (!patch.is_array()) {
    return invalid(
        cat("json: cannot unmarshal ", go_word(patch), " into Go value of type jsonpatch.Patch"));
  }
  for (const Value& operation : patch.items()) {
    if (operation.is_object() || operation.is_null()) continue;
    return invalid(cat("json: cannot unmarshal ",
                       go_word(operation),
                       " into Go value of type jsonpatch.Operation"));
  }
  return {};
}

}  // namespace

Result<Value> apply_json_patch(const Value& document, const Value& patch) {
  TRY(check_patch(patch));
  if (!document.is_object() && !document.is_array()) {
    return invalid(cat("json: cannot unmarshal ",
                       go_word(document),
                       " into Go value of type jsonpatch.partialDoc"));
  }
  Patcher patcher(document);
  for (const Value& operation : patch.items())
    TRY(patcher.run(operation));
  Value out = std::move(patcher).document();
  sort_members(out);
  return out;
}

Result<std::string> apply_json_patch_text(std::string_view document, std::string_view patch) {
  const json::ParseOptions as_written{json::Numbers::AsWritten};
  Value operations = TRY(json::parse(patch, as_written));
  TRY(check_patch(operations));
  if (document.empty()) return std::string();
  Value value = TRY(json::parse(document, as_written));
  return json::print(TRY(apply_json_patch(value, operations)), json::Keys::AsWritten);
}

}  // namespace fleet::patch
