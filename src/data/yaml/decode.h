// Syntax tree → value, as go-yaml v2 decodes and sigs.k8s.io/yaml converts. Private to this room.
#pragma once

#include "base/result.h"
#include "data/value/value.h"
#include "data/yaml/node.h"
#include "data/yaml/yaml.h"

namespace fleet::yaml {

// Whether .inf and .nan, for which JSON has no text, are an error or a number.
enum class NonFinite { Refused, Kept };

Result<data::Value> decode_v2(const Node& document, Duplicates duplicates, NonFinite numbers);

}  // namespace fleet::yaml
