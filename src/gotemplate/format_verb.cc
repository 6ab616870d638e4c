#include "gotemplate/format_verb.h"

#include <cmath>
#include <cstdio>
#include <vector>

#include "base/strings.h"
#include "gotemplate/number.h"
#include "gotemplate/unquote.h"

namespace fleet::gotemplate {
namespace {

constexpr std::string_view kLower = "0123456789abcdef";
constexpr std::string_view kUpper = "0123456789ABCDEF";

// %b of a float: the whole mantissa and a power of two.
void append_binary_float(std::string& out, double number) {
  int exponent = 0;
  double mantissa = std::frexp(number, &exponent);
  auto whole = static_cast<int64_t>(std::ldexp(mantissa, 53));
  exponent -= 53;
  if (number == 0) exponent = -1074;
  out += cat(whole, "p", exponent < 0 ? "-" : "+", std::abs(exponent));
}

// %x of a float: 0x1.8p+01.
void append_hex_float(std::string& out, double number, int precision, bool upper) {
  std::vector<char> buffer(static_cast<size_t>(precision < 0 ? 0 : precision) + 64);
  if (precision < 0) {
    std::snprintf(buffer.data(), buffer.size(), upper ? "%A" : "%a", number);
  } else {
    std::snprintf(buffer.data(), buffer.size(), upper ? "%.*A" : "%.*a", precision, number);
  }
  std::string text = buffer.data();
  size_t p = text.find(upper ? 'P' : 'p');
  size_t first = text.find('2') == 2 ? 2 : text.find('2') == 3 && text[0] == '-' ? 3 : 0;
  if (first > 0 && p != std::string::npos) {  // rounded up to 2: Go counts in ones
    text[first] = '1';
    int exponent = std::atoi(text.c_str() + p + 1) + 1;
    text = cat(text.substr(0, p + 1), exponent < 0 ? "-" : "+", std::abs(exponent));
  }
  if (p != std::string::npos && text.size() - p == 3) text.insert(p + 2, 1, '0');
  out += text;
}

}  // namespace

void Field::padding(int count) {
  if (count > 0) out_.append(static_cast<size_t>(count), flags.zero && !flags.minus ? '0' : ' ');
}

void Field::pad(std::string_view text) {
  if (!flags.has_width || flags.width == 0) {
    out_ += text;
    return;
  }
  int width = flags.width - static_cast<int>(rune_count(text));
  if (!flags.minus) padding(width);
  out_ += text;
  if (flags.minus) padding(width);
}

std::string_view Field::truncated(std::string_view text) const {
  if (!flags.has_precision) return text;
  size_t at = 0;
  for (int runes = flags.precision; runes > 0 && at < text.size(); --runes) {
    at += decode_rune(text.substr(at)).size;
  }
  return text.substr(0, at);
}

void Field::integer(uint64_t number, int base, bool is_signed, char32_t verb, bool upper) {
  bool negative = is_signed && static_cast<int64_t>(number) < 0;
  if (negative) number = uint64_t{0} - number;
  int precision = 0;
  bool zero = flags.zero;
  if (flags.has_precision) {
    precision = flags.precision;
    if (precision == 0 && number == 0) {
      flags.zero = false;
      padding(flags.width);
      flags.zero = zero;
      return;
    }
  } else if (flags.zero && !flags.minus && flags.has_width) {
    precision = flags.width - (negative || flags.plus || flags.space ? 1 : 0);
  }
  std::string_view digits = upper ? kUpper : kLower;
  std::string reversed;
  do {
    reversed += digits[number % static_cast<uint64_t>(base)];
    number /= static_cast<uint64_t>(base);
  } while (number > 0);
  while (static_cast<int>(reversed.size()) < precision)
    reversed += '0';
  if (flags.sharp) {
    if (base == 2) reversed += "b0";
    if (base == 8 && reversed.back() != '0') reversed += '0';
    if (base == 16) reversed += upper ? "X0" : "x0";
  }
  if (verb == 'O') reversed += "o0";
  if (negative) {
    reversed += '-';
  } else if (flags.plus) {
    reversed += '+';
  } else if (flags.space) {
    reversed += ' ';
  }
  flags.zero = false;
  pad(std::string(reversed.rbegin(), reversed.rend()));
  flags.zero = zero;
}

void Field::unicode(uint64_t number) {
  char code[24];
  std::snprintf(code, sizeof code, "%04llX", static_cast<unsigned long long>(number));
  std::string text = code;
  int precision = flags.has_precision && flags.precision > 4 ? flags.precision : 4;
  while (static_cast<int>(text.size()) < precision)
    text.insert(0, 1, '0');
  text.insert(0, "U+");
  if (flags.sharp && number <= 0x10FFFF && is_printable(static_cast<char32_t>(number))) {
    text += " '";
    append_rune(text, static_cast<char32_t>(number));
    text += "'";
  }
  bool zero = flags.zero;
  flags.zero = false;
  pad(text);
  flags.zero = zero;
}

void Field::character(uint64_t number) {
  std::string text;
  bool surrogate = number >= 0xD800 && number < 0xE000;
  append_rune(text, number > 0x10FFFF || surrogate ? 0xFFFD : static_cast<char32_t>(number));
  pad(text);
}

void Field::quoted_character(uint64_t number) {
  pad(quote_rune(number > 0x10FFFF ? 0xFFFD : static_cast<int64_t>(number), flags.plus));
}

void Field::hex(std::string_view bytes, bool upper) {
  if (flags.has_precision && static_cast<size_t>(flags.precision) < bytes.size()) {
    bytes = bytes.substr(0, static_cast<size_t>(flags.precision));
  }
  if (bytes.empty()) {
    if (flags.has_width) padding(flags.width);
    return;
  }
  std::string_view digits = upper ? kUpper : kLower;
  std::string text;
  std::string_view prefix = !flags.sharp ? "" : upper ? "0X" : "0x";
  text += prefix;
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (flags.space && i > 0) {
      text += ' ';
      text += prefix;
    }
    auto byte = static_cast<unsigned char>(bytes[i]);
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  pad(text);
}

void Field::quoted(std::string_view text) {
  text = truncated(text);
  if (flags.sharp && can_backquote(text)) {
    pad(cat("`", text, "`"));
  } else {
    pad(flags.plus ? quote_ascii(text) : quote(text));
  }
}

namespace {

// The '#' flag: always a decimal point, and for %g no trailing zeros cut.
void keep_zeros(std::string& number, char verb, int precision) {
  int digits = 0;
  if (verb == 'v' || verb == 'g' || verb == 'G' || verb == 'x') {
    digits = precision < 0 ? 6 : precision;
  }
  std::string tail;
  bool point = false;
  bool nonzero = false;
  for (size_t i = 1; i < number.size(); ++i) {
    char c = number[i];
    bool hex = verb == 'x' || verb == 'X';
    if (c == '.') {
      point = true;
    } else if (c == 'p' || c == 'P' || ((c == 'e' || c == 'E') && !hex)) {
      tail = number.substr(i);
      number.resize(i);
    } else {
      if (c != '0') nonzero = true;
      if (nonzero) --digits;
    }
  }
  if (!point) {
    if (number.size() == 2 && number[1] == '0') --digits;
    number += '.';
  }
  if (digits > 0) number.append(static_cast<size_t>(digits), '0');
  number += tail;
}

}  // namespace

void Field::floating(double number, char verb, int precision) {
  if (flags.has_precision) precision = flags.precision;
  std::string text;
  if (!std::isfinite(number)) {
    append_go_float(text, number, 'g', -1);
  } else if (verb == 'b') {
    append_binary_float(text, number);
  } else if (verb == 'x' || verb == 'X') {
    append_hex_float(text, number, precision, verb == 'X');
  } else {
    append_go_float(text, number, verb, precision);
  }
  if (text[0] != '-' && text[0] != '+') text.insert(0, 1, '+');
  if (flags.space && text[0] == '+' && !flags.plus) text[0] = ' ';
  bool zero = flags.zero;
  if (!std::isfinite(number)) {
    flags.zero = false;
    if (std::isnan(number) && !flags.space && !flags.plus) {
      text.erase(0, 1);
      pad(text);
    } else {
      pad(text);
    }
    flags.zero = zero;
    return;
  }
  if (flags.sharp && verb != 'b') keep_zeros(text, verb, precision);
  if (!flags.plus && text[0] == '+') return pad(std::string_view(text).substr(1));
  int size = static_cast<int>(text.size());
  if (flags.zero && !flags.minus && flags.has_width && flags.width > size) {
    out_ += text[0];
    padding(flags.width - size);
    out_.append(text, 1);
    return;
  }
  pad(text);
}

}  // namespace fleet::gotemplate
