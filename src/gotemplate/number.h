// Numbers as Go's strconv reads and writes them. For the .cc files of this room.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fleet::gotemplate {

// Whole texts; base 0 takes the base from the prefix and allows underscores between digits.
std::optional<int64_t> parse_go_int(std::string_view text, int base = 0);
std::optional<uint64_t> parse_go_uint(std::string_view text, int base = 0);
// Decimal and hexadecimal floats, inf and nan; out of range is nothing.
std::optional<double> parse_go_float(std::string_view text);
// The same, with strconv's error: `strconv.ParseFloat: parsing "1e400": value out of range`.
Result<double> read_go_float(std::string_view text);

// As strconv.AppendFloat; `precision` -1 is the shortest that reads back. Formats e E f F g G.
void append_go_float(std::string& out, double number, char format, int precision);

}  // namespace fleet::gotemplate
