// Dates as counts of days, for any year of the Gregorian calendar, also before it was used.
#pragma once

#include <cstdint>

namespace fleet {

struct Date {
  int64_t year = 1970;
  int month = 1;  // 1..12
  int day = 1;    // 1..31
};

// Days since 1970-01-01. Month and day may be any number and roll over: 30 February is 1 or 2
// March, day 0 the last of the month before, month 13 the next January.
int64_t days_from_date(int64_t year, int64_t month, int64_t day);
Date date_from_days(int64_t days);
int weekday_from_days(int64_t days);            // 0 is Sunday
int month_length(int64_t year, int64_t month);  // in days; the month may roll over

}  // namespace fleet
