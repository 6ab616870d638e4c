// Time zones: what a clock on the wall shows at a moment, and the moment at which it shows that.
//
// A zone is read from a TZif file (RFC 8536), as /usr/share/zoneinfo holds them; finding the file
// is left to those who may read files. After the last change that the file lists, its rule for the
// years to come is followed ("CET-1CEST,M3.5.0,M10.5.0/3").
//
// Units: seconds since 1970, UTC. Errors: none; what is not a zone file gives nothing.
// Limits: counts in the file are checked against its size. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fleet::text {

class Zone {
 public:
  struct Local {
    int32_t offset = 0;     // seconds east of UTC
    std::string_view name;  // "CEST"; lives as long as the zone
  };

  // UTC.
  Zone();
  static std::optional<Zone> read(std::string_view tzif);

  // False for every zone that was read, even if it is UTC's.
  bool is_utc() const { return is_utc_; }
  Local at(int64_t seconds) const;
  // The moment at which the wall clock shows what UTC's shows at `local`. A time that clocks skip
  // or show twice is read with the offset that holds near it, as Go's time.Date reads it.
  int64_t moment(int64_t local) const;

 private:
  struct Period {
    int32_t offset = 0;
    bool is_summer = false;
    std::string name;
  };
  struct Change {
    int64_t at = 0;
    uint8_t period = 0;
  };
  // A day of the year at which clocks change, and the second of that day on the clock before.
  struct Turn {
    enum class Day : uint8_t { Weekday, Julian, Zero };  // M3.5.0, J60, 59
    Day kind = Day::Weekday;
    int month = 0;
    int week = 0;
    int day = 0;
    int32_t second = 7200;

    int64_t in_year(int64_t year) const;
  };
  struct Rule {
    Period winter;
    std::optional<Period> summer;
    Turn begin;
    Turn end;

    const Period& at(int64_t seconds) const;
  };
  friend class RuleReader;
  friend class ZoneReader;

  const Period& period_at(int64_t seconds) const;

  std::vector<Period> periods_;
  std::vector<Change> changes_;  // in order of time
  std::optional<Rule> rule_;     // after the last change
  bool is_utc_ = false;
};

}  // namespace fleet::text
