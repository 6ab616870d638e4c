#include <chrono>

#include "base/strings.h"
#include "gotemplate/sprig.h"
#include "gotemplate/time.h"
#include "text/duration.h"

namespace fleet::gotemplate {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

TimeNode time_at(int64_t seconds) {
  TimeNode time;
  time.seconds = seconds;
  return time;
}

TimeNode now_of(Execution& run) {
  int64_t nanoseconds = run.host().now().time_since_epoch().count();
  TimeNode time;
  time.seconds = nanoseconds / kSecond;
  time.nanoseconds = static_cast<int32_t>(nanoseconds % kSecond);
  if (time.nanoseconds < 0) {
    time.nanoseconds += static_cast<int32_t>(kSecond);
    --time.seconds;
  }
  return time;
}

Value made(Execution& run, const TimeNode& time) {
  auto* node = run.heap().create<TimeNode>();
  *node = time;
  return Value::time(node);
}

// A time, or seconds since 1970 of type int, int32 or int64; anything else is now.
TimeNode moment(Execution& run, const Value& value) {
  if (value.kind() == Kind::Time) return *value.as_time();
  if (value.is_int() && value.type_index() == 0) return time_at(value.as_int());
  return now_of(run);
}

std::string shown_in(Execution& run,
                     std::string_view layout,
                     TimeNode time,
                     std::string_view zone) {
  TimeNode shown = time;
  shown.offset = 0;
  shown.zone = "UTC";
  if (!zone.empty() && zone != "UTC" && zone != "Local") {
    std::string file = run.host().zone_file(zone);
    if (auto local = in_zone(run.heap(), time, file)) shown = *local;
  }
  return format_time(shown, layout);
}

Result<Value> date(Execution& run, Args a) {
  return kept(run, shown_in(run, text_of(a[0]), moment(run, a[1]), "UTC"));
}
Result<Value> date_in_zone(Execution& run, Args a) {
  return kept(run, shown_in(run, text_of(a[0]), moment(run, a[1]), text_of(a[2])));
}
Result<Value> html_date(Execution& run, Args a) {
  return kept(run, shown_in(run, "2006-01-02", moment(run, a[0]), "UTC"));
}
Result<Value> html_date_in_zone(Execution& run, Args a) {
  return kept(run, shown_in(run, "2006-01-02", moment(run, a[0]), text_of(a[1])));
}

Value shifted(Execution& run, const Value& value, int64_t duration) {
  TimeNode time = *value.as_time();
  int64_t nanoseconds = time.nanoseconds + duration % kSecond;
  time.seconds += duration / kSecond;
  if (nanoseconds < 0 || nanoseconds >= kSecond) {
    time.seconds += nanoseconds < 0 ? -1 : 1;
    nanoseconds += nanoseconds < 0 ? kSecond : -kSecond;
  }
  time.nanoseconds = static_cast<int32_t>(nanoseconds);
  return made(run, time);
}

Result<Value> date_modify(Execution& run, Args a) {
  auto duration = text::parse_duration(text_of(a[0]));
  return duration.ok() ? shifted(run, a[1], duration->count()) : a[1];
}
Result<Value> date_modify_must(Execution& run, Args a) {
  return shifted(run, a[1], TRY(text::parse_duration(text_of(a[0]))).count());
}

Result<Value> to_date_must(Execution& run, Args a) {
  return made(run, TRY(parse_time(run.heap(), text_of(a[0]), text_of(a[1]))));
}
Result<Value> to_date(Execution& run, Args a) {
  auto time = parse_time(run.heap(), text_of(a[0]), text_of(a[1]));
  return made(run, time.ok() ? *time : time_at(-62'135'596'800));  // the zero time: year 1
}

Result<Value> now(Execution& run, Args) {
  return made(run, now_of(run));
}

Result<Value> unix_epoch(Execution& run, Args a) {
  return kept(run, std::to_string(a[0].as_time()->seconds));
}

int64_t since(Execution& run, const TimeNode& time) {
  TimeNode present = now_of(run);
  int64_t out = 0;
  if (__builtin_mul_overflow(present.seconds - time.seconds, kSecond, &out)) {
    return present.seconds > time.seconds ? INT64_MAX : INT64_MIN;
  }
  return out + present.nanoseconds - time.nanoseconds;
}

Result<Value> ago(Execution& run, Args a) {
  int64_t elapsed = since(run, moment(run, a[0]));
  int64_t rest = elapsed % kSecond;
  int64_t whole = elapsed - rest;
  if (rest * 2 >= kSecond) whole += kSecond;
  if (rest * 2 <= -kSecond) whole -= kSecond;
  return kept(run, text::format_duration(Duration(whole)));
}

Result<Value> duration(Execution& run, Args a) {
  int64_t seconds = 0;
  if (a[0].is_string()) seconds = parse_clamped(text_of(a[0]));
  if (a[0].kind() == Kind::Int64 && a[0].type_index() == 0) seconds = a[0].as_int();
  uint64_t wrapped = static_cast<uint64_t>(seconds) * static_cast<uint64_t>(kSecond);
  return kept(run, text::format_duration(Duration(static_cast<int64_t>(wrapped))));
}

Result<Value> duration_round(Execution& run, Args a) {
  int64_t elapsed = 0;
  if (a[0].is_string()) {
    auto parsed = text::parse_duration(text_of(a[0]));
    elapsed = parsed.ok() ? parsed->count() : 0;
  } else if (a[0].kind() == Kind::Int64 && a[0].type_index() == 0) {
    elapsed = a[0].as_int();
  } else if (a[0].kind() == Kind::Time) {
    elapsed = since(run, *a[0].as_time());
  }
  uint64_t size =
      elapsed < 0 ? uint64_t{0} - static_cast<uint64_t>(elapsed) : static_cast<uint64_t>(elapsed);
  constexpr uint64_t kHour = uint64_t{3'600} * kSecond;
  struct Unit {
    uint64_t size;
    const char* name;
  };
  constexpr Unit kUnits[] = {{kHour * 24 * 365, "y"},
                             {kHour * 24 * 30, "mo"},
                             {kHour * 24, "d"},
                             {kHour, "h"},
                             {uint64_t{60} * kSecond, "m"},
                             {kSecond, "s"}};
  for (const Unit& unit : kUnits) {
    if (size > unit.size) return kept(run, cat(size / unit.size, unit.name));
  }
  return Value::string("0s");
}

constexpr Function kFunctions[] = {
    {"ago", "a", &ago},
    {"date", "sa", &date},
    {"dateInZone", "sas", &date_in_zone},
    {"date_in_zone", "sas", &date_in_zone},
    {"dateModify", "st", &date_modify},
    {"date_modify", "st", &date_modify},
    {"mustDateModify", "st", &date_modify_must},
    {"must_date_modify", "st", &date_modify_must},
    {"duration", "a", &duration},
    {"durationRound", "a", &duration_round},
    {"htmlDate", "a", &html_date},
    {"htmlDateInZone", "as", &html_date_in_zone},
    {"toDate", "ss", &to_date},
    {"mustToDate", "ss", &to_date_must},
    {"now", "", &now},
    {"unixEpoch", "t", &unix_epoch},
};

}  // namespace

std::span<const Function> sprig_date_functions() {
  return kFunctions;
}

}  // namespace fleet::gotemplate
