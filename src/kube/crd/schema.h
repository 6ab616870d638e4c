// A structural schema, compiled: what prune, default and validate walk. For this room.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/value/value.h"
#include "kube/cel/program.h"
#include "kube/meta/status.h"
#include "text/regex.h"

namespace fleet::kube::crd {

struct Schema;
using SchemaPtr = std::shared_ptr<const Schema>;

// One x-kubernetes-validations entry.
struct CelRule {
  std::string rule;
  std::string message;
  std::string reason;
  std::string field_path;
  bool optional_old_self = false;
  bool uses_old = false;  // a transition rule: not run on creation
  cel::Program program;
  std::optional<cel::Program> message_program;
};

struct Property {
  std::string name;
  SchemaPtr schema;
};

// Value validations: most places of most schemas have none.
struct Limits {
  std::vector<std::string> required;
  std::vector<data::Value> one_of_values;  // enum
  std::optional<double> minimum;
  std::optional<double> maximum;
  bool exclusive_minimum = false;
  bool exclusive_maximum = false;
  std::optional<double> multiple_of;
  std::optional<int64_t> min_length;
  std::optional<int64_t> max_length;
  std::optional<int64_t> min_items;
  std::optional<int64_t> max_items;
  std::optional<int64_t> min_properties;
  std::optional<int64_t> max_properties;
  bool unique_items = false;
  std::optional<text::Regex> pattern;
  std::string format;
  std::vector<SchemaPtr> all_of;
  std::vector<SchemaPtr> any_of;
  std::vector<SchemaPtr> one_of;
  SchemaPtr not_one;
};

struct Schema {
  std::string type;  // "" only for int-or-string, preserve-unknown-fields and value validations
  bool nullable = false;
  bool int_or_string = false;
  bool preserve_unknown = false;
  bool embedded = false;
  std::optional<data::Value> default_value;

  std::vector<Property> properties;  // sorted by name
  SchemaPtr additional;              // of maps
  bool additional_allowed = false;   // additionalProperties: true
  SchemaPtr items;

  std::shared_ptr<const Limits> limits;  // null: none

  std::string list_type;  // "", atomic, set, map
  std::vector<std::string> map_keys;
  std::string map_type;
  std::vector<CelRule> rules;
  bool has_rules_below = false;

  const Schema* find(std::string_view property) const;
};

// Compiles and checks a schema; complaints carry paths below `path`.
SchemaPtr compile_schema(const data::Value& schema, const std::string& path, FieldErrors& errors);

void prune_value(data::Value& value,
                 const Schema& schema,
                 const std::string& path,
                 std::vector<std::string>& unknown);
void drop_nulls(data::Value& value, const Schema& schema);
void default_value_into(data::Value& value, const Schema& schema);
void validate_value(const data::Value& value,
                    const Schema& schema,
                    const std::string& path,
                    FieldErrors& errors);
// list-type set and map: doubles. `old` may be null.
void validate_lists(const data::Value& value,
                    const Schema& schema,
                    const std::string& path,
                    FieldErrors& errors);
// CEL rules; spends at most what is left of `budget`.
void validate_rules(const data::Value& value,
                    const data::Value* old,
                    const Schema& schema,
                    const std::string& path,
                    uint64_t& budget,
                    FieldErrors& errors);

// True if a text is of an OpenAPI format that is checked (date-time, byte, uuid, ...).
bool fits_format(std::string_view format, std::string_view text);

std::string child(const std::string& path, std::string_view field);

}  // namespace fleet::kube::crd
