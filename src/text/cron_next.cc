// The search for the next time: a clock of six places, of which each is turned to a number that the
// expression allows. A place that runs over turns the one above it.
#include <algorithm>
#include <array>

#include "base/calendar.h"
#include "text/cron.h"

namespace fleet::text {
namespace {

constexpr int64_t kDay = 86400;
// Days that exist in some months only are looked for at most this far: the calendar repeats itself
// after 400 years.
constexpr int kMostMonths = 400 * 12;

bool is_workday(int64_t weekday) {
  return weekday >= 1 && weekday <= 5;
}

}  // namespace

class CronSearch {
 public:
  CronSearch(const Cron& cron, int64_t local)
      : cron_(cron) {
    const int64_t days = local / kDay - (local % kDay < 0 ? 1 : 0);
    const int64_t second = local - days * kDay;
    const Date date = date_from_days(days);
    at_ = {second % 60, second / 60 % 60, second / 3600, date.day, date.month, date.year};
    numbers_ = {&cron.seconds_,
                &cron.minutes_,
                &cron.hours_,
                &cron.days_.numbers,
                &cron.months_,
                &cron.years_};
  }

  // Turns the clock on to the next allowed time; false if none can be found.
  bool advance() {
    for (int place = kYear; place >= kSecond; --place) {
      if (fits(place)) continue;
      settle(place);
      return !is_lost_;
    }
    tick();
    return !is_lost_;
  }

  // What the clock shows, as if it were UTC's.
  int64_t shown() const {
    return today() * kDay + at_[kHour] * 3600 + at_[kMinute] * 60 + at_[kSecond];
  }

 private:
  enum Place { kSecond, kMinute, kHour, kDayPlace, kMonth, kYear, kPlaces };
  static constexpr int64_t kLeast[kPlaces] = {0, 0, 0, 1, 1, 0};
  static constexpr int64_t kMost[kPlaces] = {59, 59, 59, 31, 12, 999'999};

  using Pick = Cron::Pick;

  bool by_weekday() const { return !cron_.weekdays_.numbers.empty(); }
  const Cron::Days& day_rule() const { return by_weekday() ? cron_.weekdays_ : cron_.days_; }
  // What is listed for a place; nothing for days that are looked up by their weekday.
  const Cron::Numbers& listed(int place) const {
    static const Cron::Numbers kNone;
    return place == kDayPlace && by_weekday() ? kNone : *numbers_[static_cast<size_t>(place)];
  }

  int64_t& at(int place) { return at_[static_cast<size_t>(place)]; }
  int64_t at(int place) const { return at_[static_cast<size_t>(place)]; }
  int64_t length() const { return fleet::month_length(at_[kYear], at_[kMonth]); }
  int64_t today() const { return days_from_date(at_[kYear], at_[kMonth], at_[kDayPlace]); }
  int64_t weekday() const { return weekday_from_days(today()); }
  static int64_t day_of(int64_t days) { return date_from_days(days).day; }

  bool is_listed(int place) const {
    const Cron::Numbers& numbers = listed(place);
    const int64_t number = at(place);
    if (number < kLeast[place] || number > kMost[place]) return false;
    return numbers.empty() || std::ranges::binary_search(numbers, number);
  }

  bool fits(int place) const {
    if (!is_listed(place)) return false;
    return place != kDayPlace || day_fits();
  }

  bool day_fits() const {
    const int64_t day = at_[kDayPlace];
    if (!is_listed(kDayPlace) || day > length()) return false;
    const Cron::Days& rule = day_rule();
    switch (rule.pick) {
      case Pick::Listed:
        return !by_weekday() || std::ranges::binary_search(rule.numbers, weekday());
      case Pick::FromLast:
        return day == length() - rule.count;
      case Pick::Workday:
        return is_workday(weekday());
      case Pick::LastWorkday:
        return false;
      case Pick::Nth:
      case Pick::LastOfKind:
        return day == day_of_kind();
    }
    return false;
  }

  // Turns a place to its next number; true if it ran over and began anew.
  bool turn(int place) {
    if (place == kDayPlace && (by_weekday() || day_rule().pick != Pick::Listed)) return turn_day();
    const Cron::Numbers& numbers = listed(place);
    int64_t& number = at(place);
    if (numbers.empty()) {
      const bool over = ++number > kMost[place];
      if (over) number = kLeast[place];
      return over;
    }
    auto next = std::ranges::upper_bound(numbers, number);
    const bool over = next == numbers.end();
    number = over ? numbers.front() : *next;
    return over;
  }

  void set_least(int place) {
    if (place == kDayPlace) {
      at(place) = kLeast[place];
      if (!day_fits()) turn(place);
    } else {
      at(place) = kMost[place];
      turn(place);
    }
  }

  void set_least_below(int place) {
    while (--place >= kSecond)
      set_least(place);
  }

  // `place` shows what is not allowed: on to what is, and the places below begin anew.
  void settle(int place) {
    bool over = turn(place);
    set_least_below(place);
    while (over && ++place <= kYear) {
      over = turn(place);
      if (!over) set_least_below(place);
    }
  }

  // All places are allowed: on by the smallest step.
  void tick() {
    for (int place = kSecond; place <= kHour; ++place) {
      if (!turn(place)) return;
    }
    for (int tries = 0; tries < kMostMonths; ++tries) {
      if (turn(kDayPlace)) {
        const bool over = turn(kMonth) && turn(kYear);
        if (!over && !day_fits()) set_least(kDayPlace);
      }
      if (at_[kDayPlace] <= length()) return;
    }
    is_lost_ = true;
  }

  // Days that are not listed by number. Months that have no such day are passed over here, so
  // those by number of the month never run over.
  bool turn_day() {
    const Cron::Days& rule = day_rule();
    int64_t& day = at_[kDayPlace];
    if (rule.pick == Pick::Listed) {
      const int64_t now = weekday();
      auto next = std::ranges::upper_bound(rule.numbers, now);
      const int64_t on = next != rule.numbers.end() ? *next - now : 7 + rule.numbers.front() - now;
      const bool over = day + on > length();
      day = day_of(today() + on);
      return over;
    }
    for (int tries = 0; tries < kMostMonths; ++tries) {
      const int64_t found = day_of_kind();
      if (found > day) {
        day = found;
        return false;
      }
      // As the original: the day stays when the month has none such, so that an earlier one in a
      // month behind it is missed.
      if (found != 0) day = 0;
      if (turn(kMonth)) turn(kYear);
    }
    is_lost_ = true;
    return true;
  }

  // The day that the rule means in the month shown; 0 if there is none.
  int64_t day_of_kind() const {
    const Cron::Days& rule = day_rule();
    const int64_t length_now = length();
    const int64_t first = days_from_date(at_[kYear], at_[kMonth], 1);
    switch (rule.pick) {
      case Pick::Listed:
        return 0;
      case Pick::FromLast:
        // Before the first this is a day of the month before.
        return day_of(first + length_now - 1 - rule.count);
      case Pick::Workday:
        return nearest_workday(std::min(rule.numbers.front(), length_now));
      case Pick::LastWorkday:
        return nearest_workday(length_now);
      case Pick::Nth:
      case Pick::LastOfKind:
        break;
    }
    const int64_t first_of_kind = 1 + (rule.numbers.front() - weekday_from_days(first) + 7) % 7;
    const int64_t most = (length_now - first_of_kind) / 7;
    if (rule.pick == Pick::LastOfKind) return first_of_kind + most * 7;
    return rule.count - 1 > most ? 0 : first_of_kind + (rule.count - 1) * 7;
  }

  // Within the month; a Saturday's is the Friday, a Sunday's the Monday.
  int64_t nearest_workday(int64_t day) const {
    const int64_t weekday = weekday_from_days(days_from_date(at_[kYear], at_[kMonth], day));
    if (is_workday(weekday)) return day;
    if (weekday == 6) return day > 1 ? day - 1 : day + 2;
    return day < length() ? day + 1 : day - 2;
  }

  const Cron& cron_;
  std::array<int64_t, kPlaces> at_{};
  std::array<const Cron::Numbers*, kPlaces> numbers_{};
  bool is_lost_ = false;
};

std::optional<int64_t> Cron::next(int64_t after, const Zone& zone) const {
  CronSearch search(*this, after + zone.at(after).offset);
  // A clock that was put back may show a time before `after`: once more then.
  for (int tries = zone.is_utc() ? 1 : 2; tries > 0; --tries) {
    if (!search.advance()) return std::nullopt;
    const int64_t found = zone.moment(search.shown());
    if (found > after) return found;
  }
  return std::nullopt;
}

}  // namespace fleet::text
