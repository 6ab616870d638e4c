#include "kustomize/recorded_versions.h"

#include <optional>

#include "base/strings.h"
#include "kustomize/recorded_sets.h"

namespace fleet::conformance {
namespace {

using data::Value;
using kube::Type;

// One form: a type for all versions, or a type that has the version's name.
class Parsed : public kube::Versions {
 public:
  explicit Parsed(Value recorded)
      : recorded_(std::move(recorded)) {}

  Result<Type> type(const std::string& version) const override {
    if (recorded_.is_null()) return kube::deduced_type();
    if (const Value* one = recorded_.find("T"))
      return type_in((*one)["schema"].as_string(), (*one)["type"].as_string());
    return type_in(recorded_["schema"].as_string(), version);
  }

  Result<Value> convert(const Value& object,
                        const std::string&,
                        const std::string&) const override {
    return object;
  }

 private:
  Value recorded_;
};

Error no_version(const std::string& version) {
  return Error(Code::NotFound, cat("cannot convert to invalid version: ", version));
}

// Below the fields of the root every key is one letter, written N times in version vN. The keys are
// all that comes over: an empty map is null in another version.
class LettersByVersion : public Parsed {
 public:
  using Parsed::Parsed;

  Result<Type> type(const std::string& version) const override {
    if (!count(version)) return no_version(version);
    return Parsed::type(version);
  }

  Result<Value> convert(const Value& object,
                        const std::string&,
                        const std::string& to) const override {
    const auto times = count(to);
    if (!times) return no_version(to);
    if (!object.is_object()) return object;
    Value out = Value::object();
    for (const data::Member& field : object.members())
      out.set(field.key, respelled(field.value, *times));
    return out;
  }

 private:
  static std::optional<size_t> count(std::string_view version) {
    if (!version.starts_with('v')) return std::nullopt;
    auto number = parse_int(version.substr(1));
    if (!number || *number < 1 || *number > 9) return std::nullopt;
    return static_cast<size_t>(*number);
  }

  static Value respelled(const Value& value, size_t times) {
    if (!value.is_object() || value.empty()) return {};
    Value out = Value::object();
    for (const data::Member& member : value.members())
      out.set(std::string(times, name(member).front()), respelled(member.value, times));
    return out;
  }
};

// The field that v2 requires has another name in v1: v1 cannot be made where it is missing.
class ReliantField : public Parsed {
 public:
  using Parsed::Parsed;

  Result<Value> convert(const Value& object,
                        const std::string& from,
                        const std::string& to) const override {
    constexpr std::string_view kInV1 = "field_foo_rely_on_bar";
    constexpr std::string_view kInV2 = "required_field_bar";
    if (from == to) return object;
    if (to != "v1" && to != "v2") return no_version(to);
    const bool down = to == "v1";
    if (down && !object.contains(kInV2)) return Error(Code::Invalid, "missing required_field_bar");
    Value out = Value::object();
    for (const data::Member& field : object.members()) {
      std::string_view key = name(field);
      if (key == (down ? kInV2 : kInV1)) key = down ? kInV1 : kInV2;
      out.set(key, field.value);
    }
    return out;
  }
};

// References that override the relationship of what they refer to.
constexpr std::string_view kOverrides = R"(types:
- name: type
  map:
    fields:
    - {name: associativeListReference, type: {namedType: pairs, elementRelationship: atomic}}
    - {name: separableMapReference, type: {namedType: atomicPair, elementRelationship: separable}}
    - {name: atomicMapReference, type: {namedType: pair, elementRelationship: atomic}}
    - name: separableInlineList
      type:
        list: {elementType: {scalar: numeric}, elementRelationship: atomic}
        elementRelationship: associative
- name: pairs
  list:
    elementType: {namedType: pair, elementRelationship: atomic}
    elementRelationship: associative
    keys: [name]
- name: pair
  map:
    fields:
    - {name: name, type: {scalar: string}}
    - {name: value, type: {scalar: numeric}}
- name: atomicPair
  map:
    fields:
    - {name: name, type: {scalar: string}}
    - {name: value, type: {scalar: numeric}}
    elementRelationship: atomic
)";

}  // namespace

std::unique_ptr<kube::Versions> recorded_versions(std::string_view table, const Value& parser) {
  if (table == "TestMultipleAppliersRealConversion" || table == "TestFilteredFieldsUsesVersions")
    return std::make_unique<LettersByVersion>(parser);
  if (table == "TestMultipleAppliersReliantFieldsConversions")
    return std::make_unique<ReliantField>(parser);
  return std::make_unique<Parsed>(parser);
}

Value recorded_parser(const Value& file,
                      std::string_view table_name,
                      const Value& table,
                      const Value& row) {
  if (table_name == "TestFieldLevelOverrides")
    return Value::object(
        {{"T", Value::object({{"type", "type"}, {"schema", std::string(kOverrides)}})}});
  const std::string_view called = row["case"].as_string();
  for (const Value& parser : table["parser"].items()) {
    const Value* found = file["parsers"].find(parser.as_string());
    if (found == nullptr) continue;
    const std::string_view parser_name = parser.as_string();
    // Rows that change the schema begin with the old one, or the other one of two.
    if (parser_name == "structWithAtomicParser" && contains(called, "Granular/")) return *found;
    if (parser_name.ends_with("Old") || parser_name.ends_with("Before")) return *found;
    if (table["parser"].size() == 1) return *found;
  }
  for (const Value& parser : table["parser"].items()) {
    const Value* found = file["parsers"].find(parser.as_string());
    if (found == nullptr) continue;
    if (table_name.starts_with("TestAtomicToGranular") && parser.as_string() == "structParser")
      return file["parsers"]["structWithAtomicParser"];
    return *found;
  }
  return {};
}

}  // namespace fleet::conformance
