// Deletion: at once, after finalizers, after a grace period, with or without dependents.
#pragma once

#include "kube/apiserver/core.h"
#include "kube/apiserver/objects.h"

namespace fleet::kube::apiserver {

inline constexpr std::string_view kOrphanFinalizer = "orphan";
inline constexpr std::string_view kForegroundFinalizer = "foregroundDeletion";

struct RemoveOptions {
  enum class Propagation { Unset, Background, Foreground, Orphan };
  Propagation propagation = Propagation::Unset;
  std::optional<int64_t> grace_seconds;
  std::string uid;               // precondition; empty: none
  std::string resource_version;  // the same
  bool orphan_dependents_set_false = false;

  // From the DeleteOptions in the body and the query.
  static Reply<RemoveOptions> of(Call& call);
};

struct Removed {
  data::Value object;  // as it is now, or was at last
  bool gone = false;
};

Reply<Removed> remove_object(Core& core, Call& call, const Key& key, const RemoveOptions& options);

// Whether an object that is being deleted may go now: no finalizers, no grace, nothing of its
// kind's own that holds it (a namespace's spec.finalizers).
bool may_go(const Served& served, const data::Value& object);

}  // namespace fleet::kube::apiserver
