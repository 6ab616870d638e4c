// Coalescing on Tables, for this room's use: values.h has the public form.
#pragma once

#include "base/result.h"
#include "helm/chart/chart.h"
#include "helm/chart/table.h"

namespace fleet::helm {

// Puts the chart's defaults, and those of its subcharts, under `values`.
Result<> coalesce(const Chart& chart, Table& values, Nulls nulls);

// A copy without the nulls in it and in its tables.
data::Value without_nulls(const data::Value& table);

}  // namespace fleet::helm
