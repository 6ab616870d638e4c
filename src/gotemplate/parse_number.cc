#include <cmath>

#include "base/strings.h"
#include "gotemplate/number.h"
#include "gotemplate/parser.h"
#include "gotemplate/unquote.h"

namespace fleet::gotemplate {
namespace {

bool fits_int(double number) {
  return number >= -9223372036854775808.0 && number < 9223372036854775808.0 &&
         std::trunc(number) == number;
}

bool fits_uint(double number) {
  return number >= 0 && number < 18446744073709551616.0 && std::trunc(number) == number;
}

// What else a complex number is when its imaginary part is zero.
void simplify(NumberNode& node) {
  node.is_float = node.complex[1] == 0;
  if (!node.is_float) return;
  node.real = node.complex[0];
  node.is_int = fits_int(node.real);
  if (node.is_int) node.integer = static_cast<int64_t>(node.real);
  node.is_uint = fits_uint(node.real);
  if (node.is_uint) node.natural = static_cast<uint64_t>(node.real);
}

std::string read_rune(NumberNode& node, std::string_view text) {
  char32_t rune = 0;
  switch (unquote_rune(text, rune)) {
    case RuneSyntax::Invalid:
      return "invalid syntax";
    case RuneSyntax::Malformed:
      return cat("malformed character constant: ", text);
    case RuneSyntax::Good:
      break;
  }
  node.is_int = node.is_uint = node.is_float = true;
  node.integer = static_cast<int64_t>(rune);
  node.natural = rune;
  node.real = static_cast<double>(rune);
  return {};
}

// "1+2i": the second sign splits it.
std::string read_complex(NumberNode& node, std::string_view text) {
  size_t sign = std::string_view::npos;
  for (size_t i = 1; i < text.size(); ++i) {
    char before = static_cast<char>(text[i - 1] | 0x20);
    if ((text[i] == '+' || text[i] == '-') && before != 'e' && before != 'p') sign = i;
  }
  if (sign == std::string_view::npos) return "syntax error scanning complex number";
  auto real = parse_go_float(text.substr(0, sign));
  auto imaginary = parse_go_float(text.substr(sign, text.size() - sign - 1));
  if (!real || !imaginary) return "syntax error scanning complex number";
  node.is_complex = true;
  node.complex[0] = *real;
  node.complex[1] = *imaginary;
  simplify(node);
  return {};
}

std::string read_float(NumberNode& node, std::string_view text) {
  auto number = parse_go_float(text);
  if (!number) return {};
  // A number that reads as a float but is written as a whole one is too large for an int.
  if (text.find_first_of(".eEpP") == std::string_view::npos) {
    return cat("integer overflow: ", quote(text));
  }
  node.is_float = true;
  node.real = *number;
  if (fits_int(*number)) {
    node.is_int = true;
    node.integer = static_cast<int64_t>(*number);
  }
  if (fits_uint(*number)) {
    node.is_uint = true;
    node.natural = static_cast<uint64_t>(*number);
  }
  return {};
}

std::string read_any(NumberNode& node, const Token& token) {
  std::string_view text = token.text;
  if (token.kind == TokenKind::CharConstant) return read_rune(node, text);
  if (token.kind == TokenKind::Complex) return read_complex(node, text);
  if (text.ends_with('i')) {
    if (auto imaginary = parse_go_float(text.substr(0, text.size() - 1))) {
      node.is_complex = true;
      node.complex[1] = *imaginary;
      simplify(node);
      return {};
    }
  }
  if (auto natural = parse_go_uint(text)) {
    node.is_uint = true;
    node.natural = *natural;
  }
  if (auto integer = parse_go_int(text)) {
    node.is_int = true;
    node.integer = *integer;
    if (*integer == 0) node.is_uint = true;  // -0
  }
  if (node.is_int || node.is_uint) {
    node.is_float = true;
    node.real = node.is_int ? static_cast<double>(node.integer) : static_cast<double>(node.natural);
    return {};
  }
  std::string error = read_float(node, text);
  if (error.empty() && !node.is_float) return cat("illegal number syntax: ", quote(text));
  return error;
}

bool is_hex_int(std::string_view text) {
  return text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X') &&
         text.find_first_of("pP") == std::string_view::npos;
}

}  // namespace

std::string read_number(NumberNode& node, const Token& token) {
  node.text = token.text;
  std::string error = read_any(node, token);
  if (!error.empty()) return error;
  bool looks_float = !is_hex_int(token.text) && !token.text.starts_with('\'') &&
                     token.text.find_first_of(".eEpP") != std::string_view::npos;
  if (node.is_complex) {
    node.ideal = Value::complex(node.complex);
  } else if (node.is_float && looks_float) {
    node.ideal = Value::float64(node.real);
  } else if (node.is_int) {
    node.ideal = Value::integer(node.integer);
  } else {
    node.overflows = node.is_uint;
  }
  return {};
}

}  // namespace fleet::gotemplate
