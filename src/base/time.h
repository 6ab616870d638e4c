// Points in time and durations, and their text forms in the API.
//
// Units: nanoseconds. Times are UTC. Years 0 to 9999, as RFC 3339.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace fleet {

using Duration = std::chrono::nanoseconds;
using TimePoint = std::chrono::time_point<std::chrono::system_clock, Duration>;

// "2026-01-02T15:04:05Z", as metav1.Time writes it.
std::string format_rfc3339(TimePoint time);
// With a fraction, trailing zeros cut: "2026-01-02T15:04:05.25Z", as Go's RFC3339Nano.
std::string format_rfc3339_nano(TimePoint time);
// With exactly six digits: "2026-01-02T15:04:05.250000Z", as metav1.MicroTime.
std::string format_rfc3339_micro(TimePoint time);
// Any RFC 3339 text, with fraction and offset; nothing if it is not one.
std::optional<TimePoint> parse_rfc3339(std::string_view text);

// A civil date and time of day, UTC.
struct CivilTime {
  int year = 1970;
  int month = 1;  // 1..12
  int day = 1;    // 1..31
  int hour = 0;
  int minute = 0;
  int second = 0;
  int nanosecond = 0;
  int weekday = 4;   // 0 is Sunday
  int year_day = 1;  // 1..366
};
CivilTime to_civil(TimePoint time);
TimePoint from_civil(const CivilTime& civil);  // weekday and year_day are not read
bool is_leap_year(int year);
int days_in_month(int year, int month);

}  // namespace fleet
