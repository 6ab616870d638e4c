// The lines that protobuf.cc reads. Their form is told in scripts/protobuf_fields.py.
#pragma once

namespace fleet::kube::apiserver {

extern const char* const kProtobufTypes[];  // sorted by name
extern const unsigned kProtobufTypeCount;

}  // namespace fleet::kube::apiserver
