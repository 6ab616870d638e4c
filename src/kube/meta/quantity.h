// Quantity: "500m", "1.5Gi", "12e6": exact amounts. As apimachinery's resource.Quantity.
//
// Held as decimal digits times a power of ten. Finer than 1n is rounded up (away from zero);
// BinarySI amounts are capped at 2^63-1, as there.
// Limits: kMaxQuantityDigits digits, exponents up to kMaxQuantityExponent either way.
// Errors: Invalid, with apimachinery's sentences.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "data/fields/type.h"
#include "data/value/value.h"

namespace fleet::kube {

inline constexpr size_t kMaxQuantityDigits = 1000;
inline constexpr int kMaxQuantityExponent = 10'000;

class Quantity {
 public:
  enum class Format { DecimalExponent, BinarySI, DecimalSI };

  Quantity() = default;
  static Result<Quantity> parse(std::string_view text);
  // From JSON: a text, or a number kept as written or whole. Null is zero.
  static Result<Quantity> from_value(const data::Value& value);
  static Quantity of(int64_t value, Format format = Format::DecimalSI);

  Format format() const { return format_; }
  int sign() const;
  bool is_zero() const { return sign() == 0; }
  int64_t value() const;        // rounded up
  int64_t milli_value() const;  // rounded up
  double as_double() const;
  std::string decimal() const;  // plain digits, as AsDec().String()
  std::string str() const;      // canonical, or as written where Go keeps the text

  int compare(const Quantity& other) const;
  void add(const Quantity& other);
  void subtract(const Quantity& other);

  static const data::TypeInfo& data_type();

 private:
  struct Parts;
  static Result<Parts> split(std::string_view text);
  bool set_narrow(const Parts& parts, std::string_view text);
  Result<> set_wide(const Parts& parts);
  void add_signed(const Quantity& other, bool negate);
  int64_t scaled(int scale) const;
  std::string canonical() const;

  // amount = (negative ? -1 : 1) * digits * 10^exponent; digits has no leading zeros, "" is zero.
  std::string digits_;
  int exponent_ = 0;
  bool negative_ = false;
  bool wide_ = false;  // a big decimal in Go, where value() of what does not fit wraps differently
  Format format_ = Format::DecimalSI;
  std::string written_;  // the text that Go's String answers unchanged, "" if none
};
std::string_view to_string(Quantity::Format format);

}  // namespace fleet::kube
