// Conversions, sizes, times, optionals, math; operators; the search for a function.
#include "kube/cel/functions.h"

#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>

#include "base/strings.h"
#include "text/duration.h"
#include "text/go_time.h"

namespace fleet::kube::cel {
namespace {

Error invalid(std::string message) {
  return Error(Code::Invalid, std::move(message));
}

constexpr double kInt64Edge = 9223372036854775808.0;

Result<Val> size_of(Args args, Meter& meter) {
  const Val& value = args[0];
  if (value.kind == Kind::String) {
    meter.add(value.text.size() / 10);
    return Val::integer(static_cast<int64_t>(rune_count(value.text)));
  }
  if (value.kind == Kind::Bytes) return Val::integer(static_cast<int64_t>(value.text.size()));
  if (value.kind == Kind::List || value.kind == Kind::Map) {
    return Val::integer(static_cast<int64_t>(value.size()));
  }
  return no_overload();
}

Result<Val> to_int(Args args, Meter&) {
  const Val& value = args[0];
  switch (value.kind) {
    case Kind::Int:
      return value;
    case Kind::UInt:
      if (value.natural > uint64_t{INT64_MAX}) return invalid("integer overflow");
      return Val::integer(static_cast<int64_t>(value.natural));
    case Kind::Double:
      if (!(value.real > -kInt64Edge && value.real < kInt64Edge)) {
        return invalid("integer overflow");
      }
      return Val::integer(static_cast<int64_t>(value.real));
    case Kind::Timestamp:
      return Val::integer(value.number / 1'000'000'000);
    case Kind::Duration:
      return Val::integer(value.number);
    case Kind::String: {
      auto number = parse_int(value.text);
      if (!number) {
        return invalid(cat("strconv.ParseInt: parsing ", quote(value.text), ": invalid syntax"));
      }
      return Val::integer(*number);
    }
    default:
      return no_overload();
  }
}

Result<Val> to_uint(Args args, Meter&) {
  const Val& value = args[0];
  if (value.kind == Kind::UInt) return value;
  if (value.kind == Kind::Int) {
    if (value.number < 0) return invalid("unsigned integer overflow");
    return Val::uinteger(static_cast<uint64_t>(value.number));
  }
  if (value.kind == Kind::Double) {
    if (!(value.real >= 0 && value.real < 2 * kInt64Edge)) {
      return invalid("unsigned integer overflow");
    }
    return Val::uinteger(static_cast<uint64_t>(value.real));
  }
  auto number = parse_uint(TRY(text_of(value)));
  if (!number) {
    return invalid(cat("strconv.ParseUint: parsing ", quote(value.text), ": invalid syntax"));
  }
  return Val::uinteger(*number);
}

Result<Val> to_double(Args args, Meter&) {
  if (args[0].is_number()) return Val::of_double(args[0].as_double());
  std::string_view text = TRY(text_of(args[0]));
  double real = 0;
  auto read = std::from_chars(text.data(), text.data() + text.size(), real);
  if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size()) {
    return invalid(cat("strconv.ParseFloat: parsing ", quote(text), ": invalid syntax"));
  }
  return Val::of_double(real);
}

Result<Val> to_string_value(Args args, Meter&) {
  const Val& value = args[0];
  switch (value.kind) {
    case Kind::Bool:
      return Val::string(value.flag ? "true" : "false");
    case Kind::Int:
      return Val::string(std::to_string(value.number));
    case Kind::UInt:
      return Val::string(std::to_string(value.natural));
    case Kind::Double:
      return Val::string(to_text(value.real));
    case Kind::Duration: {
      // Seconds with a fraction: "90s".
      return Val::string(cat(to_text(static_cast<double>(value.number) / 1e9), "s"));
    }
    case Kind::Null:
    case Kind::List:
    case Kind::Map:
    case Kind::Optional:
    case Kind::Format:
      return no_overload();
    default:
      return Val::string(value.to_json().to_string());
  }
}

Result<Val> to_bool(Args args, Meter&) {
  if (args[0].kind == Kind::Bool) return args[0];
  std::string_view text = TRY(text_of(args[0]));
  for (std::string_view yes : {"1", "t", "T", "true", "TRUE", "True"}) {
    if (text == yes) return Val::boolean(true);
  }
  for (std::string_view no : {"0", "f", "F", "false", "FALSE", "False"}) {
    if (text == no) return Val::boolean(false);
  }
  return invalid(cat("strconv.ParseBool: parsing ", quote(text), ": invalid syntax"));
}

Result<Val> to_bytes(Args args, Meter&) {
  if (args[0].kind == Kind::Bytes) return args[0];
  return Val::bytes(std::string(TRY(text_of(args[0]))));
}

Result<Val> type_of_value(Args args, Meter&) {
  return Val::type(std::string(type_name(args[0])));
}
Result<Val> as_is(Args args, Meter&) {
  return args[0];
}

Result<Val> to_duration(Args args, Meter&) {
  if (args[0].kind == Kind::Duration) return args[0];
  if (args[0].kind == Kind::Int) return Val::duration(args[0].number);
  auto duration = TRY(text::parse_duration(TRY(text_of(args[0]))));
  return Val::duration(duration.count());
}

Result<Val> to_timestamp(Args args, Meter&) {
  if (args[0].kind == Kind::Timestamp) return args[0];
  if (args[0].kind == Kind::Int) return Val::timestamp(args[0].number * 1'000'000'000);
  std::string_view text = TRY(text_of(args[0]));
  auto time = parse_rfc3339(text);
  if (!time) return invalid(cat("parsing time ", quote(text), " as RFC 3339 failed"));
  return Val::timestamp(time->time_since_epoch().count());
}

// A timestamp in UTC or at a fixed offset ("+02:00", "-07:00", "UTC").
Result<CivilTime> civil(Args args) {
  if (args[0].kind != Kind::Timestamp) return no_overload();
  int64_t shift = 0;
  if (args.size() > 1) {
    std::string_view zone = TRY(text_of(args[1]));
    if (zone != "UTC" && zone != "Z") {
      int sign = zone.starts_with('-') ? -1 : 1;
      auto parts = split(trim_left(zone, "+-"), ':');
      auto hours = parse_int(parts[0]);
      auto minutes = parts.size() == 2 ? parse_int(parts[1]) : std::nullopt;
      if (!hours || !minutes) return invalid(cat("unknown time zone ", zone));
      shift = sign * (*hours * 3600 + *minutes * 60) * 1'000'000'000;
    }
  }
  return to_civil(TimePoint(Duration(args[0].number + shift)));
}

template <auto Read>
Result<Val> time_part(Args args, Meter&) {
  return Val::integer(Read(TRY(civil(args))));
}

// Hours, minutes and seconds: of a time of day, or of a duration as a whole.
template <auto Read, int64_t kUnit>
Result<Val> clock_part(Args args, Meter&) {
  if (args[0].kind == Kind::Duration) {
    if (args.size() > 1) return no_overload();
    return Val::integer(args[0].number / kUnit);
  }
  return Val::integer(Read(TRY(civil(args))));
}

Result<Val> milliseconds(Args args, Meter&) {
  if (args[0].kind == Kind::Duration) return Val::integer(args[0].number / 1'000'000 % 1000);
  return Val::integer(TRY(civil(args)).nanosecond / 1'000'000);
}

Result<Val> optional_of(Args args, Meter&) {
  return Val::some(args[0]);
}
Result<Val> optional_none(Args, Meter&) {
  return Val::none();
}
Result<Val> optional_of_non_zero(Args args, Meter&) {
  const Val& value = args[0];
  bool zero = value.kind == Kind::Null || (value.kind == Kind::Bool && !value.flag) ||
              (value.is_number() && value.as_double() == 0) ||
              ((value.kind == Kind::String || value.kind == Kind::Bytes) && value.text.empty()) ||
              ((value.kind == Kind::List || value.kind == Kind::Map) && value.size() == 0);
  return zero ? Val::none() : Val::some(value);
}
Result<Val> has_value(Args args, Meter&) {
  if (args[0].kind != Kind::Optional) return no_overload();
  return Val::boolean(args[0].has_value());
}
Result<Val> value_of(Args args, Meter&) {
  if (args[0].kind != Kind::Optional) return no_overload();
  if (!args[0].has_value()) return invalid("optional.none() dereference");
  return (*args[0].items)[0];
}
Result<Val> optional_or(Args args, Meter&) {
  if (args[0].kind != Kind::Optional || args[1].kind != Kind::Optional) return no_overload();
  return args[0].has_value() ? args[0] : args[1];
}
Result<Val> or_value(Args args, Meter&) {
  if (args[0].kind != Kind::Optional) return no_overload();
  return args[0].has_value() ? (*args[0].items)[0] : args[1];
}

// The arguments themselves, or the items of the one list.
Result<Val> extreme(Args args, int wanted) {
  Items items(args.begin(), args.end());
  if (args.size() == 1 && args[0].kind == Kind::List) {
    items.clear();
    for (size_t i = 0; i < args[0].size(); ++i)
      items.push_back(args[0].item(i));
    if (items.empty()) return invalid("math.@min(list) argument must not be empty");
  }
  Val best = items[0];
  for (const Val& item : items) {
    if (!item.is_number()) return no_overload();
    if (TRY(compare(item, best)) == wanted) best = item;
  }
  return best;
}
Result<Val> math_greatest(Args args, Meter&) {
  return extreme(args, 1);
}
Result<Val> math_least(Args args, Meter&) {
  return extreme(args, -1);
}

template <auto Round>
Result<Val> math_round(Args args, Meter&) {
  if (args[0].kind != Kind::Double) return no_overload();
  return Val::of_double(Round(args[0].real));
}
Result<Val> math_abs(Args args, Meter&) {
  if (args[0].kind == Kind::Double) return Val::of_double(std::fabs(args[0].real));
  if (args[0].kind == Kind::UInt) return args[0];
  int64_t number = TRY(integer_of(args[0]));
  if (number == INT64_MIN) return invalid("integer overflow");
  return Val::integer(number < 0 ? -number : number);
}
Result<Val> math_sign(Args args, Meter&) {
  if (args[0].kind == Kind::Double) {
    return Val::of_double(args[0].real > 0 ? 1 : args[0].real < 0 ? -1 : 0);
  }
  int64_t number = TRY(integer_of(args[0]));
  return Val::integer(number > 0 ? 1 : number < 0 ? -1 : 0);
}

constexpr Function kFunctions[] = {
    {"size", 1, 1, false, &size_of},
    {"size", 1, 1, true, &size_of},
    {"int", 1, 1, false, &to_int},
    {"uint", 1, 1, false, &to_uint},
    {"double", 1, 1, false, &to_double},
    {"string", 1, 1, false, &to_string_value},
    {"bool", 1, 1, false, &to_bool},
    {"bytes", 1, 1, false, &to_bytes},
    {"type", 1, 1, false, &type_of_value},
    {"dyn", 1, 1, false, &as_is},
    {"duration", 1, 1, false, &to_duration},
    {"timestamp", 1, 1, false, &to_timestamp},
    {"getFullYear", 1, 2, true, &time_part<[](const CivilTime& t) { return t.year; }>},
    {"getMonth", 1, 2, true, &time_part<[](const CivilTime& t) { return t.month - 1; }>},
    {"getDate", 1, 2, true, &time_part<[](const CivilTime& t) { return t.day; }>},
    {"getDayOfMonth", 1, 2, true, &time_part<[](const CivilTime& t) { return t.day - 1; }>},
    {"getDayOfWeek", 1, 2, true, &time_part<[](const CivilTime& t) { return t.weekday; }>},
    {"getDayOfYear", 1, 2, true, &time_part<[](const CivilTime& t) { return t.year_day - 1; }>},
    {"getHours",
     1,
     2,
     true,
     &clock_part<[](const CivilTime& t) { return t.hour; }, 3'600'000'000'000>},
    {"getMinutes",
     1,
     2,
     true,
     &clock_part<[](const CivilTime& t) { return t.minute; }, 60'000'000'000>},
    {"getSeconds",
     1,
     2,
     true,
     &clock_part<[](const CivilTime& t) { return t.second; }, 1'000'000'000>},
    {"getMilliseconds", 1, 2, true, &milliseconds},
    {"optional.of", 1, 1, false, &optional_of},
    {"optional.none", 0, 0, false, &optional_none},
    {"optional.ofNonZeroValue", 1, 1, false, &optional_of_non_zero},
    {"hasValue", 1, 1, true, &has_value},
    {"value", 1, 1, true, &value_of},
    {"or", 2, 2, true, &optional_or},
    {"orValue", 2, 2, true, &or_value},
    {"math.greatest", 1, 100, false, &math_greatest},
    {"math.least", 1, 100, false, &math_least},
    {"math.ceil", 1, 1, false, &math_round<[](double x) { return std::ceil(x); }>},
    {"math.floor", 1, 1, false, &math_round<[](double x) { return std::floor(x); }>},
    {"math.round", 1, 1, false, &math_round<[](double x) { return std::round(x); }>},
    {"math.trunc", 1, 1, false, &math_round<[](double x) { return std::trunc(x); }>},
    {"math.abs", 1, 1, false, &math_abs},
    {"math.sign", 1, 1, false, &math_sign},
};

Result<Val> whole_arithmetic(char op, int64_t a, int64_t b) {
  int64_t out = 0;
  bool overflow = false;
  switch (op) {
    case '+':
      overflow = __builtin_add_overflow(a, b, &out);
      break;
    case '-':
      overflow = __builtin_sub_overflow(a, b, &out);
      break;
    case '*':
      overflow = __builtin_mul_overflow(a, b, &out);
      break;
    default:
      if (b == 0) return invalid(op == '/' ? "division by zero" : "modulus by zero");
      overflow = a == INT64_MIN && b == -1;
      if (!overflow) out = op == '/' ? a / b : a % b;
      break;
  }
  if (overflow) return invalid("integer overflow");
  return Val::integer(out);
}

Result<Val> natural_arithmetic(char op, uint64_t a, uint64_t b) {
  uint64_t out = 0;
  bool overflow = false;
  switch (op) {
    case '+':
      overflow = __builtin_add_overflow(a, b, &out);
      break;
    case '-':
      overflow = __builtin_sub_overflow(a, b, &out);
      break;
    case '*':
      overflow = __builtin_mul_overflow(a, b, &out);
      break;
    default:
      if (b == 0) return invalid(op == '/' ? "division by zero" : "modulus by zero");
      out = op == '/' ? a / b : a % b;
      break;
  }
  if (overflow) return invalid("unsigned integer overflow");
  return Val::uinteger(out);
}

Result<Val> real_arithmetic(char op, double a, double b) {
  switch (op) {
    case '+':
      return Val::of_double(a + b);
    case '-':
      return Val::of_double(a - b);
    case '*':
      return Val::of_double(a * b);
    case '/':
      return Val::of_double(a / b);
    default:
      return no_overload();
  }
}

Result<Val> time_arithmetic(char op, const Val& a, const Val& b) {
  bool a_time = a.kind == Kind::Timestamp;
  bool b_time = b.kind == Kind::Timestamp;
  if (op == '+' && !(a_time && b_time)) {
    Val out = TRY(whole_arithmetic('+', a.number, b.number));
    out.kind = a_time || b_time ? Kind::Timestamp : Kind::Duration;
    return out;
  }
  if (op == '-' && (a_time || !b_time)) {
    Val out = TRY(whole_arithmetic('-', a.number, b.number));
    out.kind = a_time && !b_time ? Kind::Timestamp : Kind::Duration;
    return out;
  }
  return no_overload();
}

bool is_time(const Val& value) {
  return value.kind == Kind::Timestamp || value.kind == Kind::Duration;
}

Result<Val> arithmetic(char op, const Val& a, const Val& b) {
  if (a.kind == Kind::Int && b.kind == Kind::Int) return whole_arithmetic(op, a.number, b.number);
  if (a.kind == Kind::UInt && b.kind == Kind::UInt) {
    return natural_arithmetic(op, a.natural, b.natural);
  }
  // A document's number field may hold what reads as an int.
  if (a.is_number() && b.is_number() && (a.kind == Kind::Double || b.kind == Kind::Double)) {
    return real_arithmetic(op, a.as_double(), b.as_double());
  }
  if (is_time(a) && is_time(b)) return time_arithmetic(op, a, b);
  if (op != '+') return no_overload();
  if (a.kind == b.kind && (a.kind == Kind::String || a.kind == Kind::Bytes)) {
    return Val::special(a.kind, a.text + b.text);
  }
  if (a.kind == Kind::List && b.kind == Kind::List) {
    Items items;
    for (const Val* list : {&a, &b}) {
      for (size_t i = 0; i < list->size(); ++i)
        items.push_back(list->item(i));
    }
    return Val::list(std::move(items));
  }
  return no_overload();
}

Result<Val> is_in(const Val& needle, const Val& hay) {
  if (hay.kind == Kind::Map) {
    Val ignored;
    return Val::boolean(hay.find(needle, ignored));
  }
  if (hay.kind != Kind::List) return no_overload();
  for (size_t i = 0; i < hay.size(); ++i) {
    if (equal(needle, hay.item(i))) return Val::boolean(true);
  }
  return Val::boolean(false);
}

}  // namespace

Result<> Meter::check() const {
  if (spent > limit) {
    return Error(Code::Timeout, "operation cancelled: actual cost limit exceeded");
  }
  return {};
}

const Function* find_function(std::string_view name, size_t arguments, bool has_target) {
  for (auto table : {basic_functions(), text_functions(), list_functions(), special_functions()}) {
    for (const Function& function : table) {
      bool fits = function.name == name && function.has_target == has_target &&
                  arguments >= function.least && arguments <= function.most;
      if (fits) return &function;
    }
  }
  return nullptr;
}

std::span<const Function> basic_functions() {
  return kFunctions;
}

Result<Val> operate(std::string_view op, const Val& a, const Val& b) {
  if (op == "==") return Val::boolean(equal(a, b));
  if (op == "!=") return Val::boolean(!equal(a, b));
  if (op == "in") return is_in(a, b);
  if (op[0] == '<' || op[0] == '>') {
    if ((a.is_number() && std::isnan(a.as_double())) ||
        (b.is_number() && std::isnan(b.as_double()))) {
      return Val::boolean(false);
    }
    int order = TRY(compare(a, b));
    if (op == "<") return Val::boolean(order < 0);
    if (op == "<=") return Val::boolean(order <= 0);
    if (op == ">") return Val::boolean(order > 0);
    return Val::boolean(order >= 0);
  }
  return arithmetic(op[0], a, b);
}

Result<std::string_view> text_of(const Val& value) {
  if (value.kind != Kind::String) return no_overload();
  return std::string_view(value.text);
}

Result<int64_t> integer_of(const Val& value) {
  if (value.kind == Kind::Int) return value.number;
  return no_overload();
}

}  // namespace fleet::kube::cel
