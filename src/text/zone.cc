#include "text/zone.h"

#include <algorithm>

#include "base/calendar.h"
#include "base/strings.h"

namespace fleet::text {

namespace {

constexpr int32_t kHour = 3600;
constexpr int64_t kDay = 86400;

int64_t year_start(int64_t year) {
  return days_from_date(year, 1, 1) * kDay;
}

int64_t year_of(int64_t seconds) {
  const int64_t days = seconds / kDay - (seconds % kDay < 0 ? 1 : 0);
  return date_from_days(days).year;
}

}  // namespace

// Reads "CET-1CEST,M3.5.0,M10.5.0/3": names, hours west of UTC, and when summer begins and ends.
class RuleReader {
 public:
  explicit RuleReader(std::string_view text)
      : rest_(text) {}

  std::optional<Zone::Rule> read() {
    Zone::Rule rule;
    if (!name(rule.winter.name) || !clock(rule.winter.offset)) return std::nullopt;
    rule.winter.offset = -rule.winter.offset;
    if (rest_.empty()) return rule;
    Zone::Period summer{rule.winter.offset + kHour, true, {}};
    if (!name(summer.name)) return std::nullopt;
    if (!rest_.empty() && rest_.front() != ',') {
      if (!clock(summer.offset)) return std::nullopt;
      summer.offset = -summer.offset;
    }
    rule.summer = std::move(summer);
    if (!turn(rule.begin) || !turn(rule.end) || !rest_.empty()) return std::nullopt;
    return rule;
  }

 private:
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool name(std::string& out) {
    const bool quoted = take('<');
    auto belongs = [quoted](char c) {
      return quoted ? c != '>' : (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    size_t size = 0;
    while (size < rest_.size() && belongs(rest_[size]))
      ++size;
    out = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return size > 0 && (!quoted || take('>'));
  }

  bool number(int most, int& out) {
    size_t size = 0;
    while (size < rest_.size() && size < 4 && rest_[size] >= '0' && rest_[size] <= '9')
      ++size;
    auto value = parse_int(rest_.substr(0, size));
    if (!value || *value > most) return false;
    rest_.remove_prefix(size);
    out = static_cast<int>(*value);
    return true;
  }

  // [+-]h[:m[:s]]
  bool clock(int32_t& out) {
    const bool negative = take('-');
    if (!negative) take('+');
    int hours = 0;
    int minutes = 0;
    int seconds = 0;
    if (!number(167, hours)) return false;
    if (take(':') && !number(59, minutes)) return false;
    if (take(':') && !number(59, seconds)) return false;
    out = hours * kHour + minutes * 60 + seconds;
    if (negative) out = -out;
    return true;
  }

  bool turn(Zone::Turn& out) {
    using Day = Zone::Turn::Day;
    if (!take(',')) return false;
    if (take('M')) {
      out.kind = Day::Weekday;
      if (!number(12, out.month) || !take('.') || !number(5, out.week) || !take('.') ||
          !number(6, out.day) || out.month == 0 || out.week == 0) {
        return false;
      }
    } else {
      out.kind = take('J') ? Day::Julian : Day::Zero;
      if (!number(365, out.day)) return false;
    }
    return !take('/') || clock(out.second);
  }

  std::string_view rest_;
};

// Reads a TZif file. From version 2 on it repeats its data with 64-bit times, and the rule follows.
class ZoneReader {
 public:
  explicit ZoneReader(std::string_view bytes)
      : bytes_(bytes) {}

  std::optional<Zone> read() {
    if (!header(0)) return std::nullopt;
    if (bytes_[4] >= '2') {
      const size_t first = kHeader + times_ * 5 + types_ * 6 + names_ + leaps_ * 8 + others_;
      if (!header(first)) return std::nullopt;
      width_ = 8;
    }
    const size_t type_start = start_ + times_ * (width_ + 1);
    const size_t name_start = type_start + types_ * 6;
    if (types_ == 0 || name_start + names_ > bytes_.size()) return std::nullopt;
    Zone zone;
    zone.is_utc_ = false;
    zone.periods_.clear();
    const std::string_view names = bytes_.substr(name_start, names_);
    for (size_t i = 0; i < types_; ++i) {
      const size_t at = type_start + i * 6;
      const size_t name_at = byte(at + 5);
      if (name_at >= names.size()) return std::nullopt;
      const std::string_view name = names.substr(name_at);
      zone.periods_.push_back({static_cast<int32_t>(number(at, 4)),
                               byte(at + 4) != 0,
                               std::string(name.substr(0, name.find('\0')))});
    }
    for (size_t i = 0; i < times_; ++i) {
      const uint8_t period = byte(start_ + times_ * width_ + i);
      if (period >= types_) return std::nullopt;
      zone.changes_.push_back({number(start_ + i * width_, width_), period});
    }
    const size_t end = name_start + names_ + leaps_ * (width_ + 4) + others_;
    if (width_ == 8 && end < bytes_.size() && bytes_[end] == '\n') {
      const std::string_view rule = bytes_.substr(end + 1);
      zone.rule_ = RuleReader(rule.substr(0, rule.find('\n'))).read();
    }
    return zone;
  }

 private:
  static constexpr size_t kHeader = 44;

  bool header(size_t at) {
    if (at + kHeader > bytes_.size() || bytes_.substr(at, 4) != "TZif") return false;
    size_t counts[6];
    for (size_t i = 0; i < 6; ++i) {
      counts[i] = static_cast<size_t>(number(at + 20 + i * 4, 4));
      if (counts[i] > bytes_.size()) return false;
    }
    others_ = counts[0] + counts[1];
    leaps_ = counts[2];
    times_ = counts[3];
    types_ = counts[4];
    names_ = counts[5];
    start_ = at + kHeader;
    return true;
  }

  uint8_t byte(size_t at) const { return static_cast<uint8_t>(bytes_[at]); }

  int64_t number(size_t at, size_t width) const {
    uint64_t value = 0;
    for (size_t i = 0; i < width; ++i)
      value = value << 8 | byte(at + i);
    return width == 4 ? static_cast<int32_t>(value) : static_cast<int64_t>(value);
  }

  std::string_view bytes_;
  size_t width_ = 4;
  size_t start_ = 0;
  size_t others_ = 0;
  size_t leaps_ = 0;
  size_t times_ = 0;
  size_t types_ = 0;
  size_t names_ = 0;
};

Zone::Zone()
    : periods_{{0, false, "UTC"}},
      is_utc_(true) {}

std::optional<Zone> Zone::read(std::string_view tzif) {
  return ZoneReader(tzif).read();
}

// Seconds from the start of the year to the turn, on the clock that is then in force.
int64_t Zone::Turn::in_year(int64_t year) const {
  if (kind == Day::Zero) return day * kDay + second;
  if (kind == Day::Julian) {  // 29 February is never counted
    const bool is_behind = day >= 60 && month_length(year, 2) == 29;
    return (is_behind ? day : day - 1) * kDay + second;
  }
  const int64_t first = days_from_date(year, month, 1);
  int at = (day - weekday_from_days(first) + 7) % 7 + (week - 1) * 7;
  if (at >= month_length(year, month)) at -= 7;  // week 5 is the last
  return (first - days_from_date(year, 1, 1) + at) * kDay + second;
}

const Zone::Period& Zone::Rule::at(int64_t seconds) const {
  if (!summer) return winter;
  // Which year it is differs by the offset only in the night when no zone changes.
  const int64_t year = year_of(seconds + winter.offset);
  const int64_t start = year_start(year);
  const int64_t from = start + begin.in_year(year) - winter.offset;
  const int64_t to = start + end.in_year(year) - summer->offset;
  const bool is_summer =
      from < to ? seconds >= from && seconds < to : seconds >= from || seconds < to;
  return is_summer ? *summer : winter;
}

const Zone::Period& Zone::period_at(int64_t seconds) const {
  auto next = std::ranges::upper_bound(changes_, seconds, {}, &Change::at);
  if (next == changes_.end() && rule_) return rule_->at(seconds);
  if (next != changes_.begin()) return periods_[std::prev(next)->period];
  // Before the first change: the first period that is not daylight saving time.
  auto winter = std::ranges::find(periods_, false, &Period::is_summer);
  return winter != periods_.end() ? *winter : periods_.front();
}

Zone::Local Zone::at(int64_t seconds) const {
  const Period& period = period_at(seconds);
  return {period.offset, period.name};
}

int64_t Zone::moment(int64_t local) const {
  const int32_t guess = at(local).offset;
  return guess == 0 ? local : local - at(local - guess).offset;
}

}  // namespace fleet::text
