#include "data/schema/decimal.h"

#include <charconv>
#include <cstdlib>

#include "base/strings.h"

namespace fleet::schema {
namespace {

constexpr int64_t kMaxExponent = 1'000'000;

std::string shortest(double number) {
  char buffer[64];
  auto end = std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::scientific);
  return std::string(buffer, end.ptr);
}

// "1234567" as "1,234,567".
std::string grouped(std::string_view digits) {
  std::string out;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  return out;
}

std::string superscript(int64_t exponent) {
  constexpr const char* kDigits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string out = exponent < 0 ? "⁻" : "";
  std::string text = std::to_string(std::abs(exponent));
  if (text.size() < 2) text.insert(0, "0");
  for (char c : text)
    out += kDigits[c - '0'];
  return out;
}

}  // namespace

std::optional<Decimal> Decimal::parse(std::string_view text) {
  Decimal out;
  if (text.starts_with('-') || text.starts_with('+')) {
    out.negative_ = text[0] == '-';
    text.remove_prefix(1);
  }
  size_t mark = text.find_first_of("eE");
  if (mark != std::string_view::npos) {
    std::string_view exponent = trim_prefix(text.substr(mark + 1), "+");
    auto value = parse_int(exponent);
    if (!value || *value > kMaxExponent || *value < -kMaxExponent) return std::nullopt;
    out.exponent_ = *value;
    text = text.substr(0, mark);
  }
  bool point = false;
  for (char c : text) {
    if (c == '.' && !point) {
      point = true;
    } else if (c >= '0' && c <= '9') {
      out.digits_ += c;
      if (point) --out.exponent_;
    } else {
      return std::nullopt;
    }
  }
  if (out.digits_.empty()) return std::nullopt;
  size_t last = out.digits_.find_last_not_of('0');
  size_t kept = last == std::string::npos ? 0 : last + 1;
  out.exponent_ += static_cast<int64_t>(out.digits_.size() - kept);
  out.digits_.resize(kept);
  out.digits_.erase(0, std::min(out.digits_.find_first_not_of('0'), out.digits_.size()));
  if (out.digits_.empty()) out = Decimal();
  return out;
}

std::optional<Decimal> Decimal::of(const data::Value& number) {
  switch (number.type()) {
    case data::Type::Int:
      return parse(std::to_string(number.as_int()));
    case data::Type::UInt:
      return parse(std::to_string(number.as_uint()));
    case data::Type::Double:
      return parse(shortest(number.as_double()));
    case data::Type::Number:
      return parse(number.as_string());
    default:
      return std::nullopt;
  }
}

int Decimal::compare(const Decimal& a, const Decimal& b) {
  if (a.digits_.empty() || b.digits_.empty()) {
    int left = a.digits_.empty() ? 0 : (a.negative_ ? -1 : 1);
    int right = b.digits_.empty() ? 0 : (b.negative_ ? -1 : 1);
    return left - right;
  }
  if (a.negative_ != b.negative_) return a.negative_ ? -1 : 1;
  int sign = a.negative_ ? -1 : 1;
  int64_t left = static_cast<int64_t>(a.digits_.size()) + a.exponent_;
  int64_t right = static_cast<int64_t>(b.digits_.size()) + b.exponent_;
  if (left != right) return left < right ? -sign : sign;
  int order = a.digits_.compare(b.digits_);
  return order < 0 ? -sign : (order > 0 ? sign : 0);
}

bool Decimal::is_multiple_of(const Decimal& step) const {
  if (digits_.empty()) return true;
  if (step.digits_.empty()) return false;
  int64_t shift = exponent_ - step.exponent_;
  // Without trailing zeros, a number that needs finer units is never a multiple in tens; it can
  // only be one when the step's digits divide the rest, which a smaller exponent forbids.
  std::string divisor = step.digits_;
  if (shift < 0) {
    if (shift < -18) return false;
    divisor.append(static_cast<size_t>(-shift), '0');
    shift = 0;
  }
  auto modulus = parse_uint(divisor);
  if (!modulus || *modulus > UINT64_MAX / 16) return false;
  uint64_t rest = 0;
  for (char c : digits_)
    rest = (rest * 10 + static_cast<uint64_t>(c - '0')) % *modulus;
  for (int64_t i = 0; i < shift && rest != 0; ++i)
    rest = rest * 10 % *modulus;
  return rest == 0;
}

double Decimal::to_double() const {
  std::string text = canonical();
  return std::strtod(text.c_str(), nullptr);
}

std::string Decimal::canonical() const {
  if (digits_.empty()) return "0";
  return cat(negative_ ? "-" : "", digits_, "e", exponent_);
}

std::string english(int64_t number) {
  std::string digits = std::to_string(number);
  bool negative = digits.starts_with('-');
  return (negative ? "-" : "") + grouped(std::string_view(digits).substr(negative ? 1 : 0));
}

std::string english(double number) {
  std::string text = shortest(number);
  bool negative = text.starts_with('-');
  if (negative) text.erase(0, 1);
  size_t mark = text.find('e');
  int64_t exponent = parse_int(trim_prefix(text.substr(mark + 1), "+")).value_or(0);
  std::string digits = text.substr(0, mark);
  std::erase(digits, '.');
  std::string sign = negative ? "-" : "";
  if (exponent < -4 || exponent >= 6) {
    std::string fraction = digits.size() > 1 ? cat(".", digits.substr(1)) : "";
    return cat(sign, digits.substr(0, 1), fraction, "×10", superscript(exponent));
  }
  if (exponent < 0) {
    return cat(sign, "0.", repeat("0", static_cast<size_t>(-exponent - 1)), digits);
  }
  auto whole = static_cast<size_t>(exponent) + 1;
  if (digits.size() < whole) digits.append(whole - digits.size(), '0');
  std::string fraction = digits.substr(whole);
  return cat(sign,
             grouped(std::string_view(digits).substr(0, whole)),
             fraction.empty() ? "" : ".",
             fraction);
}

}  // namespace fleet::schema
