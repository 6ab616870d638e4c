// metadata.managedFields: who wrote which field (kube/merge keeps the books).
#pragma once

#include "kube/apiserver/core.h"
#include "kube/merge/apply.h"

namespace fleet::kube::apiserver {

// The writer of a call: its fieldManager, else the first part of its user agent.
// BadRequest for a name that is too long or cannot be printed.
Reply<Writer> writer_of(const Call& call);

// The object with its managedFields brought up to date. `old` is null for a creation.
Reply<data::Value> track_fields(const Call& call, data::Value object, const data::Value* old);

}  // namespace fleet::kube::apiserver
