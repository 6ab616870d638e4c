#include "gotemplate/time.h"

#include "base/strings.h"
#include "gotemplate/exec.h"
#include "text/duration.h"

namespace fleet::gotemplate {

std::string time_text(const Value& value) {
  return format_time(*value.as_time(), "2006-01-02 15:04:05.999999999 -0700 MST");
}

Result<data::Value> time_json(const Value& value) {
  int year = clock_of(*value.as_time()).year;
  if (year < 0 || year > 9999) {
    return Error(Code::Invalid,
                 "json: error calling MarshalJSON for type time.Time: Time.MarshalJSON: year "
                 "outside of range [0,9999]");
  }
  return data::Value(format_time(*value.as_time(), "2006-01-02T15:04:05.999999999Z07:00"));
}

std::string duration_text(const Value& value) {
  return text::format_duration(Duration(value.as_int()));
}

std::string month_text(const Value& value) {
  int64_t month = value.as_int();
  if (month >= 1 && month <= 12) return std::string(kMonthNames[month - 1]);
  return cat("%!Month(", month, ")");
}

std::string weekday_text(const Value& value) {
  int64_t day = value.as_int();
  if (day >= 0 && day <= 6) return std::string(kWeekdayNames[day]);
  return cat("%!Weekday(", day, ")");
}

namespace {

using Args = std::span<const Value>;

const TimeNode& self(Args args) {
  return *args[0].as_time();
}

Value kept(Execution& run, const std::string& text) {
  return Value::string(run.heap().copy(text));
}

Value made(Execution& run, const TimeNode& time) {
  auto* node = run.heap().create<TimeNode>();
  *node = time;
  return Value::time(node);
}

Value number(int64_t n, Kind kind = Kind::Int) {
  return Value::integer(n, kind);
}

int64_t nanoseconds_of(const TimeNode& t) {
  return static_cast<int64_t>(static_cast<uint64_t>(t.seconds) * 1'000'000'000U +
                              static_cast<uint64_t>(t.nanoseconds));
}

TimeNode plus(TimeNode time, int64_t duration) {
  int64_t nanoseconds = time.nanoseconds + duration % 1'000'000'000;
  time.seconds += duration / 1'000'000'000;
  if (nanoseconds < 0) {
    nanoseconds += 1'000'000'000;
    --time.seconds;
  } else if (nanoseconds >= 1'000'000'000) {
    nanoseconds -= 1'000'000'000;
    ++time.seconds;
  }
  time.nanoseconds = static_cast<int32_t>(nanoseconds);
  return time;
}

bool before(const TimeNode& a, const TimeNode& b) {
  return a.seconds != b.seconds ? a.seconds < b.seconds : a.nanoseconds < b.nanoseconds;
}

int64_t difference(const TimeNode& a, const TimeNode& b) {
  int64_t seconds = 0;
  int64_t out = 0;
  bool later = before(b, a);
  if (__builtin_sub_overflow(a.seconds, b.seconds, &seconds) ||
      __builtin_mul_overflow(seconds, int64_t{1'000'000'000}, &out) ||
      __builtin_add_overflow(out, int64_t{a.nanoseconds} - b.nanoseconds, &out)) {
    return later ? INT64_MAX : INT64_MIN;
  }
  return out;
}

Result<Value> add_date(Execution& run, Args args) {
  TimeNode t = self(args);
  Clock c = clock_of(t);
  t.seconds = seconds_of(c.year + args[1].as_int(),
                         c.month + args[2].as_int(),
                         c.day + args[3].as_int(),
                         (c.hour * 60 + c.minute) * 60 + c.second) -
              t.offset;
  return made(run, t);
}

Result<Value> to_utc(Execution& run, Args args) {
  TimeNode t = self(args);
  t.offset = 0;
  t.zone = "UTC";
  return made(run, t);
}

#define TIME_METHOD(expression) [](Execution&, Args args) -> Result<Value> { return expression; }

constexpr Function kTimeMethods[] = {
    {"Add",
     "Vd",
     [](Execution& run, Args args) -> Result<Value> {
       return made(run, plus(self(args), args[1].as_int()));
     }},
    {"AddDate", "Viii", &add_date},
    {"After", "Vt", TIME_METHOD(Value::boolean(before(*args[1].as_time(), self(args))))},
    {"Before", "Vt", TIME_METHOD(Value::boolean(before(self(args), *args[1].as_time())))},
    {"Day", "V", TIME_METHOD(number(clock_of(self(args)).day))},
    {"Equal",
     "Vt",
     TIME_METHOD(Value::boolean(!before(self(args), *args[1].as_time()) &&
                                !before(*args[1].as_time(), self(args))))},
    {"Format",
     "Vs",
     [](Execution& run, Args args) -> Result<Value> {
       return kept(run, format_time(self(args), args[1].as_string()));
     }},
    {"Hour", "V", TIME_METHOD(number(clock_of(self(args)).hour))},
    {"IsZero",
     "V",
     TIME_METHOD(
         Value::boolean(self(args).seconds == -62'135'596'800 && self(args).nanoseconds == 0))},
    {"Local", "V", &to_utc},
    {"Minute", "V", TIME_METHOD(number(clock_of(self(args)).minute))},
    {"Month", "V", TIME_METHOD(Value::named(number(clock_of(self(args)).month), types::kMonth))},
    {"Nanosecond", "V", TIME_METHOD(number(self(args).nanoseconds))},
    {"Second", "V", TIME_METHOD(number(clock_of(self(args)).second))},
    {"String",
     "V",
     [](Execution& run, Args args) -> Result<Value> { return kept(run, time_text(args[0])); }},
    {"Sub", "Vt", TIME_METHOD(Value::duration(difference(self(args), *args[1].as_time())))},
    {"UTC", "V", &to_utc},
    {"Unix", "V", TIME_METHOD(number(self(args).seconds, Kind::Int64))},
    {"UnixMicro", "V", TIME_METHOD(number(nanoseconds_of(self(args)) / 1'000, Kind::Int64))},
    {"UnixMilli", "V", TIME_METHOD(number(nanoseconds_of(self(args)) / 1'000'000, Kind::Int64))},
    {"UnixNano", "V", TIME_METHOD(number(nanoseconds_of(self(args)), Kind::Int64))},
    {"Weekday",
     "V",
     TIME_METHOD(Value::named(number(clock_of(self(args)).weekday), types::kWeekday))},
    {"Year", "V", TIME_METHOD(number(clock_of(self(args)).year))},
    {"YearDay", "V", TIME_METHOD(number(clock_of(self(args)).year_day))},
};

constexpr Function kDurationMethods[] = {
    {"Hours", "V", TIME_METHOD(Value::float64(static_cast<double>(args[0].as_int()) / 3.6e12))},
    {"Microseconds", "V", TIME_METHOD(number(args[0].as_int() / 1'000, Kind::Int64))},
    {"Milliseconds", "V", TIME_METHOD(number(args[0].as_int() / 1'000'000, Kind::Int64))},
    {"Minutes", "V", TIME_METHOD(Value::float64(static_cast<double>(args[0].as_int()) / 6e10))},
    {"Nanoseconds", "V", TIME_METHOD(number(args[0].as_int(), Kind::Int64))},
    {"Seconds", "V", TIME_METHOD(Value::float64(static_cast<double>(args[0].as_int()) / 1e9))},
    {"String",
     "V",
     [](Execution& run, Args args) -> Result<Value> { return kept(run, duration_text(args[0])); }},
};

#undef TIME_METHOD

}  // namespace

std::span<const Function> time_methods() {
  return kTimeMethods;
}
std::span<const Function> duration_methods() {
  return kDurationMethods;
}

}  // namespace fleet::gotemplate
