// The data of a render: for every chart of the tree the map that is "." in its templates.
#pragma once

#include <vector>

#include "gotemplate/value.h"
#include "helm/chart/chart.h"
#include "helm/engine/capabilities.h"
#include "helm/engine/engine.h"

namespace fleet::helm {

struct ScopeInputs {
  const data::Value& values;  // coalesced
  const ReleaseOptions& release;
  const Capabilities& capabilities;
};

// In the order of a walk that visits a chart before its subcharts. All live in the heap.
std::vector<gotemplate::Value> build_scopes(gotemplate::Heap& heap,
                                            const Chart& root,
                                            const ScopeInputs& inputs);

}  // namespace fleet::helm
