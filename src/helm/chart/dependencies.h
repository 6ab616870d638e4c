// Dependencies: which subcharts take part in a render, under which names, with which values.
//
// As Helm 4.2.3, pkg/chart/v2/util/dependencies.go: listed dependencies are matched by name and
// version range, aliased (one chart may serve several times), switched by tags and conditions; then
// import-values carry values from children to parents. Subcharts that are not listed take part
// always. The given chart is not changed.
#pragma once

#include <cstddef>

#include "base/result.h"
#include "data/value/value.h"
#include "helm/chart/chart.h"

namespace fleet::helm {

inline constexpr size_t kMaxImportValues = 1'000;  // of one dependency; more is Invalid

// Both steps below, one after the other.
Result<Chart> process_dependencies(const Chart& chart, const data::Value& values);

// Aliases, tags and conditions: depends on the chart and the user's values.
Result<Chart> enable_dependencies(const Chart& chart, const data::Value& values);
// import-values: depends on the chart alone. Charts that list dependencies get their merged values
// as their own.
Result<Chart> import_values(const Chart& chart);

}  // namespace fleet::helm
