#include <array>
#include <cstdio>

#include "base/calendar.h"
#include "base/strings.h"
#include "base/time.h"
#include "gotemplate/time.h"

namespace fleet::gotemplate {

const std::string_view kMonthNames[12] = {"January",
                                          "February",
                                          "March",
                                          "April",
                                          "May",
                                          "June",
                                          "July",
                                          "August",
                                          "September",
                                          "October",
                                          "November",
                                          "December"};
const std::string_view kWeekdayNames[7] = {
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

namespace {

struct Word {
  std::string_view text;
  Element element;
  bool no_lower_behind = false;  // "Jan" in "Janet" is plain text
};

// Longer words before their beginnings.
constexpr std::array kWords = {
    Word{"January", Element::LongMonth},
    Word{"Jan", Element::Month, true},
    Word{"Monday", Element::LongWeekday},
    Word{"Mon", Element::Weekday, true},
    Word{"MST", Element::ZoneName},
    Word{"01", Element::ZeroMonth},
    Word{"02", Element::ZeroDay},
    Word{"03", Element::ZeroHour12},
    Word{"04", Element::ZeroMinute},
    Word{"05", Element::ZeroSecond},
    Word{"06", Element::Year},
    Word{"002", Element::ZeroYearDay},
    Word{"15", Element::Hour},
    Word{"1", Element::NumMonth},
    Word{"2006", Element::LongYear},
    Word{"2", Element::Day},
    Word{"_2", Element::UnderDay},
    Word{"__2", Element::UnderYearDay},
    Word{"3", Element::Hour12},
    Word{"4", Element::Minute},
    Word{"5", Element::Second},
    Word{"PM", Element::UpperPm},
    Word{"pm", Element::LowerPm},
    Word{"-070000", Element::NumSeconds},
    Word{"-07:00:00", Element::NumColonSeconds},
    Word{"-0700", Element::NumZone},
    Word{"-07:00", Element::NumColon},
    Word{"-07", Element::NumShort},
    Word{"Z070000", Element::IsoSeconds},
    Word{"Z07:00:00", Element::IsoColonSeconds},
    Word{"Z0700", Element::IsoZone},
    Word{"Z07:00", Element::IsoColon},
    Word{"Z07", Element::IsoShort},
};

bool is_digit_at(std::string_view text, size_t at) {
  return at < text.size() && text[at] >= '0' && text[at] <= '9';
}

// ".000" or ",999": a run of one digit that no other digit follows.
size_t fraction_size(std::string_view rest) {
  if (rest.size() < 2 || (rest[0] != '.' && rest[0] != ',')) return 0;
  if (rest[1] != '0' && rest[1] != '9') return 0;
  size_t end = rest.find_first_not_of(rest[1], 1);
  if (end == std::string_view::npos) end = rest.size();
  return is_digit_at(rest, end) ? 0 : end;
}

}  // namespace

LayoutPiece next_piece(std::string_view layout) {
  auto piece = [&](size_t at, size_t size, Element element) {
    return LayoutPiece{
        layout.substr(0, at), element, layout.substr(at, size), layout.substr(at + size)};
  };
  for (size_t i = 0; i < layout.size(); ++i) {
    std::string_view rest = layout.substr(i);
    if (size_t size = fraction_size(rest)) {
      return piece(i, size, rest[1] == '9' ? Element::Fraction9 : Element::Fraction0);
    }
    if (rest.starts_with("_2006")) return piece(i + 1, 4, Element::LongYear);
    for (const Word& word : kWords) {
      if (!rest.starts_with(word.text)) continue;
      size_t end = word.text.size();
      bool lower = end < rest.size() && rest[end] >= 'a' && rest[end] <= 'z';
      if (!word.no_lower_behind || !lower) return piece(i, end, word.element);
    }
  }
  return {layout, Element::End, {}, {}};
}

namespace {

constexpr int64_t kDaySeconds = 86'400;

int64_t floor_divide(int64_t a, int64_t b) {
  int64_t quotient = a / b;
  return a % b < 0 ? quotient - 1 : quotient;
}

void append_padded(std::string& out, int64_t number, int width, char fill = '0') {
  if (number < 0) {
    out += '-';
    number = -number;
  }
  std::string digits = std::to_string(number);
  for (int pad = width - static_cast<int>(digits.size()); pad > 0; --pad)
    out += fill;
  out += digits;
}

void append_fraction(std::string& out, int nanoseconds, std::string_view written) {
  size_t digits = written.size() - 1;
  std::string nine;
  append_padded(nine, nanoseconds, 9);
  nine.resize(std::min<size_t>(digits, 9), '0');
  if (written[1] == '9') {
    while (!nine.empty() && nine.back() == '0')
      nine.pop_back();
    if (nine.empty()) return;
  } else {
    nine.resize(digits, '0');
  }
  out += written[0];
  out += nine;
}

void append_zone(std::string& out, int offset, Element element) {
  bool iso = element >= Element::IsoZone && element <= Element::IsoColonSeconds;
  if (iso && offset == 0) {
    out += 'Z';
    return;
  }
  int minutes = offset / 60;
  out += minutes < 0 || offset < 0 ? '-' : '+';
  minutes = std::abs(minutes);
  append_padded(out, minutes / 60, 2);
  bool colon = element == Element::IsoColon || element == Element::NumColon ||
               element == Element::IsoColonSeconds || element == Element::NumColonSeconds;
  bool seconds = element == Element::IsoSeconds || element == Element::NumSeconds ||
                 element == Element::IsoColonSeconds || element == Element::NumColonSeconds;
  if (element == Element::IsoShort || element == Element::NumShort) return;
  if (colon) out += ':';
  append_padded(out, minutes % 60, 2);
  if (!seconds) return;
  if (colon) out += ':';
  append_padded(out, std::abs(offset) % 60, 2);
}

void append_zone_name(std::string& out, const TimeNode& time) {
  if (!time.zone.empty()) {
    out += time.zone;
    return;
  }
  int minutes = time.offset / 60;
  out += minutes < 0 ? '-' : '+';
  append_padded(out, std::abs(minutes) / 60, 2);
  append_padded(out, std::abs(minutes) % 60, 2);
}

// The date's elements; false for others.
bool append_date(std::string& out, const Clock& clock, Element element) {
  switch (element) {
    case Element::LongMonth:
      out += kMonthNames[clock.month - 1];
      break;
    case Element::Month:
      out += kMonthNames[clock.month - 1].substr(0, 3);
      break;
    case Element::NumMonth:
      append_padded(out, clock.month, 0);
      break;
    case Element::ZeroMonth:
      append_padded(out, clock.month, 2);
      break;
    case Element::LongWeekday:
      out += kWeekdayNames[clock.weekday];
      break;
    case Element::Weekday:
      out += kWeekdayNames[clock.weekday].substr(0, 3);
      break;
    case Element::Day:
      append_padded(out, clock.day, 0);
      break;
    case Element::UnderDay:
      append_padded(out, clock.day, 2, ' ');
      break;
    case Element::ZeroDay:
      append_padded(out, clock.day, 2);
      break;
    case Element::UnderYearDay:
      append_padded(out, clock.year_day, 3, ' ');
      break;
    case Element::ZeroYearDay:
      append_padded(out, clock.year_day, 3);
      break;
    case Element::LongYear:
      append_padded(out, clock.year, 4);
      break;
    case Element::Year:
      append_padded(out, std::abs(clock.year) % 100, 2);
      break;
    default:
      return false;
  }
  return true;
}

void append_element(std::string& out,
                    const TimeNode& time,
                    const Clock& clock,
                    const LayoutPiece& piece) {
  if (append_date(out, clock, piece.element)) return;
  int hour12 = clock.hour % 12 == 0 ? 12 : clock.hour % 12;
  switch (piece.element) {
    case Element::Hour:
      append_padded(out, clock.hour, 2);
      break;
    case Element::Hour12:
      append_padded(out, hour12, 0);
      break;
    case Element::ZeroHour12:
      append_padded(out, hour12, 2);
      break;
    case Element::Minute:
      append_padded(out, clock.minute, 0);
      break;
    case Element::ZeroMinute:
      append_padded(out, clock.minute, 2);
      break;
    case Element::Second:
      append_padded(out, clock.second, 0);
      break;
    case Element::ZeroSecond:
      append_padded(out, clock.second, 2);
      break;
    case Element::UpperPm:
      out += clock.hour >= 12 ? "PM" : "AM";
      break;
    case Element::LowerPm:
      out += clock.hour >= 12 ? "pm" : "am";
      break;
    case Element::ZoneName:
      append_zone_name(out, time);
      break;
    case Element::Fraction0:
    case Element::Fraction9:
      append_fraction(out, time.nanoseconds, piece.written);
      break;
    case Element::End:
      break;
    default:
      append_zone(out, time.offset, piece.element);
  }
}

}  // namespace

int days_in(int month, int64_t year) {
  return month_length(year, month);
}

int64_t seconds_of(int64_t year, int64_t month, int64_t day, int64_t seconds) {
  return days_from_date(year, month, day) * kDaySeconds + seconds;
}

Clock clock_of(const TimeNode& time) {
  int64_t local = time.seconds + time.offset;
  int64_t days = floor_divide(local, kDaySeconds);
  auto second = static_cast<int>(local - days * kDaySeconds);
  const Date date = date_from_days(days);
  Clock clock;
  clock.day = date.day;
  clock.month = date.month;
  clock.year = static_cast<int>(date.year);
  clock.hour = second / 3'600;
  clock.minute = second / 60 % 60;
  clock.second = second % 60;
  clock.weekday = weekday_from_days(days);
  clock.year_day = static_cast<int>(days - days_from_date(date.year, 1, 1) + 1);
  return clock;
}

std::string format_time(const TimeNode& time, std::string_view layout) {
  std::string out;
  Clock clock = clock_of(time);
  while (!layout.empty()) {
    LayoutPiece piece = next_piece(layout);
    out += piece.text;
    append_element(out, time, clock, piece);
    layout = piece.rest;
  }
  return out;
}

}  // namespace fleet::gotemplate
