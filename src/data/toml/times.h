// Dates and times of TOML. For the .cc files of this room.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "data/toml/toml.h"

namespace fleet::toml {

struct ReadTime {
  Time time;
  std::string json;  // as encoding/json shows Go's value
};

// "T" and "Z" in capitals, "T" for the blank between date and time.
std::string capitals(std::string_view text);
// Nothing when the text is no date, time or both.
std::optional<ReadTime> read_time(std::string_view text);

}  // namespace fleet::toml
