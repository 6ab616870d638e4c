// Who owns which fields, and what a write does to that. Private to this room.
//
// As structured-merge-diff v6, `merge.Updater`, for objects whose versions share one form.
#pragma once

#include <map>
#include <string>

#include "base/result.h"
#include "kube/merge/field_set.h"
#include "kube/merge/schema.h"
#include "kube/merge/typed.h"

namespace fleet::kube {

struct Owned {
  FieldSet set;
  std::string version;  // apiVersion of the write
  bool applied = false;

  friend bool operator==(const Owned&, const Owned&) = default;
};
// By manager identity.
using Owners = std::map<std::string, Owned>;

struct OwnersApplied {
  data::Value object;
  bool changed = false;
  Owners owners;
  Owners conflicts;  // not empty: refused
};

// An apply of `config`. Null live is an empty object.
Result<OwnersApplied> apply_owned(const data::Value& live,
                                  const data::Value& config,
                                  const std::string& version,
                                  Owners owners,
                                  const std::string& manager,
                                  bool force,
                                  const FieldSet& ignored,
                                  const Type& type);

// Any other write of `next`.
Result<Owners> update_owned(const data::Value& live,
                            const data::Value& next,
                            const std::string& version,
                            Owners owners,
                            const std::string& manager,
                            const FieldSet& ignored,
                            const Type& type);

}  // namespace fleet::kube
