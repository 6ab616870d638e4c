#include "gotemplate/unquote.h"

#include <cstdio>

#include "base/strings.h"

namespace fleet::gotemplate {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

struct Character {
  char32_t value = 0;
  bool is_byte = false;  // \x or octal: one byte, not a rune
};

std::optional<Character> numeric_escape(std::string_view& rest, size_t digits, bool rune) {
  if (rest.size() < digits) return std::nullopt;
  uint32_t value = 0;
  for (size_t i = 0; i < digits; ++i) {
    int digit = hex_digit(rest[i]);
    if (digit < 0) return std::nullopt;
    value = value << 4 | static_cast<uint32_t>(digit);
  }
  rest.remove_prefix(digits);
  if (!rune) return Character{value, true};
  if (value > 0x10FFFF || (value >= 0xD800 && value < 0xE000)) return std::nullopt;
  return Character{value, false};
}

std::optional<Character> octal_escape(std::string_view& rest, char first) {
  if (rest.size() < 2) return std::nullopt;
  auto value = static_cast<uint32_t>(first - '0');
  for (size_t i = 0; i < 2; ++i) {
    if (rest[i] < '0' || rest[i] > '7') return std::nullopt;
    value = value << 3 | static_cast<uint32_t>(rest[i] - '0');
  }
  if (value > 255) return std::nullopt;
  rest.remove_prefix(2);
  return Character{value, true};
}

std::optional<Character> simple_escape(char c, char quote_mark) {
  switch (c) {
    case 'a':
      return Character{'\a'};
    case 'b':
      return Character{'\b'};
    case 'f':
      return Character{'\f'};
    case 'n':
      return Character{'\n'};
    case 'r':
      return Character{'\r'};
    case 't':
      return Character{'\t'};
    case 'v':
      return Character{'\v'};
    case '\\':
      return Character{'\\'};
    case '\'':
    case '"':
      if (c != quote_mark) return std::nullopt;
      return Character{static_cast<char32_t>(c)};
    default:
      return std::nullopt;
  }
}

// Takes one character or escape from the front.
std::optional<Character> take_character(std::string_view& rest, char quote_mark) {
  if (rest.empty() || rest[0] == quote_mark) return std::nullopt;
  if (rest[0] != '\\') {
    Rune rune = decode_rune(rest);
    rest.remove_prefix(rune.size);
    return Character{rune.value, false};
  }
  if (rest.size() < 2) return std::nullopt;
  char c = rest[1];
  rest.remove_prefix(2);
  if (c == 'x') return numeric_escape(rest, 2, false);
  if (c == 'u') return numeric_escape(rest, 4, true);
  if (c == 'U') return numeric_escape(rest, 8, true);
  if (c >= '0' && c <= '7') return octal_escape(rest, c);
  return simple_escape(c, quote_mark);
}

void append_escaped(std::string& out, char32_t rune, char quote_mark, bool ascii) {
  char code[16];
  if (rune == static_cast<char32_t>(quote_mark) || rune == '\\') {
    out += '\\';
    out += static_cast<char>(rune);
    return;
  }
  if (ascii ? rune >= ' ' && rune < 0x7F : is_printable(rune)) {
    append_rune(out, rune);
    return;
  }
  static constexpr std::string_view kNamed = "abtnvfr";  // from 7 on
  if (rune >= 7 && rune <= 13) {
    out += '\\';
    out += kNamed[rune - 7];
  } else if (rune < ' ' || rune == 0x7F) {
    std::snprintf(code, sizeof code, "\\x%02x", static_cast<unsigned>(rune));
    out += code;
  } else {
    std::snprintf(
        code, sizeof code, rune < 0x10000 ? "\\u%04x" : "\\U%08x", static_cast<unsigned>(rune));
    out += code;
  }
}

}  // namespace

std::optional<std::string> unquote(std::string_view quoted) {
  if (quoted.size() < 2 || quoted.front() != quoted.back()) return std::nullopt;
  std::string_view rest = quoted.substr(1, quoted.size() - 2);
  std::string out;
  if (quoted[0] == '`') {
    if (rest.find('`') != std::string_view::npos) return std::nullopt;
    for (char c : rest) {
      if (c != '\r') out += c;
    }
    return out;
  }
  if (quoted[0] != '"') return std::nullopt;
  while (!rest.empty()) {
    if (rest[0] == '\n') return std::nullopt;
    if (rest[0] != '\\' && rest[0] != '"') {  // copied as it is, bad UTF-8 too
      Rune rune = decode_rune(rest);
      if (rune.valid) {
        out += rest.substr(0, rune.size);
      } else {
        append_rune(out, 0xFFFD);
      }
      rest.remove_prefix(rune.size);
      continue;
    }
    auto character = take_character(rest, '"');
    if (!character) return std::nullopt;
    if (character->is_byte) {
      out += static_cast<char>(character->value);
    } else {
      append_rune(out, character->value);
    }
  }
  return out;
}

RuneSyntax unquote_rune(std::string_view quoted, char32_t& rune) {
  std::string_view rest = quoted.substr(1);
  auto character = take_character(rest, '\'');
  if (!character) return RuneSyntax::Invalid;
  rune = character->value;
  return rest == "'" ? RuneSyntax::Good : RuneSyntax::Malformed;
}

std::string quote_ascii(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    Rune rune = decode_rune(text);
    if (!rune.valid) {
      char code[8];
      std::snprintf(code, sizeof code, "\\x%02x", static_cast<unsigned char>(text[0]));
      out += code;
    } else {
      append_escaped(out, rune.value, '"', true);
    }
    text.remove_prefix(rune.size);
  }
  return out + "\"";
}

std::string quote_rune(int64_t rune, bool ascii) {
  bool valid = rune >= 0 && rune <= 0x10FFFF && !(rune >= 0xD800 && rune < 0xE000);
  std::string out = "'";
  append_escaped(out, valid ? static_cast<char32_t>(rune) : 0xFFFD, '\'', ascii);
  return out + "'";
}

bool can_backquote(std::string_view text) {
  while (!text.empty()) {
    Rune rune = decode_rune(text);
    if (!rune.valid || rune.value == 0xFEFF) return false;
    if ((rune.value < ' ' && rune.value != '\t') || rune.value == '`' || rune.value == 0x7F) {
      return false;
    }
    text.remove_prefix(rune.size);
  }
  return true;
}

}  // namespace fleet::gotemplate
