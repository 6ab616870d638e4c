// kstatus: how far an object is from what its spec asks for, judged by its own fields alone.
//
// As cli-utils 0.37: first the rules for any object (deletion, observedGeneration, the conditions
// Reconciling and Stalled), then those of its group and kind, at last the condition Ready.
// Pure: `now` is only compared with the creation of a Pod that cannot be scheduled.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "data/value/value.h"

namespace fleet::kube {

enum class Progress { InProgress, Failed, Current, Terminating, NotFound, Unknown };

// "InProgress", as messages of Helm and conditions spell it.
std::string_view to_string(Progress progress);

struct KStatus {
  Progress progress = Progress::Current;
  std::string message;
  // Why it is not Current: the condition (Reconciling or Stalled) that kstatus would add.
  std::string reason;
  std::string condition_message;  // mostly `message`
};

// Errors: Invalid for a Pod in a phase that does not exist.
Result<KStatus> kstatus(const data::Value& object, TimePoint now);

// As Helm 4.2 reads a Job when told to wait for jobs, and hooks that are Jobs or Pods: Current only
// when finished. Other kinds are Current at once.
KStatus kstatus_finished(const data::Value& object);

// The `status` ("True", "False", "Unknown" or "") of an object's condition.
std::string_view condition_status(const data::Value& object, std::string_view type);

}  // namespace fleet::kube
