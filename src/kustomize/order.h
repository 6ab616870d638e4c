// The orders of resources: legacy (by kind) and fifo.
#pragma once

#include "base/result.h"
#include "kustomize/kustomization.h"
#include "kustomize/resmap.h"

namespace fleet::kustomize {

// Kinds in their usual order, then by the text of the gvk.
bool gvk_less(const Gvk& a, const Gvk& b);

// Errors: "the field 'sortOptions.order' must be one of [fifo, legacy]".
Result<> sort_resources(ResMap& resources, const SortOptions& options);

}  // namespace fleet::kustomize
