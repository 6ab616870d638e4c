// Which runes Go calls printable (unicode.IsPrint of Go 1.26, Unicode 15), as sorted ranges.
#pragma once

#include <span>

namespace fleet {

struct PrintableRange {
  char32_t first;
  char32_t last;
};

// Ranges above 0x7E, ascending, not touching.
std::span<const PrintableRange> printable_ranges();

}  // namespace fleet
