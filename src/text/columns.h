// Lines with tabs → columns: as Go's text/tabwriter with blanks for padding.
//
// A tab ends a cell. Cells of one column are as wide as the widest of a run of lines that all have
// such a cell; a line without it begins a new run. What stands behind a line's last tab is not
// padded. Width is counted in characters. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fleet::text {

// `padding`: blanks behind a column's widest cell.
std::string align_columns(std::string_view lines, size_t padding);

}  // namespace fleet::text
