#include "text/go_time.h"

#include <chrono>
#include <cstdio>

#include "base/strings.h"
#include "base/time.h"

namespace fleet::text {
namespace {

constexpr std::string_view kLayout = "2006-01-02T15:04:05Z07:00";

bool is_digit(std::string_view text, size_t at) {
  return at < text.size() && text[at] >= '0' && text[at] <= '9';
}

// As Go's time package quotes: bytes above ASCII and control characters as \x.
std::string quote_bytes(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || byte < ' ') {
      out += "\\x";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

// Walks through the text, one layout element after another.
class Reader {
 public:
  explicit Reader(std::string_view text)
      : whole_(text),
        rest_(text) {}

  Error mismatch(std::string_view value, std::string_view layout) const {
    return Error(Code::Invalid,
                 cat("parsing time ",
                     quote_bytes(whole_),
                     " as ",
                     quote_bytes(kLayout),
                     ": cannot parse ",
                     quote_bytes(value),
                     " as ",
                     quote_bytes(layout)));
  }
  Error out_of_range(std::string_view what) const {
    return Error(Code::Invalid,
                 cat("parsing time ", quote_bytes(whole_), ": ", what, " out of range"));
  }

  Result<> literal(std::string_view text) {
    if (!rest_.starts_with(text)) return mismatch(rest_, text);
    rest_.remove_prefix(text.size());
    return {};
  }

  Result<int> year() {
    int out = 0;
    bool good = rest_.size() >= 4;
    for (size_t i = 0; i < 4 && good; ++i) {
      good = is_digit(rest_, i);
      if (good) out = out * 10 + (rest_[i] - '0');
    }
    if (!good) return mismatch(rest_, "2006");
    rest_.remove_prefix(4);
    return out;
  }

  struct Field {
    std::string_view layout;
    std::string_view name;
    int least;
    int most;
  };
  // Two digits; the hour may have one.
  Result<int> number(const Field& field) {
    bool one_digit = !is_digit(rest_, 1) && field.layout == "15";
    if (!is_digit(rest_, 0) || (!is_digit(rest_, 1) && !one_digit)) {
      return mismatch(rest_, field.layout);
    }
    int out = rest_[0] - '0';
    if (!one_digit) out = out * 10 + (rest_[1] - '0');
    rest_.remove_prefix(one_digit ? 1 : 2);
    if (out < field.least || out > field.most) return out_of_range(field.name);
    return out;
  }

  int fraction() {
    if (rest_.empty() || (rest_[0] != '.' && rest_[0] != ',') || !is_digit(rest_, 1)) return 0;
    rest_.remove_prefix(1);
    int nanos = 0;
    int scale = 100'000'000;
    while (is_digit(rest_, 0)) {
      nanos += (rest_[0] - '0') * scale;
      scale /= 10;
      rest_.remove_prefix(1);
    }
    return nanos;
  }

  Result<int> offset() {
    constexpr std::string_view kZone = "Z07:00";
    if (rest_.starts_with('Z')) {
      rest_.remove_prefix(1);
      return 0;
    }
    std::string_view zone = rest_;
    bool digits = is_digit(zone, 1) && is_digit(zone, 2) && is_digit(zone, 4) && is_digit(zone, 5);
    if (zone.size() < 6 || zone[3] != ':' || !digits) return mismatch(zone, kZone);
    int hours = (zone[1] - '0') * 10 + (zone[2] - '0');
    int minutes = (zone[4] - '0') * 10 + (zone[5] - '0');
    if (minutes > 60) return out_of_range("time zone offset minute");
    if (hours > 24) return out_of_range("time zone offset hour");
    if (zone[0] != '+' && zone[0] != '-') return mismatch(zone, kZone);
    rest_.remove_prefix(6);
    int out = (hours * 60 + minutes) * 60;
    return zone[0] == '-' ? -out : out;
  }

  Result<> end() const {
    if (rest_.empty()) return {};
    return Error(Code::Invalid,
                 cat("parsing time ", quote_bytes(whole_), ": extra text: ", quote_bytes(rest_)));
  }

 private:
  std::string_view whole_;
  std::string_view rest_;
};

std::string format_seconds(int64_t seconds) {
  using std::chrono::days;
  using std::chrono::sys_days;
  int64_t day = seconds >= 0 ? seconds / 86'400 : -((86'399 - seconds) / 86'400);
  int64_t of_day = seconds - day * 86'400;
  std::chrono::year_month_day date{sys_days{days{day}}};
  char buffer[64];
  int size = std::snprintf(buffer,
                           sizeof buffer,
                           "%04d-%02u-%02uT%02d:%02d:%02d",
                           static_cast<int>(date.year()),
                           static_cast<unsigned>(date.month()),
                           static_cast<unsigned>(date.day()),
                           static_cast<int>(of_day / 3600),
                           static_cast<int>(of_day / 60 % 60),
                           static_cast<int>(of_day % 60));
  return std::string(buffer, static_cast<size_t>(size));
}

}  // namespace

Result<GoTime> parse_go_time(std::string_view text) {
  Reader in(text);
  int year = TRY(in.year());
  TRY(in.literal("-"));
  int month = TRY(in.number({"01", "month", 1, 12}));
  TRY(in.literal("-"));
  int day = TRY(in.number({"02", "day", 0, 99}));
  TRY(in.literal("T"));
  int hour = TRY(in.number({"15", "hour", 0, 23}));
  TRY(in.literal(":"));
  int minute = TRY(in.number({"04", "minute", 0, 59}));
  TRY(in.literal(":"));
  int second = TRY(in.number({"05", "second", 0, 59}));
  GoTime out;
  out.nanosecond = in.fraction();
  out.offset_seconds = TRY(in.offset());
  TRY(in.end());
  if (day < 1 || day > days_in_month(year, month)) return in.out_of_range("day");
  std::chrono::year_month_day date{std::chrono::year(year),
                                   std::chrono::month(static_cast<unsigned>(month)),
                                   std::chrono::day(static_cast<unsigned>(day))};
  int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  out.unix_seconds = days * 86'400 + hour * 3600 + minute * 60 + second - out.offset_seconds;
  return out;
}

std::string format_go_time(const GoTime& time) {
  std::string out = format_seconds(time.unix_seconds + time.offset_seconds);
  if (time.nanosecond != 0) {
    std::string digits = std::to_string(1'000'000'000 + time.nanosecond).substr(1);
    out += cat(".", trim_right(digits, "0"));
  }
  if (time.offset_seconds == 0) return out + "Z";
  int minutes = std::abs(time.offset_seconds) / 60;
  char buffer[16];
  int size = std::snprintf(buffer,
                           sizeof buffer,
                           "%c%02d:%02d",
                           time.offset_seconds < 0 ? '-' : '+',
                           minutes / 60,
                           minutes % 60);
  return out.append(buffer, static_cast<size_t>(size));
}

std::string format_go_time_utc(const GoTime& time) {
  return format_seconds(time.unix_seconds) + "Z";
}

}  // namespace fleet::text
