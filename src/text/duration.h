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

// An RFC 3339 time as Go's time.Parse reads it, with Go's error texts. The offset (seconds east of
// UTC) is kept, so that the time can be printed as it was written.
struct ParsedTime {
  TimePoint time;
  int offset_seconds = 0;
};
Result<ParsedTime> parse_time(std::string_view text);
// As Go's RFC3339Nano in the given offset.
std::string format_time_nano(const ParsedTime& time);

}  // namespace fleet::text
