#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/strings.h"
#include "fleet/rollout/plan.h"

namespace fleet::rollout {

namespace {

// A whole number as Go's strconv.Atoi reads it, else nothing.
std::optional<int64_t> whole_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  return parse_int(text);
}

Error bad_float(std::string_view shown, std::string_view text, std::string_view why) {
  return {Code::Invalid,
          cat("failed to parse ", shown, ": strconv.ParseFloat: parsing ", quote(text), ": ", why)};
}

// As Go's strconv.ParseFloat reads "Inf" and "NaN", in any case.
std::optional<double> special_float(std::string_view text) {
  bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  if (equal_fold(text, "inf") || equal_fold(text, "infinity")) {
    return is_negative ? -HUGE_VAL : HUGE_VAL;
  }
  if (equal_fold(text, "nan")) return std::nan("");
  return std::nullopt;
}

// Digits with an optional point and exponent; hexadecimal and underscores as in Go's literals.
bool is_float(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  bool is_hex = text.starts_with("0x") || text.starts_with("0X");
  if (is_hex) text.remove_prefix(2);
  size_t digits = 0;
  bool has_point = false;
  size_t i = 0;
  for (; i < text.size(); ++i) {
    char c = text[i];
    bool is_digit =
        (c >= '0' && c <= '9') || (is_hex && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')));
    if (is_digit) {
      ++digits;
    } else if (c == '.' && !has_point) {
      has_point = true;
    } else {
      break;
    }
  }
  if (digits == 0) return false;
  if (i == text.size()) return !is_hex;
  char exponent = text[i];
  if (is_hex ? exponent != 'p' && exponent != 'P' : exponent != 'e' && exponent != 'E')
    return false;
  return parse_int(trim_prefix(text.substr(i + 1), "+")).has_value();
}

Result<double> parse_percent(const std::string& shown) {
  std::string text(trim_suffix(shown, "%"));
  if (auto special = special_float(text)) return *special;
  if (!is_float(text)) return bad_float(shown, text, "invalid syntax");
  double number = std::strtod(text.c_str(), nullptr);
  if (std::isinf(number)) return bad_float(shown, text, "value out of range");
  return number;
}

// As Go converts a double to int on amd64: what does not fit becomes the smallest number.
int64_t truncated(double number) {
  constexpr double kBound = 9223372036854775808.0;
  return std::abs(number) < kBound ? static_cast<int64_t>(number) : INT64_MIN;
}

}  // namespace

Result<int> limit(int count,
                  const std::optional<api::IntOrString>& first,
                  const std::optional<api::IntOrString>& second) {
  if (count <= 0) return 1;
  const api::IntOrString value = first    ? *first
                                 : second ? *second
                                          : api::IntOrString::of(std::string_view("100%"));
  if (!value.is_string) return std::clamp(value.number, 0, count);
  if (auto number = whole_number(value.text); number && *number > 0) {
    return static_cast<int>(*number);
  }
  if (!value.text.ends_with('%')) {
    return Error{
        Code::Invalid,
        cat("invalid maxUnavailable, must be int or percentage (ending with %): ", value.text)};
  }
  double percent = TRY(parse_percent(value.text));
  if (percent <= 0) return 1;
  int64_t allowed = truncated(count * percent) / 100;
  if (allowed <= 0) return 1;
  return allowed > count ? count : static_cast<int>(allowed);
}

}  // namespace fleet::rollout
