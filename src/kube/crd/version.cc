// What a version of a custom kind does to objects.
#include "base/strings.h"
#include "data/json/print.h"
#include "kube/crd/json_path.h"
#include "kube/crd/schema.h"
#include "kube/crd/structural.h"
#include "text/duration.h"

namespace fleet::kube::crd {
namespace {

using data::Value;

constexpr uint64_t kCostBudget = 10'000'000;  // of all rules of one object

bool blocks_rules(const FieldErrors& errors) {
  for (const FieldError& error : errors) {
    switch (error.type) {
      case FieldError::Type::NotSupported:
      case FieldError::Type::Required:
      case FieldError::Type::TooLong:
      case FieldError::Type::TooMany:
      case FieldError::Type::TypeInvalid:
        return true;
      default:
        break;
    }
  }
  return false;
}

std::string as_text(const Value& value) {
  if (value.is_string()) return value.to_string();
  if (value.is_null()) return "";
  return json::print(value, json::Keys::Sorted);
}

Value cell_of(const Column& column, const Value& found, TimePoint now) {
  if (column.type == "string") return as_text(found);
  if (found.is_null()) return nullptr;
  if (column.type == "integer") {
    return found.is_number() ? Value(static_cast<int64_t>(found.as_double())) : Value();
  }
  if (column.type == "number") return found.is_number() ? found : Value();
  if (column.type == "boolean") return found.is_bool() ? found : Value();
  if (column.type == "date") {
    auto time = parse_rfc3339(found.as_string());
    return time ? Value(text::format_age(now - *time)) : Value("<invalid>");
  }
  return as_text(found);
}

}  // namespace

void Version::prune(Value& object, std::vector<std::string>& unknown) const {
  if (!schema) return;
  prune_value(object, *schema, "", unknown);
  drop_nulls(object, *schema);
}

void Version::set_defaults(Value& object) const {
  if (schema) default_value_into(object, *schema);
}

FieldErrors Version::validate(const Value& object, const Value* old) const {
  FieldErrors errors;
  if (!schema) return errors;
  validate_value(object, *schema, "", errors);
  validate_lists(object, *schema, "", errors);
  if (!schema->has_rules_below) return errors;
  if (blocks_rules(errors)) {
    errors.push_back(FieldError::invalid(
        "",
        nullptr,
        "some validation rules were not checked because the object was invalid; correct the "
        "existing errors to complete validation"));
    return errors;
  }
  uint64_t budget = kCostBudget;
  validate_rules(object, old, *schema, "", budget, errors);
  return errors;
}

std::vector<Value> Version::cells(const Value& object, TimePoint now) const {
  std::vector<Value> out{object.at({"metadata", "name"})};
  for (size_t i = 0; i < column_paths.size(); ++i) {
    auto path = JsonPath::parse(column_paths[i]);
    auto found = path.ok() ? path->find(object) : std::vector<const Value*>{};
    out.push_back(found.empty() ? Value() : cell_of(columns[i + 1], *found.front(), now));
  }
  return out;
}

std::optional<std::string> Version::selectable(const Value& object, std::string_view field) const {
  for (const std::string& path : selectable_paths) {
    if (path != field) continue;
    const Value* at = &object;
    for (std::string_view step : split(path, '.')) {
      at = &(*at)[step];
    }
    return as_text(*at);
  }
  return std::nullopt;
}

}  // namespace fleet::kube::crd
