// kustomize's own strategic merge: a patch into a target, both as trees.
//
// Not the algorithm of Kubernetes (kube/merge): items of patches come first in merged lists, lists
// merge by several keys, `replace` strategies and ordering directives are not known.
#pragma once

#include <optional>

#include "base/result.h"
#include "data/yaml/node.h"
#include "kustomize/schema.h"

namespace fleet::kustomize {

// The merged tree, or nothing if the patch deletes the target.
// Errors: "wrong node kind: expected MappingNode but got ...", "unknown patch strategy 'x'".
Result<std::optional<yaml::Node>> merge_patch(yaml::Node target,
                                              const yaml::Node& patch,
                                              const KustomizeSchema& schema);

}  // namespace fleet::kustomize
