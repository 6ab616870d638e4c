// Syntax tree → value, as go-yaml v2 decodes and sigs.k8s.io/yaml converts. Private to this room.
#pragma once

#include "base/result.h"
#include "data/value/value.h"
#include "data/yaml/node.h"
#include "data/yaml/yaml.h"

namespace fleet::yaml {

Result<data::Value> decode_v2(const Node& document, Duplicates duplicates);

}  // namespace fleet::yaml
