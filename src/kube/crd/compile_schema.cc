#include <algorithm>
#include <array>
#include <set>

#include "base/strings.h"
#include "kube/crd/schema.h"
#include "kube/crd/structural.h"

namespace fleet::kube::crd {
namespace {

using data::Value;

std::optional<int64_t> whole(const Value& value) {
  if (!value.is_number()) return std::nullopt;
  return value.as_int();
}
std::optional<double> real(const Value& value) {
  if (!value.is_number()) return std::nullopt;
  return value.as_double();
}

class Compiler {
 public:
  explicit Compiler(FieldErrors& errors)
      : errors_(errors) {}

  // `structural`: part of the structure; else a value validation below allOf, anyOf, oneOf, not.
  SchemaPtr compile(const Value& from, const std::string& path, int depth, bool structural) {
    auto out = std::make_shared<Schema>();
    if (depth > kMaxSchemaDepth) {
      errors_.push_back(FieldError::forbidden(path, "schema is nested too deeply"));
      return out;
    }
    out->type = from["type"].to_string();
    out->nullable = from["nullable"].as_bool();
    out->int_or_string = from["x-kubernetes-int-or-string"].as_bool();
    out->preserve_unknown = from["x-kubernetes-preserve-unknown-fields"].as_bool();
    out->embedded = from["x-kubernetes-embedded-resource"].as_bool();
    out->list_type = from["x-kubernetes-list-type"].to_string();
    out->map_type = from["x-kubernetes-map-type"].to_string();
    for (const Value& key : from["x-kubernetes-list-map-keys"].items()) {
      out->map_keys.push_back(key.to_string());
    }
    if (const Value* value = from.find("default")) out->default_value = *value;
    if (structural) check_structure(from, *out, path);
    read_children(from, *out, path, depth, structural);
    if (has_limits(from)) {
      auto limits = std::make_shared<Limits>();
      read_limits(from, *limits, path);
      read_alternatives(from, "allOf", limits->all_of, path, depth);
      read_alternatives(from, "anyOf", limits->any_of, path, depth);
      read_alternatives(from, "oneOf", limits->one_of, path, depth);
      if (from["not"].is_object()) {
        limits->not_one = compile(from["not"], child(path, "not"), depth + 1, false);
      }
      out->limits = std::move(limits);
    }
    read_rules(from, *out, path);
    out->has_rules_below = out->has_rules_below || !out->rules.empty();
    return out;
  }

 private:
  void check_structure(const Value& from, const Schema& schema, const std::string& path) {
    constexpr std::array kTypes = {
        "array", "boolean", "integer", "null", "number", "object", "string"};
    if (schema.type.empty()) {
      if (!schema.int_or_string && !schema.preserve_unknown) {
        errors_.push_back(FieldError::required(child(path, "type"),
                                               "must not be empty for specified object fields"));
      }
    } else if (std::find(kTypes.begin(), kTypes.end(), schema.type) == kTypes.end()) {
      errors_.push_back(FieldError::not_supported(
          child(path, "type"), schema.type, {kTypes.begin(), kTypes.end()}));
    }
    if (schema.int_or_string && !schema.type.empty()) {
      errors_.push_back(FieldError::forbidden(
          child(path, "type"), "must be empty if x-kubernetes-int-or-string is true"));
    }
    if (schema.type == "array" && from["items"].is_null()) {
      errors_.push_back(FieldError::required(child(path, "items"), "must be specified"));
    }
    if (!from["properties"].empty() && !from["additionalProperties"].is_null() &&
        !(from["additionalProperties"].is_bool() && !from["additionalProperties"].as_bool())) {
      errors_.push_back(FieldError::forbidden(child(path, "additionalProperties"),
                                              "additionalProperties and properties are mutual "
                                              "exclusive"));
    }
    if (schema.embedded && schema.type != "object") {
      errors_.push_back(
          FieldError::invalid(child(path, "type"),
                              schema.type,
                              "must be object if x-kubernetes-embedded-resource is true"));
    }
    for (const char* unsupported : {"$ref",
                                    "definitions",
                                    "dependencies",
                                    "deprecated",
                                    "discriminator",
                                    "id",
                                    "patternProperties",
                                    "readOnly",
                                    "writeOnly",
                                    "xml",
                                    "additionalItems"}) {
      if (from.contains(unsupported)) {
        errors_.push_back(FieldError::forbidden(child(path, unsupported),
                                                "$ref" == std::string_view(unsupported)
                                                    ? "$ref is not supported"
                                                    : cat(unsupported, " is not supported")));
      }
    }
    if (from["uniqueItems"].as_bool()) {
      errors_.push_back(FieldError::forbidden(
          child(path, "uniqueItems"),
          "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"));
    }
    check_list(from, schema, path);
  }

  void check_list(const Value& from, const Schema& schema, const std::string& path) {
    if (!schema.list_type.empty() && schema.type != "array") {
      errors_.push_back(
          FieldError::invalid(child(path, "type"),
                              schema.type,
                              "must be array if x-kubernetes-list-type is specified"));
    }
    if (!schema.list_type.empty() && schema.list_type != "atomic" && schema.list_type != "set" &&
        schema.list_type != "map") {
      errors_.push_back(FieldError::not_supported(
          child(path, "x-kubernetes-list-type"), schema.list_type, {"atomic", "set", "map"}));
    }
    if (schema.list_type == "map" && schema.map_keys.empty()) {
      errors_.push_back(FieldError::required(child(path, "x-kubernetes-list-map-keys"),
                                             "must not be empty if x-kubernetes-list-type is map"));
    }
    if (schema.list_type != "map" && !schema.map_keys.empty()) {
      errors_.push_back(FieldError::invalid(child(path, "x-kubernetes-list-type"),
                                            schema.list_type,
                                            "must be map if x-kubernetes-list-map-keys is "
                                            "non-empty"));
    }
    const Value& items = from["items"];
    for (const std::string& key : schema.map_keys) {
      if (items["properties"].contains(key)) continue;
      errors_.push_back(FieldError::invalid(child(path, "x-kubernetes-list-map-keys"),
                                            from["x-kubernetes-list-map-keys"],
                                            "entries must all be names of item properties"));
    }
  }

  static bool has_limits(const Value& from) {
    constexpr std::array kWords = {"required",
                                   "enum",
                                   "minimum",
                                   "maximum",
                                   "multipleOf",
                                   "minLength",
                                   "maxLength",
                                   "minItems",
                                   "maxItems",
                                   "minProperties",
                                   "maxProperties",
                                   "uniqueItems",
                                   "format",
                                   "pattern",
                                   "allOf",
                                   "anyOf",
                                   "oneOf",
                                   "not"};
    return std::any_of(
        kWords.begin(), kWords.end(), [&](const char* word) { return from.contains(word); });
  }

  void read_limits(const Value& from, Limits& out, const std::string& path) {
    for (const Value& name : from["required"].items()) {
      out.required.push_back(name.to_string());
    }
    for (const Value& value : from["enum"].items()) {
      out.one_of_values.push_back(value);
    }
    out.minimum = real(from["minimum"]);
    out.maximum = real(from["maximum"]);
    out.exclusive_minimum = from["exclusiveMinimum"].as_bool();
    out.exclusive_maximum = from["exclusiveMaximum"].as_bool();
    out.multiple_of = real(from["multipleOf"]);
    out.min_length = whole(from["minLength"]);
    out.max_length = whole(from["maxLength"]);
    out.min_items = whole(from["minItems"]);
    out.max_items = whole(from["maxItems"]);
    out.min_properties = whole(from["minProperties"]);
    out.max_properties = whole(from["maxProperties"]);
    out.unique_items = from["uniqueItems"].as_bool();
    out.format = from["format"].to_string();
    const Value& pattern = from["pattern"];
    if (!pattern.is_string() || pattern.as_string().empty()) return;
    auto regex = text::Regex::compile(pattern.as_string());
    if (regex.ok()) {
      out.pattern = *regex;
    } else {
      errors_.push_back(FieldError::invalid(
          child(path, "pattern"),
          pattern,
          cat("must be a valid regular expression, but isn't: ", regex.error().message())));
    }
  }

  void read_children(
      const Value& from, Schema& out, const std::string& path, int depth, bool structural) {
    const Value sorted = from["properties"].sorted();
    for (const data::Member& property : sorted.members()) {
      std::string at = cat(child(path, "properties"), "[", name(property), "]");
      out.properties.push_back(
          {std::string(name(property)), compile(property.value, at, depth + 1, structural)});
      inherit(out, *out.properties.back().schema);
    }
    const Value& additional = from["additionalProperties"];
    if (additional.is_object()) {
      out.additional =
          compile(additional, child(path, "additionalProperties"), depth + 1, structural);
      inherit(out, *out.additional);
    }
    out.additional_allowed = additional.is_bool() && additional.as_bool();
    if (from["items"].is_object()) {
      out.items = compile(from["items"], child(path, "items"), depth + 1, structural);
      inherit(out, *out.items);
    }
  }

  static void inherit(Schema& parent, const Schema& below) {
    parent.has_rules_below = parent.has_rules_below || below.has_rules_below;
  }

  void read_alternatives(const Value& from,
                         std::string_view word,
                         std::vector<SchemaPtr>& out,
                         const std::string& path,
                         int depth) {
    for (size_t i = 0; i < from[word].size(); ++i) {
      std::string at = cat(child(path, word), "[", i, "]");
      out.push_back(compile(from[word][i], at, depth + 1, false));
    }
  }

  void read_rules(const Value& from, Schema& out, const std::string& path) {
    const Value& list = from["x-kubernetes-validations"];
    for (size_t i = 0; i < list.size(); ++i) {
      const Value& entry = list[i];
      std::string at = cat(child(path, "x-kubernetes-validations"), "[", i, "]");
      CelRule rule;
      rule.rule = entry["rule"].to_string();
      rule.message = entry["message"].to_string();
      rule.reason = entry["reason"].to_string();
      rule.field_path = entry["fieldPath"].to_string();
      rule.optional_old_self = entry["optionalOldSelf"].as_bool();
      if (std::string(trim(rule.rule)).empty()) {
        errors_.push_back(FieldError::required(child(at, "rule"), "rule is not specified"));
        continue;
      }
      auto program = cel::Program::compile(rule.rule, {"self", "oldSelf"});
      if (!program.ok()) {
        errors_.push_back(FieldError::invalid(
            child(at, "rule"), rule.rule, cat("compilation failed: ", program.error().message())));
        continue;
      }
      rule.program = *program;
      rule.uses_old = program->uses("oldSelf");
      const Value& message = entry["messageExpression"];
      if (message.is_string() && !message.as_string().empty()) {
        auto text = cel::Program::compile(message.as_string(), {"self", "oldSelf"});
        if (!text.ok()) {
          errors_.push_back(FieldError::invalid(
              child(at, "messageExpression"),
              message,
              cat("messageExpression compilation failed: ", text.error().message())));
          continue;
        }
        rule.message_program = *text;
      }
      out.rules.push_back(std::move(rule));
    }
  }

  FieldErrors& errors_;
};

}  // namespace

const Schema* Schema::find(std::string_view property) const {
  auto at = std::lower_bound(
      properties.begin(),
      properties.end(),
      property,
      [](const Property& one, std::string_view wanted) { return one.name < wanted; });
  return at != properties.end() && at->name == property ? at->schema.get() : nullptr;
}

std::string child(const std::string& path, std::string_view field) {
  return path.empty() ? std::string(field) : cat(path, ".", field);
}

SchemaPtr compile_schema(const Value& schema, const std::string& path, FieldErrors& errors) {
  SchemaPtr out = Compiler(errors).compile(schema, path, 0, true);
  if (out->type != "object" && !out->type.empty()) {
    errors.push_back(
        FieldError::invalid(child(path, "type"), out->type, "must be object at the root"));
  }
  return out;
}

}  // namespace fleet::kube::crd
