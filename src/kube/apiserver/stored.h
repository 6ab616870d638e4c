// How objects stand in the store, and how they get their apiVersion, kind and resourceVersion back
// without being parsed.
//
// Key: "<group or core>/<plural>/<namespace>/<name>", or without the namespace part.
// Value: the object as JSON without apiVersion, kind and metadata.resourceVersion. It begins with
// `{"metadata":{` and the metadata is never empty, so the missing members fit in front:
//   {"kind":"K","apiVersion":"g/v","metadata":{"resourceVersion":"7", ...
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "data/value/value.h"
#include "kube/store/store.h"

namespace fleet::kube::apiserver {

std::string encode_stored(const data::Value& object);

// `api_version` and `kind` are those that the client asked for; a conversion is the caller's.
void append_stored(std::string& out,
                   std::string_view api_version,
                   std::string_view kind,
                   std::string_view stored,
                   store::Revision revision);

// CHECKs nothing: a value that is no object is Invalid (the store's checksums make that unlikely).
Result<data::Value> decode_stored(std::string_view api_version,
                                  std::string_view kind,
                                  const store::Entry& entry);

}  // namespace fleet::kube::apiserver
