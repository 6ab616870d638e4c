// RFC 3339 times with the error texts of Go's time package.
//
// Reads what time.Parse(time.RFC3339, …) reads: a one-digit hour, a comma before the fraction and
// offsets up to 24:60 included. Years 0 to 9999, nanoseconds, and the offset as written.
// Errors: Invalid: `parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fleet::text {

struct GoTime {
  int64_t unix_seconds = 0;
  int nanosecond = 0;
  int offset_seconds = 0;  // east of UTC; only for printing
};

Result<GoTime> parse_go_time(std::string_view text);
// "2026-01-02T15:04:05.25+02:00": in its offset, trailing zeros of the fraction cut (RFC3339Nano).
std::string format_go_time(const GoTime& time);
// "2026-01-02T13:04:05Z": in UTC, without fraction, as metav1.Time writes it.
std::string format_go_time_utc(const GoTime& time);

}  // namespace fleet::text
