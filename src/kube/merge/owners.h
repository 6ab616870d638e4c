// Who owns which fields, and what a write does to that. Private to this room.
//
// As structured-merge-diff v6, `merge.Updater`.
#pragma once

#include <map>
#include <string>

#include "base/result.h"
#include "kube/merge/field_set.h"
#include "kube/merge/schema.h"
#include "kube/merge/typed.h"
#include "kube/merge/versions.h"

namespace fleet::kube {

struct Owned {
  FieldSet set;
  std::string version;  // apiVersion of the write
  bool applied = false;

  friend bool operator==(const Owned&, const Owned&) = default;
};
// By manager identity.
using Owners = std::map<std::string, Owned>;

// The managers whose entries differ: their version, or the fields that only one side owns. Where
// the versions differ it is the right entry whole. Whether an entry was applied does not matter.
Owners difference(const Owners& left, const Owners& right);

// Places that no write owns: in every version, and those of one.
struct Ignored {
  FieldSet everywhere;
  std::map<std::string, FieldSet> by_version;

  FieldSet of(const std::string& version) const;
};

struct OwnersApplied {
  data::Value object;
  bool changed = false;
  Owners owners;
  Owners conflicts;  // not empty: refused
};

// An apply of `config`. Null live is an empty object. Both are in the form of `version`.
Result<OwnersApplied> apply_owned(const data::Value& live,
                                  const data::Value& config,
                                  const std::string& version,
                                  Owners owners,
                                  const std::string& manager,
                                  bool force,
                                  const Ignored& ignored,
                                  const Versions& versions);

// Any other write of `next`.
Result<Owners> update_owned(const data::Value& live,
                            const data::Value& next,
                            const std::string& version,
                            Owners owners,
                            const std::string& manager,
                            const Ignored& ignored,
                            const Versions& versions);

}  // namespace fleet::kube
