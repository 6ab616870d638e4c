// Decimal numbers of any size, for sprig's addf, subf, mulf and divf: shopspring/decimal 1.4.
//
// A number is digits × 10^exponent. Adding, subtracting and multiplying are exact; dividing gives
// kDivisionDigits digits behind the point, rounded half away from zero.
// For the .cc files of this room.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace fleet::gotemplate {

inline constexpr int kDivisionDigits = 16;

class Decimal {
 public:
  // The shortest decimal that reads back as `number`. Invalid for NaN and infinities.
  static Result<Decimal> from_double(double number);
  double to_double() const;  // the nearest one

  Decimal plus(const Decimal& other) const;
  Decimal minus(const Decimal& other) const;
  Decimal times(const Decimal& other) const;
  Result<Decimal> divided_by(const Decimal& other) const;  // Invalid: "decimal division by 0"

 private:
  using Digits = std::vector<uint8_t>;  // least significant first, no zeros at the top

  static int compare(const Digits& a, const Digits& b);
  static Digits add(const Digits& a, const Digits& b);
  static Digits subtract(const Digits& a, const Digits& b);  // a >= b
  static void trim(Digits& digits);
  static Digits shifted(const Digits& digits, size_t zeros);
  bool is_zero() const { return digits_.empty(); }

  bool negative_ = false;
  Digits digits_;
  int exponent_ = 0;
};

}  // namespace fleet::gotemplate
