#include "data/toml/times.h"

#include "base/strings.h"
#include "base/time.h"

namespace fleet::toml {
namespace {

// Takes fixed digits from the front; -1 when they are not there.
int take(std::string_view& text, size_t digits) {
  if (text.size() < digits) return -1;
  int number = 0;
  for (size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    number = number * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return number;
}

bool take_char(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

bool take_date(std::string_view& text) {
  int year = take(text, 4);
  if (year < 0 || !take_char(text, '-')) return false;
  int month = take(text, 2);
  if (month < 1 || month > 12 || !take_char(text, '-')) return false;
  int day = take(text, 2);
  return day >= 1 && day <= days_in_month(year, month);
}

// "15:04[:05[.999]]"; says whether there were seconds.
bool take_clock(std::string_view& text, bool& seconds) {
  int hour = take(text, 2);
  if (hour < 0 || hour > 23 || !take_char(text, ':')) return false;
  int minute = take(text, 2);
  if (minute < 0 || minute > 59) return false;
  seconds = take_char(text, ':');
  if (!seconds) return true;
  int second = take(text, 2);
  if (second < 0 || second > 59) return false;
  if (text.size() > 1 && text[0] == '.' && text[1] >= '0' && text[1] <= '9') {
    text.remove_prefix(1);
    while (!text.empty() && text[0] >= '0' && text[0] <= '9')
      text.remove_prefix(1);
  }
  return true;
}

bool take_offset(std::string_view& text) {
  if (take_char(text, 'Z')) return true;
  if (!take_char(text, '+') && !take_char(text, '-')) return false;
  int hours = take(text, 2);
  if (hours < 0 || hours > 24 || !take_char(text, ':')) return false;
  int minutes = take(text, 2);
  return minutes >= 0 && minutes <= 60;
}

// Trailing zeros of a fraction are cut, and a fraction of zeros with its point.
std::string with_short_fraction(std::string_view clock) {
  size_t point = clock.find('.');
  if (point == std::string_view::npos) return std::string(clock);
  std::string_view digits = clock.substr(point + 1, 9);
  digits = trim_right(digits, "0");
  return digits.empty() ? std::string(clock.substr(0, point))
                        : cat(clock.substr(0, point), ".", digits);
}

}  // namespace

std::string capitals(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c == 'z') c = 'Z';
    if (c == 't' || c == ' ') c = 'T';
  }
  return out;
}

std::optional<ReadTime> read_time(std::string_view written) {
  ReadTime out;
  out.time.text = capitals(written);
  std::string_view all = out.time.text;
  std::string_view rest = all;
  bool seconds = false;
  if (take_date(rest)) {
    std::string_view date = all.substr(0, 10);
    if (rest.empty()) {
      out.time.kind = Time::Kind::LocalDate;
      out.time.layout = "2006-01-02";
      out.json = cat(date, "T00:00:00Z");
      return out;
    }
    std::string_view clock = rest.substr(1);
    if (!take_char(rest, 'T') || !take_clock(rest, seconds)) return std::nullopt;
    clock = clock.substr(0, clock.size() - rest.size());
    std::string whole = seconds ? with_short_fraction(clock) : cat(clock, ":00");
    out.time.layout = seconds ? "2006-01-02T15:04:05.999999999" : "2006-01-02T15:04";
    if (rest.empty()) {
      out.time.kind = Time::Kind::LocalDateTime;
      out.json = cat(date, "T", whole, "Z");
      return out;
    }
    std::string_view offset = rest;
    if (!take_offset(rest) || !rest.empty()) return std::nullopt;
    out.time.layout += "Z07:00";
    bool utc = offset == "+00:00" || offset == "-00:00";
    out.json = cat(date, "T", whole, utc ? std::string_view("Z") : offset);
    return out;
  }
  rest = all;
  if (!take_clock(rest, seconds) || !rest.empty()) return std::nullopt;
  out.time.kind = Time::Kind::LocalTime;
  out.time.layout = seconds ? "15:04:05.999999999" : "15:04";
  out.json = cat("0000-01-01T", seconds ? with_short_fraction(all) : cat(all, ":00"), "Z");
  return out;
}

}  // namespace fleet::toml
