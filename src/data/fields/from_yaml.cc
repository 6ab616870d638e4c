#include "data/fields/from_yaml.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/strings.h"
#include "data/value/float_text.h"

namespace fleet::data {
namespace {

// What the reader knows of a place: its type, or nothing.
using Wanted = const TypeInfo*;

Wanted without_optional(Wanted wanted) {
  while (wanted != nullptr && wanted->shape == Shape::Optional)
    wanted = &wanted->element();
  return wanted;
}

Wanted wanted_of_member(const TypeInfo& outer, std::string_view name) {
  if (outer.shape == Shape::Map) return &outer.element();
  if (outer.shape != Shape::Struct) return nullptr;
  const Field* field = find_folded(outer.fields(), name);
  if (field == nullptr) return nullptr;
  return field->embedding != nullptr ? &field->embedding() : &field->type();
}

Value text_of(const Value& scalar) {
  if (scalar.is_bool()) return scalar.as_bool() ? "true" : "false";
  if (scalar.type() == Type::UInt) return std::to_string(scalar.as_uint());
  if (scalar.type() == Type::Int) return std::to_string(scalar.as_int());
  if (scalar.type() == Type::Number) return scalar.to_string();
  if (scalar.type() == Type::Double) return float_text(scalar.as_double(), Precision::Single);
  return scalar;
}

// The members by name, as the JSON text in between has them: so the first wrong type that is
// reported is the first by name, whatever the document's order is.
std::vector<const Member*> by_name(const Value& object) {
  std::vector<const Member*> members;
  members.reserve(object.size());
  for (const Member& member : object.members())
    members.push_back(&member);
  std::ranges::sort(members, {}, [](const Member* member) { return name(*member); });
  return members;
}

bool all_by_name(const Value& value) {
  auto member_name = [](const Member& member) { return name(member); };
  return std::ranges::is_sorted(value.members(), {}, member_name) &&
         std::ranges::all_of(value.items(), all_by_name) &&
         std::ranges::all_of(value.members(), all_by_name, &Member::value);
}

Value reordered(const Value& value) {
  if (value.is_array()) {
    Value out = Value::array();
    out.reserve(value.size());
    for (const Value& item : value.items())
      out.push_back(reordered(item));
    return out;
  }
  if (!value.is_object()) return value;
  Value out = Value::object();
  out.reserve(value.size());
  for (const Member* member : by_name(value))
    out.set(name(*member), reordered(member->value));
  return out;
}

// A place that no type is known for: shared unless its members must be moved.
Value unconverted(const Value& value) {
  return all_by_name(value) ? value : reordered(value);
}

Value converted(Wanted place, const Value& value) {
  Wanted wanted = without_optional(place);
  if (wanted == nullptr) return unconverted(value);
  if (value.is_array()) {
    if (wanted->shape != Shape::List) return unconverted(value);
    Value out = Value::array();
    out.reserve(value.size());
    for (const Value& item : value.items())
      out.push_back(converted(&wanted->element(), item));
    return out;
  }
  if (value.is_object()) {
    Value out = Value::object();
    out.reserve(value.size());
    for (const Member* member : by_name(value)) {
      out.set(name(*member), converted(wanted_of_member(*wanted, name(*member)), member->value));
    }
    return out;
  }
  return wanted->shape == Shape::String ? text_of(value) : value;
}

// JSON has no text for these; said before anything about types, as the JSON is made first.
Result<> check_finite(const Value& value) {
  if (value.type() == Type::Double && !std::isfinite(value.as_double())) {
    return Error(Code::Invalid, cat("json: unsupported value: ", float_text(value.as_double())));
  }
  for (const Value& item : value.items())
    TRY(check_finite(item));
  for (const Member& member : value.members())
    TRY(check_finite(member.value));
  return {};
}

}  // namespace

Value to_json_of(const TypeInfo& type, const Value& value) {
  return converted(&type, value);
}

Result<> decode_yaml_into(const TypeInfo& type,
                          Result<Value> document,
                          void* out,
                          DecodeOptions options) {
  constexpr std::string_view kConverting = "error converting YAML to JSON";
  Value json = to_json_of(type, TRY(std::move(document).within(kConverting)));
  TRY(check_finite(json).within(kConverting));
  if (json.is_null()) return {};
  return decode_into(type, json, out, options)
      .within("error unmarshaling JSON: while decoding JSON");
}

}  // namespace fleet::data
