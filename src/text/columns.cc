#include "text/columns.h"

#include <algorithm>
#include <vector>

#include "base/strings.h"

namespace fleet::text {
namespace {

size_t width_of(std::string_view cell) {
  return static_cast<size_t>(std::ranges::count_if(
      cell, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

std::string align_columns(std::string_view lines, size_t padding) {
  std::vector<std::vector<std::string_view>> rows;
  for (std::string_view line : split(lines, '\n'))
    rows.push_back(split(line, '\t'));
  // A run of lines in one column lies within a run of the column before, as a line that has the
  // later cell has the earlier one, too: columns can be measured one by one.
  std::vector<std::vector<size_t>> widths(rows.size());
  size_t most = 0;
  for (const auto& row : rows)
    most = std::max(most, row.size());
  for (size_t column = 0; column + 1 < most; ++column) {
    for (size_t begin = 0; begin < rows.size();) {
      size_t end = begin;
      size_t width = 0;
      while (end < rows.size() && column + 1 < rows[end].size()) {
        width = std::max(width, width_of(rows[end][column]) + padding);
        ++end;
      }
      for (size_t i = begin; i < end; ++i)
        widths[i].push_back(width);
      begin = std::max(end, begin + 1);
    }
  }
  std::string out;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (i > 0) out += '\n';
    for (size_t column = 0; column < rows[i].size(); ++column) {
      const std::string_view cell = rows[i][column];
      out += cell;
      if (column < widths[i].size()) out.append(widths[i][column] - width_of(cell), ' ');
    }
  }
  return out;
}

}  // namespace fleet::text
