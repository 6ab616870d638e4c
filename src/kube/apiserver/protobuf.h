// Bodies in Kubernetes' protobuf encoding, as documents.
//
// Answers are never protobuf, and clients take JSON instead; but typed Go clients send their
// built-in kinds so, without asking. Only what they send is understood here: the kinds of
// protobuf_fields.cc.
// Errors: BadRequest for a broken message; UnsupportedMediaType for a kind that is not known here.
// Limits: kMaxProtobufDepth. Pure.
#pragma once

#include <string_view>

#include "base/result.h"
#include "data/value/value.h"

namespace fleet::kube::apiserver {

inline constexpr int kMaxProtobufDepth = 64;

// An envelope ("k8s" and a zero byte, then runtime.Unknown) with an object in it. Zero values that
// Go's JSON leaves out are left out.
Result<data::Value> parse_protobuf(std::string_view bytes);

}  // namespace fleet::kube::apiserver
