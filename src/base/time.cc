#include "base/time.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>

#include "base/calendar.h"

namespace fleet {
namespace {

constexpr int64_t kNanosPerSecond = 1'000'000'000;
constexpr int64_t kSecondsPerDay = 86'400;

std::string format_seconds(const CivilTime& civil) {
  std::array<char, 80> buffer;
  int size = std::snprintf(buffer.data(),
                           buffer.size(),
                           "%04d-%02d-%02dT%02d:%02d:%02d",
                           civil.year,
                           civil.month,
                           civil.day,
                           civil.hour,
                           civil.minute,
                           civil.second);
  return std::string(buffer.data(), static_cast<size_t>(size));
}

// Reads digits from a text, step by step; `ok` falls and stays down at the first surprise.
struct Reader {
  std::string_view rest;
  bool ok = true;

  int number(size_t digits) {
    if (rest.size() < digits) ok = false;
    if (!ok) return 0;
    int value = 0;
    auto [end, error] = std::from_chars(rest.data(), rest.data() + digits, value);
    ok = error == std::errc() && end == rest.data() + digits && value >= 0 && rest[0] != '-';
    rest.remove_prefix(digits);
    return value;
  }
  void expect(std::string_view any_of) {
    if (rest.empty() || any_of.find(rest[0]) == std::string_view::npos) ok = false;
    if (ok) rest.remove_prefix(1);
  }
  int fraction_nanos() {
    if (!ok || rest.empty() || (rest[0] != '.' && rest[0] != ',')) return 0;
    rest.remove_prefix(1);
    int nanos = 0;
    int scale = 100'000'000;
    size_t digits = 0;
    for (; digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9'; ++digits) {
      nanos += (rest[digits] - '0') * scale;
      scale /= 10;
    }
    ok = digits > 0;
    rest.remove_prefix(digits);
    return nanos;
  }
  int64_t offset_seconds() {
    if (!ok || rest.empty()) {
      ok = false;
      return 0;
    }
    char sign = rest[0];
    rest.remove_prefix(1);
    if (sign == 'Z') return 0;
    int hours = number(2);
    expect(":");
    int minutes = number(2);
    ok = ok && (sign == '+' || sign == '-') && hours < 24 && minutes < 60;
    int64_t seconds = int64_t{hours} * 3600 + int64_t{minutes} * 60;
    return sign == '-' ? -seconds : seconds;
  }
};

bool is_real(const CivilTime& c) {
  return c.month >= 1 && c.month <= 12 && c.day >= 1 && c.day <= days_in_month(c.year, c.month) &&
         c.hour < 24 && c.minute < 60 && c.second < 60;
}

}  // namespace

bool is_leap_year(int year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int days_in_month(int year, int month) {
  constexpr std::array kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month == 2 && is_leap_year(year)) return 29;
  return kDays.at(static_cast<size_t>(month - 1));
}

CivilTime to_civil(TimePoint time) {
  int64_t nanos = time.time_since_epoch().count();
  int64_t seconds = nanos / kNanosPerSecond;
  if (nanos % kNanosPerSecond < 0) --seconds;
  int64_t days = seconds / kSecondsPerDay;
  if (seconds % kSecondsPerDay < 0) --days;
  auto in_day = static_cast<int>(seconds - days * kSecondsPerDay);
  CivilTime civil;
  const Date date = date_from_days(days);
  civil.year = static_cast<int>(date.year);
  civil.month = date.month;
  civil.day = date.day;
  civil.hour = in_day / 3600;
  civil.minute = in_day / 60 % 60;
  civil.second = in_day % 60;
  civil.nanosecond = static_cast<int>(nanos - seconds * kNanosPerSecond);
  civil.weekday = weekday_from_days(days);
  civil.year_day = static_cast<int>(days - days_from_date(civil.year, 1, 1)) + 1;
  return civil;
}

TimePoint from_civil(const CivilTime& civil) {
  int64_t seconds = days_from_date(civil.year, civil.month, civil.day) * kSecondsPerDay +
                    int64_t{civil.hour} * 3600 + int64_t{civil.minute} * 60 + civil.second;
  return TimePoint(std::chrono::seconds(seconds)) + std::chrono::nanoseconds(civil.nanosecond);
}

std::string format_rfc3339(TimePoint time) {
  return format_seconds(to_civil(time)) + "Z";
}

std::string format_rfc3339_nano(TimePoint time) {
  CivilTime civil = to_civil(time);
  std::string out = format_seconds(civil);
  if (civil.nanosecond != 0) {
    std::string digits = std::to_string(civil.nanosecond);
    digits.insert(0, 9 - digits.size(), '0');
    digits.erase(digits.find_last_not_of('0') + 1);
    out += "." + digits;
  }
  return out + "Z";
}

std::string format_rfc3339_micro(TimePoint time) {
  CivilTime civil = to_civil(time);
  std::string digits = std::to_string(civil.nanosecond / 1000);
  digits.insert(0, 6 - digits.size(), '0');
  return format_seconds(civil) + "." + digits + "Z";
}

std::optional<TimePoint> parse_rfc3339(std::string_view text) {
  Reader reader{text};
  CivilTime civil;
  civil.year = reader.number(4);
  reader.expect("-");
  civil.month = reader.number(2);
  reader.expect("-");
  civil.day = reader.number(2);
  reader.expect("T");
  civil.hour = reader.number(2);
  reader.expect(":");
  civil.minute = reader.number(2);
  reader.expect(":");
  civil.second = reader.number(2);
  civil.nanosecond = reader.fraction_nanos();
  int64_t offset = reader.offset_seconds();
  if (!reader.ok || !reader.rest.empty() || !is_real(civil)) return std::nullopt;
  return from_civil(civil) - std::chrono::seconds(offset);
}

}  // namespace fleet
