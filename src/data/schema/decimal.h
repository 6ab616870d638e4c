// Decimal: a number exactly as its text says, for limits that must not be rounded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "data/value/value.h"

namespace fleet::schema {

class Decimal {
 public:
  // Of a JSON number's text; exponents beyond a million are not read.
  static std::optional<Decimal> parse(std::string_view text);
  // Of any number; nothing for other values.
  static std::optional<Decimal> of(const data::Value& number);

  static int compare(const Decimal& a, const Decimal& b);
  bool is_whole() const { return exponent_ >= 0 || digits_.empty(); }
  bool is_multiple_of(const Decimal& step) const;
  double to_double() const;
  // Digits and exponent, the same for equal numbers.
  std::string canonical() const;

 private:
  bool negative_ = false;
  std::string digits_;  // without zeros at either end; empty for zero
  int64_t exponent_ = 0;
};

// As golang.org/x/text prints %v of a float64 in English: 70,000 and 1.5×10⁰⁶.
std::string english(double number);
std::string english(int64_t number);

}  // namespace fleet::schema
