// Scalars: block, quoted and plain.
#include <utility>

#include "base/strings.h"
#include "data/yaml/scanner.h"

namespace fleet::yaml {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// White space and line breaks met inside a scalar, to be folded when text follows.
struct Gap {
  bool leading_blanks = false;
  std::string leading_break;
  std::string trailing_breaks;
  std::string blanks;

  void fold_into(std::string& text) {
    if (!leading_blanks) {
      text += blanks;
    } else if (leading_break.starts_with('\n')) {
      text += trailing_breaks.empty() ? " " : trailing_breaks;
    } else {
      text += leading_break;
      text += trailing_breaks;
    }
    leading_break.clear();
    trailing_breaks.clear();
    blanks.clear();
  }
};

}  // namespace

bool Scanner::scan_block_scalar(bool literal) {
  if (!remove_simple_key()) return false;
  simple_key_allowed_ = true;
  Token token;
  token.type = TokenType::Scalar;
  token.style = literal ? kLiteral : kFolded;
  token.start = mark_;
  advance();
  char chomping = '\0';
  int increment = 0;
  auto take_chomping = [&] {
    if (at() != '+' && at() != '-') return;
    chomping = at();
    advance();
  };
  take_chomping();
  if (at() >= '0' && at() <= '9') {
    if (at() == '0') return fail(token.start, "found an indentation indicator equal to 0");
    increment = at() - '0';
    advance();
    if (chomping == '\0') take_chomping();
  }
  while (is_blank())
    advance();
  if (at() == '#') {
    if (dialect_ == Dialect::V3 && !scan_line_comment(token.start)) return false;
    while (!is_breakz())
      advance();
  }
  if (!is_breakz()) return fail(token.start, "did not find expected comment or line break");
  if (is_break()) advance_line();
  token.end = mark_;
  int indent = increment == 0 ? 0 : (indent_ >= 0 ? indent_ + increment : increment);

  std::string leading_break;
  std::string trailing_breaks;
  bool leading_blank = false;
  if (!scan_block_breaks(indent, trailing_breaks, token.start, token.end)) return false;
  while (mark_.column == indent && !is_z()) {
    bool trailing_blank = is_blank();
    if (!literal && !leading_blank && !trailing_blank && leading_break.starts_with('\n')) {
      if (trailing_breaks.empty()) token.value += ' ';
    } else {
      token.value += leading_break;
    }
    leading_break.clear();
    token.value += trailing_breaks;
    trailing_breaks.clear();
    leading_blank = is_blank();
    while (!is_breakz())
      read(token.value);
    if (is_break()) read_line(leading_break);
    if (!scan_block_breaks(indent, trailing_breaks, token.start, token.end)) return false;
  }
  if (chomping != '-') token.value += leading_break;
  if (chomping == '+') token.value += trailing_breaks;
  tokens_.push_back(std::move(token));
  return true;
}

bool Scanner::scan_block_breaks(int& indent, std::string& breaks, const Mark& start, Mark& end) {
  end = mark_;
  int max_indent = 0;
  while (true) {
    while ((indent == 0 || mark_.column < indent) && at() == ' ')
      advance();
    if (mark_.column > max_indent) max_indent = mark_.column;
    if ((indent == 0 || mark_.column < indent) && at() == '\t') {
      return fail(start, "found a tab character where an indentation space is expected");
    }
    if (!is_break()) break;
    read_line(breaks);
    end = mark_;
  }
  if (indent == 0) {
    indent = max_indent;
    if (indent < indent_ + 1) indent = indent_ + 1;
    if (indent < 1) indent = 1;
  }
  return true;
}

bool Scanner::scan_flow_scalar(bool single) {
  if (!save_simple_key()) return false;
  simple_key_allowed_ = false;
  Token token;
  token.type = TokenType::Scalar;
  token.style = single ? kSingleQuoted : kDoubleQuoted;
  token.start = mark_;
  const char quote = single ? '\'' : '"';
  advance();
  Gap gap;
  while (true) {
    if (is_document_mark('-') || is_document_mark('.')) {
      return fail(token.start, "found unexpected document indicator");
    }
    if (is_z()) return fail(token.start, "found unexpected end of stream");
    gap.leading_blanks = false;
    if (!scan_flow_word(single, gap.leading_blanks, token.value, token.start)) return false;
    if (at() == quote) break;
    while (is_blank() || is_break()) {
      if (is_blank()) {
        if (gap.leading_blanks) {
          advance();
        } else {
          read(gap.blanks);
        }
      } else if (!gap.leading_blanks) {
        gap.blanks.clear();
        read_line(gap.leading_break);
        gap.leading_blanks = true;
      } else {
        read_line(gap.trailing_breaks);
      }
    }
    gap.fold_into(token.value);
  }
  advance();
  token.end = mark_;
  tokens_.push_back(std::move(token));
  return true;
}

// Up to the next blank, break or closing quote.
bool Scanner::scan_flow_word(bool single,
                             bool& leading_blanks,
                             std::string& text,
                             const Mark& start) {
  while (!is_blankz()) {
    if (single && at() == '\'' && at(1) == '\'') {
      text += '\'';
      advance();
      advance();
    } else if (at() == (single ? '\'' : '"')) {
      break;
    } else if (!single && at() == '\\' && is_break(1)) {
      advance();
      advance_line();
      leading_blanks = true;
      break;
    } else if (!single && at() == '\\') {
      if (!scan_escape(text, start)) return false;
    } else {
      read(text);
    }
  }
  return true;
}

bool Scanner::scan_escape(std::string& text, const Mark& start) {
  static constexpr std::string_view kLetters = "0abt\tnvfre \"'\\";
  static constexpr std::string_view kMeanings("\0\a\b\t\t\n\v\f\r\x1B \"'\\", 14);
  const char c = at(1);
  size_t digits = 0;
  if (size_t known = kLetters.find(c); known != std::string_view::npos && c != '\0') {
    text += kMeanings[known];
  } else if (c == 'N') {
    text += "\xC2\x85";
  } else if (c == '_') {
    text += "\xC2\xA0";
  } else if (c == 'L') {
    text += "\xE2\x80\xA8";
  } else if (c == 'P') {
    text += "\xE2\x80\xA9";
  } else if (c == 'x' || c == 'u' || c == 'U') {
    digits = c == 'x' ? 2 : c == 'u' ? 4 : 8;
  } else {
    return fail(start, "found unknown escape character");
  }
  advance();
  advance();
  if (digits == 0) return true;
  uint32_t code = 0;
  for (size_t i = 0; i < digits; i++) {
    int digit = hex_digit(at(i));
    if (digit < 0) return fail(start, "did not find expected hexdecimal number");
    code = code * 16 + static_cast<uint32_t>(digit);
  }
  if ((code >= 0xD800 && code <= 0xDFFF) || code > 0x10FFFF) {
    return fail(start, "found invalid Unicode character escape code");
  }
  append_rune(text, code);
  for (size_t i = 0; i < digits; i++)
    advance();
  return true;
}

bool Scanner::scan_plain() {
  if (!save_simple_key()) return false;
  simple_key_allowed_ = false;
  Token token;
  token.type = TokenType::Scalar;
  token.start = token.end = mark_;
  Gap gap;
  const int indent = indent_ + 1;
  while (true) {
    if (is_document_mark('-') || is_document_mark('.') || at() == '#') break;
    while (!is_blankz()) {
      if (at() == ':' && is_blankz(1)) break;
      if (flow_level_ > 0 && std::string_view(",?[]{}").find(at()) != std::string_view::npos) break;
      if (gap.leading_blanks || !gap.blanks.empty()) {
        gap.fold_into(token.value);
        gap.leading_blanks = false;
      }
      read(token.value);
      token.end = mark_;
    }
    if (!is_blank() && !is_break()) break;
    while (is_blank() || is_break()) {
      if (is_blank()) {
        if (gap.leading_blanks && mark_.column < indent && at() == '\t') {
          return fail(token.start, "found a tab character that violates indentation");
        }
        if (gap.leading_blanks) {
          advance();
        } else {
          read(gap.blanks);
        }
      } else if (!gap.leading_blanks) {
        gap.blanks.clear();
        read_line(gap.leading_break);
        gap.leading_blanks = true;
      } else {
        read_line(gap.trailing_breaks);
      }
    }
    if (flow_level_ == 0 && mark_.column < indent) break;
  }
  if (gap.leading_blanks) simple_key_allowed_ = true;
  tokens_.push_back(std::move(token));
  return true;
}

}  // namespace fleet::yaml
