// The road that every write takes, whatever verb began it: check, default, validate, store.
#pragma once

#include "kube/apiserver/core.h"
#include "kube/apiserver/objects.h"

namespace fleet::kube::apiserver {

enum class Unknown { Ignore, Warn, Strict };  // what becomes of unknown fields
Reply<Unknown> field_validation(const Call& call);

// Drops unknown fields: warns, or refuses, as asked.
Reply<> decode_strictly(Call& call, data::Value& object);

// `object` passed check_identity. Its name may come from generateName.
Reply<data::Value> create_object(Core& core, Call& call, data::Value object);

// What an update makes of the object as it is now: null `object` means "leave it".
using Update = std::function<Reply<data::Value>(const data::Value& current)>;

// Reads, changes and writes; after a lost race again, unless the new object names its own
// resourceVersion. An update that changes nothing writes nothing. An object that is being deleted
// and has no finalizers left goes.
Reply<data::Value> update_object(Core& core, Call& call, const Key& key, const Update& update);

}  // namespace fleet::kube::apiserver
