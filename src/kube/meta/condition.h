// Conditions: the list in status.conditions, and the rules by which entries change.
//
// Two habits live side by side. wrangler's (Fleet's own kinds): `set_error`, lastUpdateTime moves
// with every change, lastTransitionTime is never written. Kubernetes' (`set_condition` with
// Habit::Transition): lastTransitionTime moves when the status does.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "data/fields/fields.h"
#include "data/value/value.h"

namespace fleet::kube {

// As wrangler's genericcondition.GenericCondition, in its order of fields.
struct Condition {
  std::string type;
  std::string status;  // "True", "False", "Unknown"
  std::string last_update_time;
  std::string last_transition_time;
  std::string reason;
  std::string message;

  bool is_true() const { return status == "True"; }
  bool is_false() const { return status == "False"; }

  static constexpr const char* kGoType = "genericcondition.GenericCondition";
  static data::Fields fields();

  friend bool operator==(const Condition&, const Condition&) = default;
};
using Conditions = std::vector<Condition>;

const Condition* find_condition(const Conditions& conditions, std::string_view type);
// The entry of a type; a missing one is added as Unknown.
Condition& edit_condition(Conditions& conditions, std::string_view type);

// As wrangler's condition.Cond: each moves lastUpdateTime to `now` when it changed something.
// True when it did.
bool set_status(Conditions& conditions,
                std::string_view type,
                std::string_view status,
                TimePoint now);
bool set_reason(Conditions& conditions,
                std::string_view type,
                std::string_view reason,
                TimePoint now);
bool set_message(Conditions& conditions,
                 std::string_view type,
                 std::string_view message,
                 TimePoint now);
// SetError: no error (null) is True with neither reason nor message; else False with the error's
// text and `reason` ("" is "Error").
bool set_error(Conditions& conditions,
               std::string_view type,
               std::string_view reason,
               const Error* error,
               TimePoint now);

// Conditions of any object: status.conditions[type=…].
const data::Value& condition_of(const data::Value& object, std::string_view type);
// True if the object's condition has that status ("True").
bool has_condition(const data::Value& object,
                   std::string_view type,
                   std::string_view status = "True");

// As apimachinery's meta.SetStatusCondition on status.conditions: lastTransitionTime moves when
// the status changes. True when something changed.
struct MetaCondition {
  std::string type;
  std::string status;
  std::string reason;
  std::string message;
  int64_t observed_generation = 0;  // 0: not written
};
bool set_meta_condition(data::Value& object, const MetaCondition& condition, TimePoint now);

}  // namespace fleet::kube
