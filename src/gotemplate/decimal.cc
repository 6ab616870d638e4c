#include "gotemplate/decimal.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "base/strings.h"
#include "gotemplate/number.h"

namespace fleet::gotemplate {

Result<Decimal> Decimal::from_double(double number) {
  if (!std::isfinite(number)) {
    std::string text;
    append_go_float(text, number, 'g', -1);
    return Error(Code::Invalid, cat("Cannot create a Decimal from ", text));
  }
  Decimal out;
  if (number == 0) return out;
  std::string text;
  append_go_float(text, std::fabs(number), 'e', -1);
  size_t e = text.find('e');
  size_t point = text.find('.');
  size_t fraction = point == std::string::npos ? 0 : e - point - 1;
  for (size_t i = e; i > 0; --i) {
    if (text[i - 1] != '.') out.digits_.push_back(static_cast<uint8_t>(text[i - 1] - '0'));
  }
  trim(out.digits_);
  out.negative_ = number < 0;
  out.exponent_ = std::atoi(text.c_str() + e + 1) - static_cast<int>(fraction);
  return out;
}

double Decimal::to_double() const {
  if (is_zero()) return 0;
  std::string text = negative_ ? "-" : "";
  for (auto at = digits_.rbegin(); at != digits_.rend(); ++at)
    text += static_cast<char>('0' + *at);
  text += cat("e", exponent_);
  return std::strtod(text.c_str(), nullptr);
}

void Decimal::trim(Digits& digits) {
  while (!digits.empty() && digits.back() == 0)
    digits.pop_back();
}

int Decimal::compare(const Digits& a, const Digits& b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  for (size_t i = a.size(); i > 0; --i) {
    if (a[i - 1] != b[i - 1]) return a[i - 1] < b[i - 1] ? -1 : 1;
  }
  return 0;
}

Decimal::Digits Decimal::add(const Digits& a, const Digits& b) {
  Digits out;
  int carry = 0;
  for (size_t i = 0; i < std::max(a.size(), b.size()) || carry > 0; ++i) {
    int sum = carry + (i < a.size() ? a[i] : 0) + (i < b.size() ? b[i] : 0);
    out.push_back(static_cast<uint8_t>(sum % 10));
    carry = sum / 10;
  }
  return out;
}

Decimal::Digits Decimal::subtract(const Digits& a, const Digits& b) {
  Digits out = a;
  int borrow = 0;
  for (size_t i = 0; i < out.size(); ++i) {
    int difference = out[i] - borrow - (i < b.size() ? b[i] : 0);
    borrow = difference < 0 ? 1 : 0;
    out[i] = static_cast<uint8_t>(difference + borrow * 10);
  }
  trim(out);
  return out;
}

Decimal::Digits Decimal::shifted(const Digits& digits, size_t zeros) {
  if (digits.empty()) return digits;
  Digits out(zeros, 0);
  out.insert(out.end(), digits.begin(), digits.end());
  return out;
}

Decimal Decimal::plus(const Decimal& other) const {
  Decimal out;
  out.exponent_ = std::min(exponent_, other.exponent_);
  Digits a = shifted(digits_, static_cast<size_t>(exponent_ - out.exponent_));
  Digits b = shifted(other.digits_, static_cast<size_t>(other.exponent_ - out.exponent_));
  if (negative_ == other.negative_) {
    out.digits_ = add(a, b);
    out.negative_ = negative_;
    return out;
  }
  bool larger = compare(a, b) >= 0;
  out.digits_ = larger ? subtract(a, b) : subtract(b, a);
  out.negative_ = larger ? negative_ : other.negative_;
  return out;
}

Decimal Decimal::minus(const Decimal& other) const {
  Decimal negated = other;
  negated.negative_ = !other.negative_;
  return plus(negated);
}

Decimal Decimal::times(const Decimal& other) const {
  Decimal out;
  out.negative_ = negative_ != other.negative_;
  out.exponent_ = exponent_ + other.exponent_;
  if (is_zero() || other.is_zero()) return Decimal();
  out.digits_.assign(digits_.size() + other.digits_.size(), 0);
  for (size_t i = 0; i < digits_.size(); ++i) {
    int carry = 0;
    for (size_t j = 0; j < other.digits_.size() || carry > 0; ++j) {
      int sum = out.digits_[i + j] + carry +
                (j < other.digits_.size() ? digits_[i] * other.digits_[j] : 0);
      out.digits_[i + j] = static_cast<uint8_t>(sum % 10);
      carry = sum / 10;
    }
  }
  trim(out.digits_);
  return out;
}

Result<Decimal> Decimal::divided_by(const Decimal& other) const {
  if (other.is_zero()) return Error(Code::Invalid, "decimal division by 0");
  // Both sides as whole numbers of 10^-kDivisionDigits times the divisor.
  int shift = exponent_ - other.exponent_ + kDivisionDigits;
  Digits dividend = shift > 0 ? shifted(digits_, static_cast<size_t>(shift)) : digits_;
  Digits divisor = shift < 0 ? shifted(other.digits_, static_cast<size_t>(-shift)) : other.digits_;
  Decimal out;
  out.exponent_ = -kDivisionDigits;
  out.negative_ = negative_ != other.negative_;
  out.digits_.assign(dividend.size(), 0);
  Digits rest;
  for (size_t i = dividend.size(); i > 0; --i) {
    rest.insert(rest.begin(), dividend[i - 1]);
    trim(rest);
    while (compare(rest, divisor) >= 0) {
      rest = subtract(rest, divisor);
      ++out.digits_[i - 1];
    }
  }
  trim(out.digits_);
  if (compare(add(rest, rest), divisor) >= 0) out.digits_ = add(out.digits_, {1});
  return out;
}

}  // namespace fleet::gotemplate
