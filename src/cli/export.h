// Objects as people want them printed: without what the server adds.
//
// As wrangler's yaml.Export: metadata is name (or generateName), namespace, annotations and labels;
// keys that begin with "kubectl.kubernetes.io/" and status go, an empty spec too. Pure.
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "data/value/value.h"

namespace fleet::cli {

// Errors: Invalid for an object without a name.
Result<data::Value> clean_object(const data::Value& object);

// YAML, one object after another with "---" between them.
Result<std::string> export_objects(std::span<const data::Value> objects);

}  // namespace fleet::cli
