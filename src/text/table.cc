#include "text/table.h"

#include <algorithm>

#include "base/strings.h"

namespace fleet::text {
namespace {

constexpr size_t kGap = 3;        // spaces between columns
constexpr size_t kNarrowest = 8;  // a column is not cut below this

std::string fit(const std::string& cell, size_t width) {
  if (rune_count(cell) <= width) return cell;
  std::string out;
  std::string_view rest = cell;
  for (size_t i = 0; i + 1 < width && !rest.empty(); ++i) {
    size_t size = decode_rune(rest).size;
    out += rest.substr(0, size);
    rest.remove_prefix(size);
  }
  return out + "…";
}

void print_row(std::string& out,
               const std::vector<std::string>& cells,
               const std::vector<size_t>& widths) {
  for (size_t i = 0; i < cells.size(); ++i) {
    std::string cell = fit(cells[i], widths[i]);
    out += cell;
    if (i + 1 < cells.size()) out.append(widths[i] - rune_count(cell) + kGap, ' ');
  }
  out += '\n';
}

// Takes from the widest column until the line fits or nothing more can go.
void narrow(std::vector<size_t>& widths, size_t width) {
  auto total = [&] {
    size_t sum = widths.empty() ? 0 : kGap * (widths.size() - 1);
    for (size_t w : widths)
      sum += w;
    return sum;
  };
  while (total() > width) {
    auto widest = std::max_element(widths.begin(), widths.end());
    if (widest == widths.end() || *widest <= kNarrowest) return;
    --*widest;
  }
}

}  // namespace

std::string Table::print(Headers headers, size_t width) const {
  std::vector<size_t> widths(headers_.size());
  auto measure = [&](const std::vector<std::string>& cells) {
    if (cells.size() > widths.size()) widths.resize(cells.size());
    for (size_t i = 0; i < cells.size(); ++i)
      widths[i] = std::max(widths[i], rune_count(cells[i]));
  };
  if (headers == Headers::Show) measure(headers_);
  for (const auto& row : rows_)
    measure(row);
  if (width > 0) narrow(widths, width);
  std::string out;
  if (headers == Headers::Show) print_row(out, headers_, widths);
  for (const auto& row : rows_)
    print_row(out, row, widths);
  return out;
}

}  // namespace fleet::text
