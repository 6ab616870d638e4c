// The rules of metadata: what the server sets, what may change, what is refused.
#pragma once

#include "kube/apiserver/core.h"

namespace fleet::kube::apiserver {

// Checks that the document is one of the call's kind and that it names the namespace (and name) of
// the request. Fills in the namespace. BadRequest in kube-apiserver's words.
Reply<> check_identity(const Call& call, data::Value& object, std::string_view name);

// uid, creationTimestamp, generation; a name from generateName; nothing that only the server sets.
void prepare_metadata(Core& core, const Call& call, data::Value& object);

// Names, labels, annotations, owner references, finalizers. `old` is null for a creation.
FieldErrors validate_metadata(const Served& served,
                              const data::Value& object,
                              const data::Value* old);

// Takes over from `old` what a client may leave out or not change: uid, times, generation.
void carry_metadata(data::Value& object, const data::Value& old);

// True when nothing but metadata.resourceVersion differs.
bool same_content(const data::Value& a, const data::Value& b);
// True when the parts that count as desired state are equal: all but metadata and status.
bool same_desired(const data::Value& a, const data::Value& b);

}  // namespace fleet::kube::apiserver
