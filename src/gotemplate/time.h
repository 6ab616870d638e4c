// Go's time.Time and time.Duration in templates: layouts, methods, texts.
//
// Zones: UTC, fixed offsets from parsed texts, and the zones that `zone_at` knows by name.
// For the .cc files of this room.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "gotemplate/value.h"

namespace fleet::gotemplate {

std::span<const Function> time_methods();
std::span<const Function> duration_methods();
std::string time_text(const Value& value);  // as Time.String
Result<data::Value> time_json(const Value& value);
std::string duration_text(const Value& value);
std::string month_text(const Value& value);
std::string weekday_text(const Value& value);

// As Time.Format and time.Parse with Go's reference layouts.
std::string format_time(const TimeNode& time, std::string_view layout);
Result<TimeNode> parse_time(Heap& heap, std::string_view layout, std::string_view text);

// The same moment at the offset that a TZif file gives for it, as Time.In. Nothing when the file
// cannot be read. The zone's abbreviation lies in the heap.
std::optional<TimeNode> in_zone(Heap& heap, const TimeNode& time, std::string_view zone_file);

// A point on the clock as Go's time package splits it.
struct Clock {
  int year = 0;
  int month = 1;
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int weekday = 0;  // 0 is Sunday
  int year_day = 1;
};
Clock clock_of(const TimeNode& time);  // in its own zone; any year
int64_t seconds_of(int64_t year, int64_t month, int64_t day, int64_t seconds);  // normalises, UTC
int days_in(int month, int64_t year);
extern const std::string_view kMonthNames[12];
extern const std::string_view kWeekdayNames[7];

// A piece of a layout: plain text, then one reference element.
enum class Element : uint8_t {
  End,
  LongMonth,
  Month,
  NumMonth,
  ZeroMonth,
  LongWeekday,
  Weekday,
  Day,
  UnderDay,
  ZeroDay,
  UnderYearDay,
  ZeroYearDay,
  Hour,
  Hour12,
  ZeroHour12,
  Minute,
  ZeroMinute,
  Second,
  ZeroSecond,
  LongYear,
  Year,
  UpperPm,
  LowerPm,
  ZoneName,
  IsoZone,
  IsoSeconds,
  IsoShort,
  IsoColon,
  IsoColonSeconds,
  NumZone,
  NumSeconds,
  NumShort,
  NumColon,
  NumColonSeconds,
  Fraction0,
  Fraction9,
};
struct LayoutPiece {
  std::string_view text;  // before the element
  Element element = Element::End;
  std::string_view written;  // the element as written: digits of fractions, the comma
  std::string_view rest;
};
LayoutPiece next_piece(std::string_view layout);

}  // namespace fleet::gotemplate
