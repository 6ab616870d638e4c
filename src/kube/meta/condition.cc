#include "kube/meta/condition.h"

#include <algorithm>

namespace fleet::kube {
namespace {

bool change(Condition& condition,
            std::string Condition::*member,
            std::string_view text,
            TimePoint now) {
  if (condition.*member == text) return false;
  condition.*member = text;
  condition.last_update_time = format_rfc3339(now);
  return true;
}

}  // namespace

data::Fields Condition::fields() {
  return {
      data::field("type", &Condition::type, "Type of condition.").always().required(),
      data::field("status", &Condition::status, "True, False or Unknown.").always().required(),
      data::field("lastUpdateTime", &Condition::last_update_time, "When it last changed."),
      data::field(
          "lastTransitionTime", &Condition::last_transition_time, "When the status last changed."),
      data::field("reason", &Condition::reason, "Why, in one word."),
      data::field("message", &Condition::message, "Why, in a sentence."),
  };
}

const Condition* find_condition(const Conditions& conditions, std::string_view type) {
  auto at = std::find_if(conditions.begin(), conditions.end(), [type](const Condition& one) {
    return one.type == type;
  });
  return at == conditions.end() ? nullptr : &*at;
}

Condition& edit_condition(Conditions& conditions, std::string_view type) {
  for (Condition& condition : conditions) {
    if (condition.type == type) return condition;
  }
  Condition& added = conditions.emplace_back();
  added.type = type;
  added.status = "Unknown";
  return added;
}

bool set_status(Conditions& conditions,
                std::string_view type,
                std::string_view status,
                TimePoint now) {
  return change(edit_condition(conditions, type), &Condition::status, status, now);
}

bool set_reason(Conditions& conditions,
                std::string_view type,
                std::string_view reason,
                TimePoint now) {
  return change(edit_condition(conditions, type), &Condition::reason, reason, now);
}

bool set_message(Conditions& conditions,
                 std::string_view type,
                 std::string_view message,
                 TimePoint now) {
  return change(edit_condition(conditions, type), &Condition::message, message, now);
}

bool set_error(Conditions& conditions,
               std::string_view type,
               std::string_view reason,
               const Error* error,
               TimePoint now) {
  std::string_view status = error == nullptr ? "True" : "False";
  std::string_view text =
      error == nullptr ? std::string_view{} : std::string_view(error->message());
  if (error == nullptr) {
    reason = {};
  } else if (reason.empty()) {
    reason = "Error";
  }
  bool changed = set_status(conditions, type, status, now);
  changed = set_message(conditions, type, text, now) || changed;
  return set_reason(conditions, type, reason, now) || changed;
}

const data::Value& condition_of(const data::Value& object, std::string_view type) {
  static const data::Value kNone;
  for (const data::Value& condition : object.at({"status", "conditions"}).items()) {
    if (condition["type"].is_string() && condition["type"].as_string() == type) return condition;
  }
  return kNone;
}

bool has_condition(const data::Value& object, std::string_view type, std::string_view status) {
  const data::Value& condition = condition_of(object, type);
  return condition.is_object() && condition["status"].as_string() == status;
}

bool set_meta_condition(data::Value& object, const MetaCondition& condition, TimePoint now) {
  data::Value next = data::Value::object({{"type", condition.type}, {"status", condition.status}});
  if (condition.observed_generation != 0) {
    next.set("observedGeneration", condition.observed_generation);
  }
  const data::Value& before = condition_of(object, condition.type);
  bool moved = before.is_null() || before["status"].as_string() != condition.status;
  next.set("lastTransitionTime",
           moved ? data::Value(format_rfc3339(now)) : before["lastTransitionTime"]);
  next.set("reason", condition.reason);
  next.set("message", condition.message);
  if (before == next) return false;
  data::Value& list = object.edit({"status", "conditions"});
  for (size_t i = 0; i < list.size(); ++i) {
    if (list[i]["type"].is_string() && list[i]["type"].as_string() == condition.type) {
      list.edit(i) = std::move(next);
      return true;
    }
  }
  list.push_back(std::move(next));
  return true;
}

}  // namespace fleet::kube
