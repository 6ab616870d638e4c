// Objects in the store: read one, change one, in the words of a Status.
#pragma once

#include <functional>

#include "kube/apiserver/core.h"

namespace fleet::kube::apiserver {

// An object as it stands in the store.
struct Current {
  store::EntryPtr entry;
  DocumentPtr document;  // in the served version
};

// NotFound: `pods "x" not found`.
Reply<Current> read_object(const Call& call, Core& core, const Key& key);
Reply<Current> read_object(const Context& ctx, Core& core, const ServedPtr& served, const Key& key);

// The document with the resourceVersion of `revision` in it.
data::Value with_revision(data::Value object, store::Revision revision);
std::string encode_object(const Served& served, const data::Value& object);

// Creates; the result has its resourceVersion. AlreadyExists in a Status' words.
Reply<data::Value> store_create(Core& core, const Call& call, const data::Value& object);
// Replaces the version `expected`. Conflict in a Status' words.
Reply<data::Value> store_update(Core& core,
                                const Call& call,
                                const data::Value& object,
                                store::Revision expected);
// Deletes the version `expected`; the last state, with the revision of the deletion.
Reply<data::Value> store_delete(Core& core,
                                const Call& call,
                                const data::Value& object,
                                store::Revision expected);

Status object_not_found(const Served& served, std::string_view name);
Status object_modified(const Served& served, std::string_view name);
// 0 for none; BadRequest when it is no number.
Reply<store::Revision> parse_revision(std::string_view text);
// Everything that follows a failed update: who lost a race reads again, up to this many times.
inline constexpr int kMaxConflictTries = 20;

}  // namespace fleet::kube::apiserver
