// Durations as Go writes them: "1h30m0s", "1.5s", "250ms", "-2m".
//
// Errors: Invalid with Go's texts: `time: invalid duration "x"`, `time: missing unit in duration
// "3"`, `time: unknown unit "d" in duration "1d"`.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace fleet::text {

Result<Duration> parse_duration(std::string_view text);  // as time.ParseDuration
std::string format_duration(Duration duration);          // as time.Duration.String
// Rounded for people, as kubectl's AGE column: "5s", "3m4s", "2d3h", "400d".
std::string format_age(Duration duration);

}  // namespace fleet::text
