// Arithmetic on natural numbers written as decimal digits: what exact quantities need, no more.
// "" is zero; no leading zeros. For the .cc files of this room.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fleet::kube::decimal {

std::string_view trim_zeros(std::string_view digits);  // leading ones
std::string times(std::string_view digits, uint32_t factor);
std::string plus(std::string_view a, std::string_view b);
std::string minus(std::string_view a, std::string_view b);  // a >= b
int compare(std::string_view a, std::string_view b);
uint64_t low64(std::string_view digits);  // modulo 2^64

struct Division {
  std::string quotient;
  uint32_t remainder = 0;
};
Division divided(std::string_view digits, uint32_t divisor);

// Without the last `places` digits.
struct Cut {
  std::string down;
  std::string rounded_up;
};
Cut cut(std::string_view digits, size_t places);

// Gives both the smaller of the exponents and returns it.
int align(std::string& a, int a_exponent, std::string& b, int b_exponent);

}  // namespace fleet::kube::decimal
