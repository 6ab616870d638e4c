#include "kube/meta/selector.h"

#include <algorithm>
#include <optional>

#include "base/strings.h"
#include "kube/meta/names.h"
#include "kube/meta/requirement.h"

namespace fleet::kube {
namespace {

bool matches_value(const Requirement& requirement, const std::optional<std::string_view>& label) {
  auto is_one_of_values = [&] {
    return std::find(requirement.values.begin(), requirement.values.end(), *label) !=
           requirement.values.end();
  };
  switch (requirement.op) {
    case Operator::In:
    case Operator::Equals:
    case Operator::DoubleEquals:
      return label && is_one_of_values();
    case Operator::NotIn:
    case Operator::NotEquals:
      return !label || !is_one_of_values();
    case Operator::Exists:
      return label.has_value();
    case Operator::DoesNotExist:
      return !label;
    case Operator::GreaterThan:
    case Operator::LessThan:
      break;
  }
  if (!label || requirement.values.size() != 1) return false;
  auto have = parse_int(*label);
  auto want = parse_int(requirement.values.front());
  if (!have || !want) return false;
  return requirement.op == Operator::GreaterThan ? *have > *want : *have < *want;
}

data::Value value_of(const std::vector<std::string>& texts) {
  if (texts.empty()) return nullptr;
  data::Value out = data::Value::array();
  for (const std::string& text : texts) {
    out.push_back(text);
  }
  return out;
}

void check_values(Operator op, const std::vector<std::string>& values, FieldErrors& out) {
  auto complain = [&](std::string_view sentence) {
    out.push_back(FieldError::invalid("values", value_of(values), std::string(sentence)));
  };
  switch (op) {
    case Operator::In:
    case Operator::NotIn:
      if (values.empty()) complain("for 'in', 'notin' operators, values set can't be empty");
      return;
    case Operator::Equals:
    case Operator::DoubleEquals:
    case Operator::NotEquals:
      if (values.size() != 1) complain("exact-match compatibility requires one single value");
      return;
    case Operator::Exists:
    case Operator::DoesNotExist:
      if (!values.empty()) complain("values set must be empty for exists and does not exist");
      return;
    case Operator::GreaterThan:
    case Operator::LessThan:
      break;
  }
  if (values.size() != 1) complain("for 'Gt', 'Lt' operators, exactly one value is required");
  for (size_t i = 0; i < values.size(); ++i) {
    if (parse_int(values[i])) continue;
    out.push_back(FieldError::invalid(cat("values[", i, "]"),
                                      values[i],
                                      "for 'Gt', 'Lt' operators, the value must be an integer"));
  }
}

Result<Operator> operator_of(std::string_view word) {
  if (word == "In") return Operator::In;
  if (word == "NotIn") return Operator::NotIn;
  if (word == "Exists") return Operator::Exists;
  if (word == "DoesNotExist") return Operator::DoesNotExist;
  return Error(Code::Invalid, cat(quote(word), " is not a valid label selector operator"));
}

data::Value expression(std::string_view key, std::string_view op, const Requirement& from) {
  data::Value out = data::Value::object({{"key", key}, {"operator", op}});
  if (!from.values.empty()) out.set("values", value_of(from.values));
  return out;
}

}  // namespace

std::string_view to_string(Operator op) {
  constexpr std::string_view kWords[] = {"=", "==", "in", "!=", "notin", "exists", "!", "gt", "lt"};
  return kWords[static_cast<size_t>(op)];
}

FieldErrors check_requirement_key(std::string_view key, std::string_view path) {
  auto complaints = check_label_key(key);
  if (complaints.empty()) return {};
  return {FieldError::invalid(std::string(path), key, join(complaints, "; "))};
}

Result<Requirement> make_requirement(std::string_view key,
                                     Operator op,
                                     std::vector<std::string> values) {
  FieldErrors wrong = check_requirement_key(key, "key");
  check_values(op, values, wrong);
  for (size_t i = 0; i < values.size(); ++i) {
    auto complaints = check_label_value(values[i]);
    if (complaints.empty()) continue;
    wrong.push_back(
        FieldError::invalid(cat("values[", i, "][", key, "]"), values[i], join(complaints, "; ")));
  }
  if (!wrong.empty()) return Error(Code::Invalid, join_field_errors(wrong));
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return Requirement{std::string(key), op, std::move(values)};
}

void sort_requirements(std::vector<Requirement>& requirements) {
  std::stable_sort(requirements.begin(),
                   requirements.end(),
                   [](const Requirement& a, const Requirement& b) { return a.key < b.key; });
}

bool Requirement::matches(const StringMap& labels) const {
  auto at = labels.find(key);
  return matches_value(
      *this, at == labels.end() ? std::nullopt : std::optional<std::string_view>(at->second));
}

bool Requirement::matches(const data::Value& labels) const {
  const data::Value* label = labels.find(key);
  return matches_value(
      *this, label == nullptr ? std::nullopt : std::optional<std::string_view>(label->as_string()));
}

std::string Requirement::str() const {
  switch (op) {
    case Operator::Exists:
      return key;
    case Operator::DoesNotExist:
      return "!" + key;
    case Operator::In:
    case Operator::NotIn:
      return cat(key, " ", to_string(op), " (", join(values, ","), ")");
    case Operator::GreaterThan:
      return cat(key, ">", join(values, ","));
    case Operator::LessThan:
      return cat(key, "<", join(values, ","));
    default:
      return cat(key, to_string(op), join(values, ","));
  }
}

LabelSelector LabelSelector::nothing() {
  LabelSelector out;
  out.nothing_ = true;
  return out;
}

LabelSelector LabelSelector::from_set(const StringMap& labels) {
  LabelSelector out;
  for (const auto& [key, value] : labels) {
    out.requirements_.push_back({key, Operator::Equals, {value}});
  }
  return out;
}

Result<LabelSelector> LabelSelector::from_value(const data::Value& selector) {
  if (selector.is_null()) return nothing();
  LabelSelector out;
  const data::Value labels = selector["matchLabels"].sorted();
  for (const data::Member& label : labels.members()) {
    out.requirements_.push_back(
        TRY(make_requirement(name(label), Operator::Equals, {label.value.to_string()})));
  }
  for (const data::Value& item : selector["matchExpressions"].items()) {
    Operator op = TRY(operator_of(item["operator"].as_string()));
    std::vector<std::string> values;
    for (const data::Value& value : item["values"].items()) {
      values.push_back(value.to_string());
    }
    out.requirements_.push_back(
        TRY(make_requirement(item["key"].as_string(), op, std::move(values))));
  }
  sort_requirements(out.requirements_);
  return out;
}

bool LabelSelector::matches(const StringMap& labels) const {
  return !nothing_ && std::all_of(requirements_.begin(),
                                  requirements_.end(),
                                  [&](const Requirement& one) { return one.matches(labels); });
}

bool LabelSelector::matches(const data::Value& labels) const {
  return !nothing_ && std::all_of(requirements_.begin(),
                                  requirements_.end(),
                                  [&](const Requirement& one) { return one.matches(labels); });
}

std::string LabelSelector::str() const {
  std::vector<std::string> parts;
  for (const Requirement& requirement : requirements_) {
    parts.push_back(requirement.str());
  }
  return join(parts, ",");
}

std::string format_label_selector(const data::Value& selector) {
  auto parsed = LabelSelector::from_value(selector);
  if (!parsed.ok()) return "<error>";
  std::string text = parsed->str();
  return text.empty() ? "<none>" : text;
}

Result<data::Value> parse_to_label_selector(std::string_view text) {
  auto parsed = TRY(
      LabelSelector::parse(text).within(cat("couldn't parse the selector string \"", text, "\"")));
  data::Value labels = data::Value::object();
  data::Value expressions = data::Value::array();
  for (const Requirement& one : parsed.requirements()) {
    switch (one.op) {
      case Operator::Equals:
      case Operator::DoubleEquals:
        labels.set(one.key, one.values.front());
        break;
      case Operator::In:
        expressions.push_back(expression(one.key, "In", one));
        break;
      case Operator::NotIn:
        expressions.push_back(expression(one.key, "NotIn", one));
        break;
      case Operator::Exists:
        expressions.push_back(expression(one.key, "Exists", one));
        break;
      case Operator::DoesNotExist:
        expressions.push_back(expression(one.key, "DoesNotExist", one));
        break;
      case Operator::GreaterThan:
      case Operator::LessThan:
        return Error(Code::BadRequest,
                     cat(quote(to_string(one.op)), " isn't supported in label selectors"));
      case Operator::NotEquals:
        return Error(Code::BadRequest,
                     cat(quote(to_string(one.op)), " is not a valid label selector operator"));
    }
  }
  data::Value out = data::Value::object();
  if (!labels.empty()) out.set("matchLabels", std::move(labels));
  if (!expressions.empty()) out.set("matchExpressions", std::move(expressions));
  return out;
}

}  // namespace fleet::kube
