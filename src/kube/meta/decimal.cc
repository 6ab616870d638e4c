#include "kube/meta/decimal.h"

#include <algorithm>

namespace fleet::kube::decimal {
namespace {

uint32_t digit(char c) {
  return static_cast<uint32_t>(c - '0');
}
char letter(uint64_t value) {
  return static_cast<char>('0' + value);
}

std::string finish(std::string reversed) {
  while (!reversed.empty() && reversed.back() == '0')
    reversed.pop_back();
  std::reverse(reversed.begin(), reversed.end());
  return reversed;
}

}  // namespace

std::string_view trim_zeros(std::string_view digits) {
  size_t at = digits.find_first_not_of('0');
  return at == std::string_view::npos ? std::string_view{} : digits.substr(at);
}

std::string times(std::string_view digits, uint32_t factor) {
  std::string out;
  uint64_t carry = 0;
  for (size_t i = digits.size(); i-- > 0;) {
    carry += uint64_t{digit(digits[i])} * factor;
    out += letter(carry % 10);
    carry /= 10;
  }
  for (; carry != 0; carry /= 10)
    out += letter(carry % 10);
  return finish(std::move(out));
}

std::string plus(std::string_view a, std::string_view b) {
  std::string out;
  uint32_t carry = 0;
  for (size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    if (i < a.size()) carry += digit(a[a.size() - 1 - i]);
    if (i < b.size()) carry += digit(b[b.size() - 1 - i]);
    out += letter(carry % 10);
    carry /= 10;
  }
  if (carry != 0) out += letter(carry);
  return finish(std::move(out));
}

std::string minus(std::string_view a, std::string_view b) {
  std::string out;
  uint32_t borrow = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    uint32_t take = borrow + (i < b.size() ? digit(b[b.size() - 1 - i]) : 0);
    uint32_t have = digit(a[a.size() - 1 - i]);
    borrow = have < take ? 1 : 0;
    out += letter(have + 10 * borrow - take);
  }
  return finish(std::move(out));
}

int compare(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  int order = a.compare(b);
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

uint64_t low64(std::string_view digits) {
  uint64_t out = 0;
  for (char c : digits) {
    out = out * 10 + digit(c);
  }
  return out;
}

Division divided(std::string_view digits, uint32_t divisor) {
  Division out;
  uint64_t rest = 0;
  for (char c : digits) {
    rest = rest * 10 + digit(c);
    out.quotient += letter(rest / divisor);
    rest %= divisor;
  }
  out.quotient = trim_zeros(out.quotient);
  out.remainder = static_cast<uint32_t>(rest);
  return out;
}

Cut cut(std::string_view digits, size_t places) {
  size_t keep = digits.size() > places ? digits.size() - places : 0;
  bool exact = digits.substr(keep).find_first_not_of('0') == std::string_view::npos;
  Cut out{std::string(digits.substr(0, keep)), {}};
  out.rounded_up = exact ? out.down : plus(out.down, "1");
  return out;
}

int align(std::string& a, int a_exponent, std::string& b, int b_exponent) {
  int common = std::min(a_exponent, b_exponent);
  if (!a.empty()) a.append(static_cast<size_t>(a_exponent - common), '0');
  if (!b.empty()) b.append(static_cast<size_t>(b_exponent - common), '0');
  return common;
}

}  // namespace fleet::kube::decimal
