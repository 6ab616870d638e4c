// Desired × live objects → modified, missing, extra, and why.
//
// A live object is compared with what was last applied over it: what others added is no drift, what
// differs is. Compare patches of the bundle and Fleet's own rules for known kinds take fields out
// of both sides first. As Fleet 0.16. Errors: Invalid. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "data/value/value.h"
#include "fleet/api/options.h"
#include "fleet/api/summary_types.h"
#include "kube/meta/object.h"

namespace fleet::monitor {

// The merge patch that leads from the desired to the live object; nothing when they are equal.
// `patches` are the bundle's.
Result<std::optional<data::Value>> compare(const data::Value& desired,
                                           const data::Value& live,
                                           std::span<const api::ComparePatch> patches);

// True if the bundle says that this object is not to be looked at (an operation "ignore").
bool is_ignored(const data::Value& object, std::span<const api::ComparePatch> patches);

// One object that is desired, with the live one if there is one.
struct Pair {
  data::Value desired;
  std::optional<data::Value> live;
};
struct Seen {
  std::vector<Pair> pairs;
  std::vector<data::Value> extra;  // live objects of the set that are not desired
  std::string set_hash;            // label value that marks an object as ours
};
// Sorted by apiVersion, kind, namespace and name; not cut.
Result<std::vector<api::ModifiedStatus>> find_modified(const Seen& seen,
                                                       std::span<const api::ComparePatch> patches);

}  // namespace fleet::monitor
