#include <cmath>

#include "base/strings.h"
#include "gotemplate/decimal.h"
#include "gotemplate/format.h"
#include "gotemplate/number.h"
#include "gotemplate/sprig.h"

namespace fleet::gotemplate {
namespace {

// Go's integers wrap around.
int64_t wrap(uint64_t n) {
  return static_cast<int64_t>(n);
}
uint64_t bits(int64_t n) {
  return static_cast<uint64_t>(n);
}

Result<Value> atoi(Execution&, Args a) {
  return number(parse_clamped(text_of(a[0])));
}
Result<Value> to_int_fn(Execution&, Args a) {
  return number(to_int64(a[0]));
}
Result<Value> to_int64_fn(Execution&, Args a) {
  return number64(to_int64(a[0]));
}
Result<Value> to_float64_fn(Execution&, Args a) {
  return Value::float64(to_float64(a[0]));
}

Result<Value> to_decimal(Execution& run, Args a) {
  return number64(parse_go_int(value_text(run.heap(), a[0]), 8).value_or(0));
}

Result<Value> add(Execution&, Args a) {
  uint64_t sum = 0;
  for (const Value& value : a)
    sum += bits(to_int64(value));
  return number64(wrap(sum));
}
Result<Value> add1(Execution&, Args a) {
  return number64(wrap(bits(to_int64(a[0])) + 1));
}
Result<Value> sub(Execution&, Args a) {
  return number64(wrap(bits(to_int64(a[0])) - bits(to_int64(a[1]))));
}
Result<Value> mul(Execution&, Args a) {
  uint64_t product = 1;
  for (const Value& value : a)
    product *= bits(to_int64(value));
  return number64(wrap(product));
}

Result<Value> div(Execution&, Args a) {
  int64_t x = to_int64(a[0]);
  int64_t y = to_int64(a[1]);
  if (y == 0) return failure("runtime error: integer divide by zero");
  return number64(y == -1 ? wrap(0 - bits(x)) : x / y);
}
Result<Value> mod(Execution&, Args a) {
  int64_t x = to_int64(a[0]);
  int64_t y = to_int64(a[1]);
  if (y == 0) return failure("runtime error: integer divide by zero");
  return number64(y == -1 ? 0 : x % y);
}

Result<Value> max_fn(Execution&, Args a) {
  int64_t out = to_int64(a[0]);
  for (const Value& value : a)
    out = std::max(out, to_int64(value));
  return number64(out);
}
Result<Value> min_fn(Execution&, Args a) {
  int64_t out = to_int64(a[0]);
  for (const Value& value : a)
    out = std::min(out, to_int64(value));
  return number64(out);
}

// As math.Max and math.Min: NaN wins.
Result<Value> maxf(Execution&, Args a) {
  double out = to_float64(a[0]);
  for (const Value& value : a.subspan(1)) {
    double x = to_float64(value);
    out = std::isnan(out) || std::isnan(x) ? std::nan("") : std::max(out, x);
  }
  return Value::float64(out);
}
Result<Value> minf(Execution&, Args a) {
  double out = to_float64(a[0]);
  for (const Value& value : a.subspan(1)) {
    double x = to_float64(value);
    out = std::isnan(out) || std::isnan(x) ? std::nan("") : std::min(out, x);
  }
  return Value::float64(out);
}

using Operation = Result<Decimal> (*)(const Decimal&, const Decimal&);

Result<Decimal> plus(const Decimal& a, const Decimal& b) {
  return a.plus(b);
}
Result<Decimal> minus(const Decimal& a, const Decimal& b) {
  return a.minus(b);
}
Result<Decimal> times(const Decimal& a, const Decimal& b) {
  return a.times(b);
}
Result<Decimal> divided(const Decimal& a, const Decimal& b) {
  return a.divided_by(b);
}

Result<Value> fold(Execution& run, double first, Args rest, Operation operation) {
  Decimal out = TRY(Decimal::from_double(first));
  for (const Value& value : rest) {
    TRY(work(run, 100));
    out = TRY(operation(out, TRY(Decimal::from_double(to_float64(value)))));
  }
  return Value::float64(out.to_double());
}

Result<Value> addf(Execution& run, Args a) {
  return fold(run, 0, a, &plus);
}
Result<Value> add1f(Execution& run, Args a) {
  Value one = Value::integer(1);
  return fold(run, to_float64(a[0]), {&one, 1}, &plus);
}
Result<Value> subf(Execution& run, Args a) {
  return fold(run, to_float64(a[0]), a.subspan(1), &minus);
}
Result<Value> mulf(Execution& run, Args a) {
  return fold(run, to_float64(a[0]), a.subspan(1), &times);
}
Result<Value> divf(Execution& run, Args a) {
  return fold(run, to_float64(a[0]), a.subspan(1), &divided);
}

Result<Value> ceil_fn(Execution&, Args a) {
  return Value::float64(std::ceil(to_float64(a[0])));
}
Result<Value> floor_fn(Execution&, Args a) {
  return Value::float64(std::floor(to_float64(a[0])));
}

Result<Value> round_fn(Execution&, Args a) {
  double on = a.size() > 2 ? a[2].as_float() : 0.5;
  double power = std::pow(10, static_cast<double>(a[1].as_int()));
  double digit = power * to_float64(a[0]);
  double whole = 0;
  double fraction = std::modf(digit, &whole);
  return Value::float64((fraction >= on ? std::ceil(digit) : std::floor(digit)) / power);
}

// How many numbers untilStep gives.
uint64_t steps_between(int64_t start, int64_t stop, int64_t step) {
  if (stop < start) {
    if (step >= 0) return 0;
    uint64_t distance = bits(start) - bits(stop);
    uint64_t width = uint64_t{0} - bits(step);
    return (distance - 1) / width + 1;
  }
  if (step <= 0 || stop == start) return 0;
  return (bits(stop) - bits(start) - 1) / bits(step) + 1;
}

Result<Value> until_step_list(Execution& run, int64_t start, int64_t stop, int64_t step) {
  uint64_t count = steps_between(start, stop, step);
  if (count > kMaxHeapBytes) return room_for(run, UINT64_MAX).error();
  TRY(room_for(run, count * sizeof(Value)));
  ListNode* node = new_list(run.heap(), count, types::kIntList);
  for (uint64_t i = 0; i < count; ++i) {
    node->items[i] = Value::integer(wrap(bits(start) + i * bits(step)));
  }
  return Value::list(node);
}

Result<Value> until(Execution& run, Args a) {
  int64_t count = a[0].as_int();
  return until_step_list(run, 0, count, count < 0 ? -1 : 1);
}
Result<Value> until_step(Execution& run, Args a) {
  return until_step_list(run, a[0].as_int(), a[1].as_int(), a[2].as_int());
}

Result<Value> seq_text(Execution& run, int64_t start, int64_t stop, int64_t step) {
  Value list = TRY(until_step_list(run, start, stop, step));
  std::string out;
  for (const Value& item : list_items(run.heap(), list)) {
    if (!out.empty()) out += ' ';
    out += std::to_string(item.as_int());
  }
  return kept(run, out);
}

Result<Value> seq(Execution& run, Args a) {
  auto at = [&](size_t i) { return a[i].as_int(); };
  if (a.size() == 1) {
    int64_t step = at(0) < 1 ? -1 : 1;
    return seq_text(run, 1, wrap(bits(at(0)) + bits(step)), step);
  }
  if (a.size() == 2) {
    int64_t step = at(1) < at(0) ? -1 : 1;
    return seq_text(run, at(0), wrap(bits(at(1)) + bits(step)), step);
  }
  if (a.size() != 3) return Value::string({});
  int64_t increment = at(2) < at(0) ? -1 : 1;
  if (increment < 0 && at(1) > 0) return Value::string({});
  return seq_text(run, at(0), wrap(bits(at(2)) + bits(increment)), at(1));
}

Result<Value> rand_int(Execution& run, Args a) {
  int64_t width = wrap(bits(a[1].as_int()) - bits(a[0].as_int()));
  if (width <= 0) return failure("invalid argument to Intn");
  uint64_t random = 0;
  run.host().random({reinterpret_cast<uint8_t*>(&random), sizeof random});
  return number(wrap(random % bits(width) + bits(a[0].as_int())));
}

constexpr Function kFunctions[] = {
    {"atoi", "s", &atoi},
    {"int", "a", &to_int_fn},
    {"int64", "a", &to_int64_fn},
    {"float64", "a", &to_float64_fn},
    {"toDecimal", "a", &to_decimal},
    {"add", "a*", &add},
    {"add1", "a", &add1},
    {"sub", "aa", &sub},
    {"mul", "aa*", &mul},
    {"div", "aa", &div},
    {"mod", "aa", &mod},
    {"max", "aa*", &max_fn},
    {"biggest", "aa*", &max_fn},
    {"min", "aa*", &min_fn},
    {"maxf", "aa*", &maxf},
    {"minf", "aa*", &minf},
    {"addf", "a*", &addf},
    {"add1f", "a", &add1f},
    {"subf", "aa*", &subf},
    {"mulf", "aa*", &mulf},
    {"divf", "aa*", &divf},
    {"ceil", "a", &ceil_fn},
    {"floor", "a", &floor_fn},
    {"round", "aif*", &round_fn},
    {"until", "i", &until},
    {"untilStep", "iii", &until_step},
    {"seq", "i*", &seq},
    {"randInt", "ii", &rand_int},
};

}  // namespace

std::span<const Function> sprig_number_functions() {
  return kFunctions;
}

}  // namespace fleet::gotemplate
