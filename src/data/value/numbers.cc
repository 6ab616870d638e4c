// Numbers: reading them as another kind, and comparing values.
#include <charconv>
#include <cmath>
#include <optional>

#include "base/strings.h"
#include "data/value/node.h"
#include "data/value/value.h"

namespace fleet::data {
namespace {

// The text as a double, or nothing; an overflow is infinite, as strtod has it.
double read_double(std::string_view text, double fallback) {
  double number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end != text.data() + text.size()) return fallback;
  if (error == std::errc::result_out_of_range) {
    return std::strtod(std::string(text).c_str(), nullptr);
  }
  return error == std::errc() ? number : fallback;
}

constexpr double kTwo63 = 9223372036854775808.0;

std::optional<int64_t> whole(double number) {
  if (!(number >= -kTwo63 && number < kTwo63) || number != std::floor(number)) return std::nullopt;
  return static_cast<int64_t>(number);
}

}  // namespace

bool Value::as_bool(bool fallback) const {
  return type_ == Type::Bool ? rep_.word != 0 : fallback;
}

int64_t Value::as_int(int64_t fallback) const {
  if (type_ == Type::Int) return static_cast<int64_t>(rep_.word);
  if (type_ == Type::Double) return whole(rep_.real).value_or(fallback);
  if (type_ != Type::Number) return fallback;
  if (auto number = parse_int(as_string())) return *number;
  return whole(read_double(as_string(), NAN)).value_or(fallback);
}

uint64_t Value::as_uint(uint64_t fallback) const {
  if (type_ == Type::UInt) return rep_.word;
  if (type_ == Type::Number) {
    if (auto number = parse_uint(as_string())) return *number;
  }
  int64_t number = as_int(-1);
  return number < 0 ? fallback : static_cast<uint64_t>(number);
}

double Value::as_double(double fallback) const {
  if (type_ == Type::Double) return rep_.real;
  if (type_ == Type::Int) return static_cast<double>(static_cast<int64_t>(rep_.word));
  if (type_ == Type::UInt) return static_cast<double>(rep_.word);
  if (type_ == Type::Number) return read_double(as_string(), fallback);
  return fallback;
}

namespace {

bool equal_numbers(const Value& a, const Value& b) {
  auto exact = [](const Value& v) { return v.is_integer() || v.type() == Type::Number; };
  if (a.type() == Type::Number && b.type() == Type::Number && a.as_string() == b.as_string()) {
    return true;
  }
  if (exact(a) && exact(b)) {
    int64_t x = a.as_int(INT64_MIN);
    int64_t y = b.as_int(INT64_MIN);
    if (x != INT64_MIN || y != INT64_MIN) return x == y;
    uint64_t p = a.as_uint(0);
    uint64_t q = b.as_uint(0);
    if (p != 0 || q != 0) return p == q;
  }
  return a.as_double() == b.as_double();
}

}  // namespace

bool Value::equal(const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) return equal_numbers(a, b);
  if (a.type_ != b.type_) return false;
  switch (a.type_) {
    case Type::Bool:
      return a.rep_.word == b.rep_.word;
    case Type::String:
      return a.as_string() == b.as_string();
    case Type::Array:
      return a.rep_.array == b.rep_.array || a.rep_.array->items == b.rep_.array->items;
    case Type::Object:
      break;
    default:
      return true;
  }
  if (a.rep_.object == b.rep_.object) return true;
  if (a.size() != b.size()) return false;
  for (const Member& member : a.members()) {
    const Value* other = b.find(member.key.view());
    if (!other || !equal(member.value, *other)) return false;
  }
  return true;
}

}  // namespace fleet::data
