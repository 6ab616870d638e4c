#include "gotemplate/number.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>
#include <vector>

#include "base/strings.h"

namespace fleet::gotemplate {
namespace {

bool is_decimal(char c) {
  return c >= '0' && c <= '9';
}

int digit_value(char c) {
  if (is_decimal(c)) return c - '0';
  char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'z' ? lower - 'a' + 10 : 99;
}

bool has_prefix(std::string_view text, char letter) {
  return text.size() >= 2 && text[0] == '0' && (text[1] | 0x20) == letter;
}

// Underscores stand between digits, or between a base prefix and a digit.
bool underscores_fit(std::string_view text) {
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) text.remove_prefix(1);
  char last = '^';
  bool hex = has_prefix(text, 'x');
  if (hex || has_prefix(text, 'o') || has_prefix(text, 'b')) {
    text.remove_prefix(2);
    last = '0';
  }
  for (char c : text) {
    if (is_decimal(c) || (hex && digit_value(c) < 16)) {
      last = '0';
    } else if (c == '_') {
      if (last != '0') return false;
      last = '_';
    } else {
      if (last == '_') return false;
      last = '!';
    }
  }
  return last != '_';
}

std::string without_underscores(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c != '_') out += c;
  }
  return out;
}

std::optional<double> special_float(std::string_view text) {
  bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '+' || negative)) text.remove_prefix(1);
  double infinity = std::numeric_limits<double>::infinity();
  if (equal_fold(text, "inf") || equal_fold(text, "infinity")) {
    return negative ? -infinity : infinity;
  }
  if (equal_fold(text, "nan")) return std::numeric_limits<double>::quiet_NaN();
  return std::nullopt;
}

// Digits, an optional fraction and an exponent; nothing else.
bool is_float_syntax(std::string_view text, bool hex) {
  size_t at = 0;
  bool digits = false;
  bool dot = false;
  for (; at < text.size(); ++at) {
    char c = text[at];
    if (c == '.' && !dot) {
      dot = true;
    } else if (is_decimal(c) || (hex && digit_value(c) < 16)) {
      digits = true;
    } else {
      break;
    }
  }
  if (!digits) return false;
  char exponent = hex ? 'p' : 'e';
  if (at == text.size()) return !hex;  // hexadecimal floats need an exponent
  if ((text[at++] | 0x20) != exponent) return false;
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
  if (at == text.size()) return false;
  for (; at < text.size(); ++at) {
    if (!is_decimal(text[at])) return false;
  }
  return true;
}

}  // namespace

std::optional<uint64_t> parse_go_uint(std::string_view text, int base) {
  bool any_base = base == 0;
  std::string_view digits = text;
  if (any_base) {
    base = 10;
    if (!digits.empty() && digits[0] == '0') {
      if (digits.size() >= 3 && has_prefix(digits, 'x')) {
        base = 16;
        digits.remove_prefix(2);
      } else if (digits.size() >= 3 && has_prefix(digits, 'b')) {
        base = 2;
        digits.remove_prefix(2);
      } else if (digits.size() >= 3 && has_prefix(digits, 'o')) {
        base = 8;
        digits.remove_prefix(2);
      } else {
        base = 8;
        digits.remove_prefix(1);
        if (digits.empty()) return 0;
      }
    }
  }
  if (digits.empty()) return std::nullopt;
  uint64_t number = 0;
  bool underscores = false;
  for (char c : digits) {
    if (c == '_' && any_base) {
      underscores = true;
      continue;
    }
    int digit = digit_value(c);
    if (digit >= base) return std::nullopt;
    if (__builtin_mul_overflow(number, static_cast<uint64_t>(base), &number) ||
        __builtin_add_overflow(number, static_cast<uint64_t>(digit), &number)) {
      return std::nullopt;
    }
  }
  if (underscores && !underscores_fit(text)) return std::nullopt;
  return number;
}

std::optional<int64_t> parse_go_int(std::string_view text, int base) {
  bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '+' || negative)) text.remove_prefix(1);
  auto magnitude = parse_go_uint(text, base);
  if (!magnitude) return std::nullopt;
  uint64_t limit = uint64_t{1} << 63;
  if (negative ? *magnitude > limit : *magnitude >= limit) return std::nullopt;
  return static_cast<int64_t>(negative ? uint64_t{0} - *magnitude : *magnitude);
}

namespace {

// invalid_argument for what is no float, result_out_of_range for what is too large.
std::errc read_float(std::string_view text, double& number) {
  if (auto special = special_float(text)) {
    number = *special;
    return {};
  }
  std::string plain;
  if (text.find('_') != std::string_view::npos) {
    // Go takes underscores in floats only behind a base prefix or between digits.
    if (!underscores_fit(text)) return std::errc::invalid_argument;
    plain = without_underscores(text);
    text = plain;
  }
  bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '+' || negative)) text.remove_prefix(1);
  bool hex = has_prefix(text, 'x');
  if (hex) text.remove_prefix(2);
  if (!is_float_syntax(text, hex)) return std::errc::invalid_argument;
  // from_chars reports underflow as out of range; strtod semantics are wanted for tiny numbers.
  auto [end, error] = std::from_chars(text.data(),
                                      text.data() + text.size(),
                                      number,
                                      hex ? std::chars_format::hex : std::chars_format::general);
  if (error == std::errc::result_out_of_range) {
    number = std::strtod((std::string(hex ? "0x" : "") + std::string(text)).c_str(), nullptr);
    if (std::isinf(number)) return std::errc::result_out_of_range;
  } else if (error != std::errc() || end != text.data() + text.size()) {
    return std::errc::invalid_argument;
  }
  if (negative) number = -number;
  return {};
}

}  // namespace

std::optional<double> parse_go_float(std::string_view text) {
  double number = 0;
  if (read_float(text, number) != std::errc()) return std::nullopt;
  return number;
}

Result<double> read_go_float(std::string_view text) {
  double number = 0;
  std::errc error = read_float(text, number);
  if (error == std::errc()) return number;
  bool too_large = error == std::errc::result_out_of_range;
  return Error(Code::Invalid,
               cat("strconv.ParseFloat: parsing ",
                   quote(text),
                   too_large ? ": value out of range" : ": invalid syntax"));
}

namespace {

// Shortest digits d.ddd × 10^exponent.
struct Digits {
  std::string digits;
  int exponent = 0;
};

Digits shortest_digits(double number) {
  char buffer[40];
  auto end =
      std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::scientific).ptr;
  std::string_view text(buffer, static_cast<size_t>(end - buffer));
  size_t e = text.find('e');
  Digits out;
  for (char c : text.substr(0, e)) {
    if (c != '.') out.digits += c;
  }
  std::string_view exponent = text.substr(e + 1);
  if (exponent[0] == '+') exponent.remove_prefix(1);
  std::from_chars(exponent.data(), exponent.data() + exponent.size(), out.exponent);
  return out;
}

void append_exponent(std::string& out, int exponent, char letter) {
  out += letter;
  out += exponent < 0 ? '-' : '+';
  int magnitude = std::abs(exponent);
  if (magnitude < 10) out += '0';
  out += std::to_string(magnitude);
}

void append_scientific(std::string& out, const Digits& d, char letter) {
  out += d.digits[0];
  if (d.digits.size() > 1) {
    out += '.';
    out.append(d.digits, 1);
  }
  append_exponent(out, d.exponent, letter);
}

void append_plain(std::string& out, const Digits& d) {
  auto size = static_cast<int>(d.digits.size());
  if (d.exponent < 0) {
    out += "0.";
    out.append(static_cast<size_t>(-d.exponent - 1), '0');
    out += d.digits;
  } else if (size <= d.exponent + 1) {
    out += d.digits;
    out.append(static_cast<size_t>(d.exponent + 1 - size), '0');
  } else {
    out.append(d.digits, 0, static_cast<size_t>(d.exponent + 1));
    out += '.';
    out.append(d.digits, static_cast<size_t>(d.exponent + 1));
  }
}

void append_shortest(std::string& out, double number, char format) {
  Digits d = shortest_digits(number);
  char letter = format == 'E' || format == 'G' ? 'E' : 'e';
  switch (format) {
    case 'e':
    case 'E':
      append_scientific(out, d, letter);
      return;
    case 'f':
    case 'F':
      append_plain(out, d);
      return;
    default:
      if (d.exponent < -4 || d.exponent >= 6) {
        append_scientific(out, d, letter);
      } else {
        append_plain(out, d);
      }
  }
}

// %g with a precision: trailing zeros dropped; exponents as %e decides after rounding.
void append_general(std::string& out, double number, int precision, char letter) {
  if (precision == 0) precision = 1;
  std::vector<char> buffer(static_cast<size_t>(precision) + 40);
  std::snprintf(buffer.data(), buffer.size(), "%.*e", precision - 1, number);
  std::string_view text(buffer.data());
  size_t e = text.find('e');
  Digits d;
  for (char c : text.substr(0, e)) {
    if (c != '.') d.digits += c;
  }
  d.exponent = std::atoi(text.data() + e + 1);
  while (d.digits.size() > 1 && d.digits.back() == '0')
    d.digits.pop_back();
  int threshold = precision;
  auto size = static_cast<int>(d.digits.size());
  if (threshold > size && size >= d.exponent + 1) threshold = size;
  if (d.exponent < -4 || d.exponent >= threshold) {
    append_scientific(out, d, letter);
  } else {
    append_plain(out, d);
  }
}

}  // namespace

void append_go_float(std::string& out, double number, char format, int precision) {
  if (std::isnan(number)) {
    out += "NaN";
    return;
  }
  if (std::isinf(number)) {
    out += number > 0 ? "+Inf" : "-Inf";
    return;
  }
  if (std::signbit(number)) {
    out += '-';
    number = -number;
  }
  if (precision < 0) {
    append_shortest(out, number, format);
    return;
  }
  if (format == 'g' || format == 'G') {
    append_general(out, number, precision, format == 'G' ? 'E' : 'e');
    return;
  }
  std::vector<char> buffer(static_cast<size_t>(precision) + 400);
  const char* pattern = format == 'e' ? "%.*e" : format == 'E' ? "%.*E" : "%.*f";
  std::snprintf(buffer.data(), buffer.size(), pattern, precision, number);
  out += buffer.data();
}

}  // namespace fleet::gotemplate
