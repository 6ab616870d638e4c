#include "base/calendar.h"

namespace fleet {
namespace {

constexpr int64_t kDaysPerEra = 146'097;      // 400 years, after which the calendar repeats itself
constexpr int64_t kDaysBefore1970 = 719'468;  // since 1 March of the year 0

int64_t floor_divide(int64_t a, int64_t b) {
  const int64_t quotient = a / b;
  return a % b < 0 ? quotient - 1 : quotient;
}

// Of a year that begins in March, so that the leap day comes last.
int64_t days_before_month(int64_t month) {
  return (153 * month + 2) / 5;
}

}  // namespace

int64_t days_from_date(int64_t year, int64_t month, int64_t day) {
  const int64_t months = year * 12 + month - 3;  // since March of the year 0
  const int64_t march_year = floor_divide(months, 12);
  const int64_t era = floor_divide(march_year, 400);
  const int64_t of_era = march_year - era * 400;
  return era * kDaysPerEra + of_era * 365 + of_era / 4 - of_era / 100 +
         days_before_month(months - march_year * 12) + day - 1 - kDaysBefore1970;
}

Date date_from_days(int64_t days) {
  const int64_t shifted = days + kDaysBefore1970;
  const int64_t era = floor_divide(shifted, kDaysPerEra);
  const int64_t of_era = shifted - era * kDaysPerEra;
  const int64_t year = (of_era - of_era / 1'460 + of_era / 36'524 - of_era / 146'096) / 365;
  const int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
  const int64_t month = (5 * of_year + 2) / 153;
  Date date;
  date.day = static_cast<int>(of_year - days_before_month(month) + 1);
  date.month = static_cast<int>(month < 10 ? month + 3 : month - 9);
  date.year = year + era * 400 + (date.month <= 2 ? 1 : 0);
  return date;
}

int weekday_from_days(int64_t days) {
  return static_cast<int>(((days + 4) % 7 + 7) % 7);
}

int month_length(int64_t year, int64_t month) {
  return static_cast<int>(days_from_date(year, month + 1, 1) - days_from_date(year, month, 1));
}

}  // namespace fleet
