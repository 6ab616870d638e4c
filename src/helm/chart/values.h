// Values: reading them, and coalescing what a user gave with what charts have as defaults.
//
// Numbers: what is read from YAML or JSON is a double, as in Go's `map[string]any`; `--set x=1`
// makes an int64, and templates can tell. Documents from elsewhere go through `as_doubles` first.
// A table is an object. As Helm 4.2.3: pkg/chart/common, pkg/chart/common/util/coalesce.go.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "data/value/value.h"
#include "helm/chart/chart.h"

namespace fleet::helm {

// A copy in which every number is a double. Shares what has no other numbers.
data::Value as_doubles(const data::Value& document);

// One YAML document that must be a map (or nothing). As common.ReadValues.
Result<data::Value> read_values(std::string_view text);
// A stream of documents, later ones merged over earlier ones. As loader.LoadValues.
Result<data::Value> load_values(std::string_view text);
// `b` over `a`; only tables are merged. As loader.MergeMaps.
data::Value merge_maps(const data::Value& a, const data::Value& b);

// The chart's defaults and those of its subcharts under what the user gave. Nulls of the user
// remove defaults. As CoalesceValues. Errors: Invalid, "type mismatch on SUB: …".
Result<data::Value> coalesce_values(const Chart& chart, const data::Value& values);
// The same keeping nulls. As MergeValues.
Result<data::Value> merge_values(const Chart& chart, const data::Value& values);
// Two tables, `over` wins. As CoalesceTables and MergeTables.
data::Value coalesce_tables(const data::Value& over, const data::Value& under);
data::Value merge_tables(const data::Value& over, const data::Value& under);

// The table at a dotted path. Errors: NotFound, `"name" is not a table`.
Result<data::Value> find_table(const data::Value& values, std::string_view path);
// The value at a dotted path, if it is there and no table. Errors: NotFound, `"name" is not a
// value`; BadRequest for an empty path.
Result<data::Value> find_path_value(const data::Value& values, std::string_view path);

}  // namespace fleet::helm
