#include <algorithm>
#include <cmath>
#include <set>

#include "base/strings.h"
#include "base/time.h"
#include "codec/base64.h"
#include "data/json/print.h"
#include "kube/crd/schema.h"
#include "text/duration.h"

namespace fleet::kube::crd {
namespace {

using data::Value;

bool is_whole(const Value& value) {
  if (value.is_integer()) return true;
  double real = value.as_double();
  return value.is_number() && std::isfinite(real) && std::floor(real) == real;
}

// How an OpenAPI validator names the type of a value.
std::string type_name(const Value& value) {
  if (value.is_null()) return "null";
  if (value.is_bool()) return "boolean";
  if (value.is_string()) return "string";
  if (value.is_array()) return "array";
  if (value.is_object()) return "object";
  return is_whole(value) ? "integer" : "number";
}

bool fits_type(const Value& value, const Schema& schema) {
  if (value.is_null()) return schema.nullable || (schema.type.empty() && !schema.int_or_string);
  if (schema.int_or_string) return value.is_string() || (value.is_number() && is_whole(value));
  if (schema.type.empty()) return true;
  std::string found = type_name(value);
  return found == schema.type || (schema.type == "number" && found == "integer");
}

std::string shown_number(double number) {
  if (std::floor(number) == number && std::fabs(number) < 1e15) {
    return std::to_string(static_cast<int64_t>(number));
  }
  return to_text(number);
}

class Validator {
 public:
  Validator(const Value& value, const Schema& schema, const std::string& path, FieldErrors& errors)
      : value_(value),
        schema_(schema),
        limits_(schema.limits ? *schema.limits : no_limits()),
        path_(path),
        errors_(errors) {}

  void run() {
    if (!fits_type(value_, schema_)) {
      std::string found = type_name(value_);
      std::string wanted = schema_.int_or_string ? "integer,string" : schema_.type;
      errors_.push_back(FieldError::type_invalid(
          path_, found, cat(path_, " in body must be of type ", wanted, ": ", quote(found))));
      return;
    }
    if (value_.is_null()) return;
    check_enum();
    if (value_.is_string()) check_text();
    if (value_.is_number()) check_number();
    if (value_.is_array()) check_list();
    if (value_.is_object()) check_object();
    check_alternatives();
  }

 private:
  void invalid(std::string what) {
    errors_.push_back(FieldError::invalid(path_, value_, cat(path_, " in body ", what)));
  }

  void check_enum() {
    const auto& allowed = limits_.one_of_values;
    if (allowed.empty()) return;
    if (std::find(allowed.begin(), allowed.end(), value_) != allowed.end()) return;
    std::vector<std::string> texts;
    for (const Value& one : allowed) {
      texts.push_back(one.is_string() ? one.to_string() : json::print(one, json::Keys::Sorted));
    }
    errors_.push_back(FieldError::not_supported(path_, value_, texts));
  }

  void check_text() {
    std::string_view text = value_.as_string();
    int64_t length = static_cast<int64_t>(rune_count(text));
    if (limits_.max_length && length > *limits_.max_length) {
      errors_.push_back(FieldError::too_long(path_, static_cast<size_t>(*limits_.max_length)));
    }
    if (limits_.min_length && length < *limits_.min_length) {
      invalid(cat("should be at least ", *limits_.min_length, " chars long"));
    }
    if (limits_.pattern && !limits_.pattern->matches(text)) {
      invalid(cat("should match '", limits_.pattern->pattern(), "'"));
    }
    if (!limits_.format.empty() && !fits_format(limits_.format, text)) {
      errors_.push_back(FieldError::type_invalid(
          path_,
          value_,
          cat(path_, " in body must be of type ", limits_.format, ": ", quote(text))));
    }
  }

  void check_number() {
    double number = value_.as_double();
    if (limits_.minimum) {
      bool low = limits_.exclusive_minimum ? number <= *limits_.minimum : number < *limits_.minimum;
      if (low) {
        invalid(cat(limits_.exclusive_minimum ? "should be greater than "
                                              : "should be greater than or equal to ",
                    shown_number(*limits_.minimum)));
      }
    }
    if (limits_.maximum) {
      bool high =
          limits_.exclusive_maximum ? number >= *limits_.maximum : number > *limits_.maximum;
      if (high) {
        invalid(cat(
            limits_.exclusive_maximum ? "should be less than " : "should be less than or equal to ",
            shown_number(*limits_.maximum)));
      }
    }
    if (limits_.multiple_of && *limits_.multiple_of > 0) {
      double times = number / *limits_.multiple_of;
      if (std::floor(times) != times) {
        invalid(cat("should be a multiple of ", shown_number(*limits_.multiple_of)));
      }
    }
    constexpr double kInt32 = 2147483648.0;
    if (limits_.format == "int32" && (number >= kInt32 || number < -kInt32)) {
      invalid(cat("must be of type integer (int32): ", quote("int32")));
    }
  }

  void check_list() {
    size_t size = value_.size();
    if (limits_.max_items && size > static_cast<size_t>(*limits_.max_items)) {
      errors_.push_back(FieldError::too_many(path_, size, static_cast<size_t>(*limits_.max_items)));
    }
    if (limits_.min_items && size < static_cast<size_t>(*limits_.min_items)) {
      invalid(cat("should have at least ", *limits_.min_items, " items"));
    }
    if (!schema_.items) return;
    for (size_t i = 0; i < size; ++i) {
      std::string at = cat(path_, "[", i, "]");
      Validator(value_[i], *schema_.items, at, errors_).run();
    }
  }

  void check_object() {
    size_t size = value_.size();
    if (limits_.max_properties && size > static_cast<size_t>(*limits_.max_properties)) {
      errors_.push_back(
          FieldError::too_many(path_, size, static_cast<size_t>(*limits_.max_properties)));
    }
    if (limits_.min_properties && size < static_cast<size_t>(*limits_.min_properties)) {
      invalid(cat("should have at least ", *limits_.min_properties, " properties"));
    }
    for (const std::string& field : limits_.required) {
      if (!value_.contains(field)) {
        errors_.push_back(FieldError::required(child(path_, field), ""));
      }
    }
    if (schema_.embedded) check_embedded();
    bool is_root = path_.empty();
    for (const data::Member& member : value_.members()) {
      std::string_view field = name(member);
      // Metadata of a resource is checked with the rules of metadata.
      if ((is_root || schema_.embedded) && field == "metadata") continue;
      const Schema* known = schema_.find(field);
      if (known == nullptr) known = schema_.additional.get();
      if (known != nullptr) Validator(member.value, *known, child(path_, field), errors_).run();
    }
  }

  void check_embedded() {
    for (const char* field : {"apiVersion", "kind"}) {
      const Value& text = value_[field];
      if (!text.is_string() || text.as_string().empty()) {
        errors_.push_back(FieldError::required(child(path_, field), "must not be empty"));
      }
    }
  }

  // Errors of the alternative that came closest.
  size_t count_valid(const std::vector<SchemaPtr>& alternatives, FieldErrors& closest) {
    size_t valid = 0;
    bool first = true;
    for (const SchemaPtr& alternative : alternatives) {
      FieldErrors errors;
      Validator(value_, *alternative, path_, errors).run();
      if (errors.empty()) {
        ++valid;
      } else if (first || errors.size() < closest.size()) {
        closest = std::move(errors);
        first = false;
      }
    }
    return valid;
  }

  void refuse(std::string_view what) {
    errors_.push_back(FieldError::invalid("", "", cat(quote(path_), " ", what)));
  }

  void check_alternatives() {
    FieldErrors closest;
    if (!limits_.any_of.empty() && count_valid(limits_.any_of, closest) == 0) {
      refuse("must validate at least one schema (anyOf)");
      errors_.insert(errors_.end(), closest.begin(), closest.end());
    }
    if (!limits_.one_of.empty()) {
      closest.clear();
      size_t valid = count_valid(limits_.one_of, closest);
      if (valid == 0) {
        refuse("must validate one and only one schema (oneOf). Found none valid");
        errors_.insert(errors_.end(), closest.begin(), closest.end());
      } else if (valid > 1) {
        refuse(cat(
            "must validate one and only one schema (oneOf). Found ", valid, " valid alternatives"));
      }
    }
    bool all = true;
    for (const SchemaPtr& one : limits_.all_of) {
      FieldErrors errors;
      Validator(value_, *one, path_, errors).run();
      all = all && errors.empty();
      errors_.insert(errors_.end(), errors.begin(), errors.end());
    }
    if (!all) refuse("must validate all the schemas (allOf)");
    if (limits_.not_one) {
      FieldErrors errors;
      Validator(value_, *limits_.not_one, path_, errors).run();
      if (errors.empty()) refuse("must not validate the schema (not)");
    }
  }

  const Value& value_;
  static const Limits& no_limits() {
    static const Limits kNone;
    return kNone;
  }

  const Schema& schema_;
  const Limits& limits_;
  const std::string& path_;
  FieldErrors& errors_;
};

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
}

bool is_uuid(std::string_view text) {
  std::string bare = replace_all(text, "-", "");
  return bare.size() == 32 && is_hex(bare);
}

bool is_ipv4(std::string_view text) {
  auto parts = split(text, '.');
  return parts.size() == 4 && std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
           auto number = parse_uint(part);
           return number && *number <= 255 && (part.size() == 1 || part[0] != '0');
         });
}

bool is_date(std::string_view text) {
  return text.size() == 10 && parse_rfc3339(cat(text, "T00:00:00Z")).has_value();
}

std::string list_key(const Value& item, const Schema& schema) {
  Value key = Value::object();
  for (const std::string& field : schema.map_keys) {
    const Value& given = item[field];
    const Schema* known = schema.items ? schema.items->find(field) : nullptr;
    bool use_default = given.is_null() && known != nullptr && known->default_value;
    key.set(field, use_default ? *known->default_value : given);
  }
  return json::print(key, json::Keys::AsWritten, json::Html::Plain);
}

}  // namespace

bool fits_format(std::string_view format, std::string_view text) {
  if (format == "date-time") return parse_rfc3339(text).has_value();
  if (format == "date") return is_date(text);
  if (format == "byte") return codec::base64_decode(text).ok();
  if (format == "uuid" || format == "uuid3" || format == "uuid4" || format == "uuid5") {
    return is_uuid(text);
  }
  if (format == "ipv4") return is_ipv4(text);
  if (format == "duration") return text::parse_duration(text).ok();
  return true;
}

void validate_value(const Value& value,
                    const Schema& schema,
                    const std::string& path,
                    FieldErrors& errors) {
  Validator(value, schema, path, errors).run();
}

void validate_lists(const Value& value,
                    const Schema& schema,
                    const std::string& path,
                    FieldErrors& errors) {
  if (value.is_object()) {
    for (const data::Member& member : value.members()) {
      const Schema* known = schema.find(name(member));
      if (known == nullptr) known = schema.additional.get();
      if (known != nullptr) validate_lists(member.value, *known, child(path, name(member)), errors);
    }
    return;
  }
  if (!value.is_array() || !schema.items) return;
  std::set<std::string> seen;
  for (size_t i = 0; i < value.size(); ++i) {
    std::string at = cat(path, "[", i, "]");
    bool is_map = schema.list_type == "map";
    if (is_map || schema.list_type == "set") {
      std::string key = is_map ? list_key(value[i], schema)
                               : json::print(value[i], json::Keys::Sorted, json::Html::Plain);
      if (!seen.insert(key).second) {
        Value shown = value[i];
        if (is_map) {
          shown = Value::object();
          for (const std::string& field : schema.map_keys) {
            shown.set(field, value[i][field]);
          }
        }
        errors.push_back(FieldError::duplicate(at, std::move(shown)));
      }
    }
    validate_lists(value[i], *schema.items, at, errors);
  }
}

}  // namespace fleet::kube::crd
