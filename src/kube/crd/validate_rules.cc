#include <algorithm>

#include "base/strings.h"
#include "kube/crd/schema.h"

namespace fleet::kube::crd {
namespace {

using data::Value;

FieldError::Type type_of_reason(const std::string& reason) {
  if (reason == "FieldValueRequired") return FieldError::Type::Required;
  if (reason == "FieldValueForbidden") return FieldError::Type::Forbidden;
  if (reason == "FieldValueDuplicate") return FieldError::Type::Duplicate;
  return FieldError::Type::Invalid;
}

class Runner {
 public:
  Runner(uint64_t& budget, FieldErrors& errors)
      : budget_(budget),
        errors_(errors) {}

  void run(const Value& value, const Value* old, const Schema& schema, const std::string& path) {
    if (exhausted_ || !schema.has_rules_below || value.is_null()) return;
    for (const CelRule& rule : schema.rules) {
      if (exhausted_) return;
      check(rule, value, old, schema, path);
    }
    if (value.is_object()) {
      for (const data::Member& member : value.members()) {
        const Schema* known = schema.find(name(member));
        if (known == nullptr) known = schema.additional.get();
        if (known == nullptr) continue;
        const Value* before = old != nullptr ? old->find(name(member)) : nullptr;
        run(member.value, before, *known, child(path, name(member)));
      }
    }
    if (!value.is_array() || !schema.items) return;
    for (size_t i = 0; i < value.size(); ++i) {
      run(value[i], find_old(value[i], old, schema), *schema.items, cat(path, "[", i, "]"));
    }
  }

 private:
  // The item that was this one: only keyed lists tell.
  static const Value* find_old(const Value& item, const Value* old, const Schema& schema) {
    if (old == nullptr || schema.list_type != "map") return nullptr;
    for (const Value& one : old->items()) {
      bool same = std::all_of(schema.map_keys.begin(),
                              schema.map_keys.end(),
                              [&](const std::string& key) { return one[key] == item[key]; });
      if (same) return &one;
    }
    return nullptr;
  }

  void check(const CelRule& rule,
             const Value& value,
             const Value* old,
             const Schema& schema,
             const std::string& path) {
    if (rule.uses_old && old == nullptr && !rule.optional_old_self) return;
    std::vector<cel::Variable> variables{{"self", &value, false},
                                         {"oldSelf", old, rule.optional_old_self}};
    uint64_t cost = 0;
    cel::Program::Limits limits;
    limits.cost = std::min(budget_, cel::kDefaultCostLimit);
    auto answer = rule.program.evaluate(variables, limits, &cost);
    budget_ -= std::min(budget_, cost);
    std::string at = path;
    if (!answer.ok()) {
      if (answer.error().code() == Code::Timeout) {
        exhausted_ = true;
        add(rule,
            value,
            schema,
            at,
            "validation failed due to running out of cost budget, no further validation rules "
            "will be run");
        return;
      }
      std::string text = rule.message.empty() ? std::string(trim(rule.rule)) : rule.message;
      add(rule, value, schema, at, cat(answer.error().message(), " evaluating rule: ", text));
      return;
    }
    if (answer->is_bool() && answer->as_bool()) return;
    if (!rule.field_path.empty()) at += rule.field_path;
    add(rule, value, schema, at, message_of(rule, variables));
  }

  std::string message_of(const CelRule& rule, const std::vector<cel::Variable>& variables) {
    if (rule.message_program) {
      auto text = rule.message_program->evaluate(variables, cel::Program::Limits{});
      if (text.ok() && text->is_string()) {
        std::string out(trim(text->as_string()));
        if (!out.empty() && out.find('\n') == std::string::npos) return out;
      }
    }
    if (!rule.message.empty()) return std::string(trim(rule.message));
    return cat("failed rule: ", trim(rule.rule));
  }

  void add(const CelRule& rule,
           const Value& value,
           const Schema& schema,
           const std::string& path,
           std::string detail) {
    FieldError error;
    error.type = type_of_reason(rule.reason);
    error.field = trim_prefix(path, ".");
    error.value = value;
    error.detail = std::move(detail);
    error.omit_value =
        schema.type == "object" || schema.type == "array" || value.is_object() || value.is_array();
    errors_.push_back(std::move(error));
  }

  uint64_t& budget_;
  FieldErrors& errors_;
  bool exhausted_ = false;
};

}  // namespace

void validate_rules(const Value& value,
                    const Value* old,
                    const Schema& schema,
                    const std::string& path,
                    uint64_t& budget,
                    FieldErrors& errors) {
  Runner(budget, errors).run(value, old, schema, path);
}

}  // namespace fleet::kube::crd
