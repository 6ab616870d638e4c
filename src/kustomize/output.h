// Resources → plain objects and text.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "data/value/value.h"
#include "kustomize/resmap.h"

namespace fleet::kustomize {

// The object of a resource, with its annotations as the build leaves them: texts, none internal.
// Errors: keys that are no strings, numbers that are infinite, duplicate keys.
Result<data::Value> object_of(const Resource& resource);

// The resource as JSON with the history as the original keeps it: in annotations. For messages.
std::string json_text(const Resource& resource);

// True for annotations that never survive a build.
bool is_internal_annotation(std::string_view name);

}  // namespace fleet::kustomize
