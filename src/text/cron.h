// Cron expressions, as Schedules give them: when a clock next shows what they say.
//
//   second minute hour day-of-month month day-of-week [year]
//
// `*` and `?` leave a place free; lists `1,5`, ranges `1-5`, steps `0/15`, `*/15`, `8-18/2`; months
// JAN to DEC, days of the week SUN to SAT or 1 (Sunday) to 7. One of the two day places must be
// free. Day of month: `L` the last, `L-2` two before it, `15W` the working day next to the 15th,
// `LW` the last working day. Day of week: `L` Saturday, `6L` the month's last Friday, `6#3` its
// third Friday. Names for common ones: @yearly @monthly @weekly @daily @hourly.
//
// As go-quartz 0.15, which Fleet 0.16 uses, also where that surprises:
// - Days that do not exist are the days after them: `0 0 0 30 2 ?` is 1 or 2 March.
// - In a list, numbers out of range are taken and roll over in the same way: `0,70` minutes.
// - An hour that is free runs on past 23, which is the next day's first hour: with a restricted
// day,
//   `0 30 * 15 * ?` also comes on the 16th at 00:30.
// - `LW` and `15W` do not come on a day on which the search begins.
// - A restricted year that is past, or a clock put back, ends the search: expired.
//
// Units: whole seconds since 1970, UTC. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "text/zone.h"

namespace fleet::text {

// Numbers in lists reach at most this far; the original takes any.
inline constexpr int64_t kMaxCronNumber = 1'000'000;

class Cron {
 public:
  // Errors: Invalid, in the original's words: "parse cron expression: invalid step field 0/0".
  static Result<Cron> parse(std::string_view expression);

  // The first time after `after`, on the clock of `zone`; nothing when there is none ("trigger has
  // expired").
  std::optional<int64_t> next(int64_t after, const Zone& zone) const;

  // Which days of a month a day place with a letter means.
  enum class Pick : uint8_t { Listed, FromLast, Workday, LastWorkday, Nth, LastOfKind };

 private:
  friend class CronReader;
  friend class CronSearch;

  using Numbers = std::vector<int64_t>;  // sorted; empty when the place is free
  struct Days {
    Numbers numbers;
    Pick pick = Pick::Listed;
    int64_t count = 0;  // of FromLast: days before the last; of Nth: which
  };

  Numbers seconds_, minutes_, hours_, months_, years_;
  Days days_;
  Days weekdays_;  // 0 is Sunday
};

}  // namespace fleet::text
