#include "data/value/float_text.h"

#include <charconv>
#include <cmath>
#include <string_view>

#include "base/strings.h"

namespace fleet::data {
namespace {

template <typename Number>
std::string shortest(Number number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "+Inf" : "-Inf";
  char digits[512];
  auto print = [&](std::chars_format format) {
    auto result = std::to_chars(digits, digits + sizeof digits, number, format);
    return std::string_view(digits, static_cast<size_t>(result.ptr - digits));
  };
  std::string_view scientific = print(std::chars_format::scientific);
  size_t mark = scientific.find('e');
  auto exponent = parse_int(trim_prefix(scientific.substr(mark + 1), "+")).value_or(0);
  if (exponent < -4 || exponent >= 6) return std::string(scientific);
  return std::string(print(std::chars_format::fixed));
}

}  // namespace

std::string float_text(double number, Precision precision) {
  return precision == Precision::Double ? shortest(number) : shortest(static_cast<float>(number));
}

}  // namespace fleet::data
