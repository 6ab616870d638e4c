// The frames of git's wire protocol: four hexadecimal digits of length, then the bytes.
//
// Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fleet::git {

struct Packet {
  enum class Kind { Data, Flush, Delimiter, ResponseEnd };
  Kind kind = Kind::Data;
  std::string_view text;  // without a final newline
};

inline constexpr std::string_view kFlush = "0000";
inline constexpr std::string_view kDelimiter = "0001";

std::string packet(std::string_view text);
// All packets of a text, which must outlive them. Invalid when it is cut off or not of that form.
Result<std::vector<Packet>> read_packets(std::string_view bytes);

}  // namespace fleet::git
