// Characters and scalars of the emitter.
#include <algorithm>

#include "base/strings.h"
#include "data/yaml/emitter.h"

namespace fleet::yaml {
namespace {

unsigned char byte_at(std::string_view text, size_t i) {
  return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
}

bool is_break(std::string_view text, size_t i) {
  const unsigned char c = byte_at(text, i);
  if (c == '\n' || c == '\r') return true;
  if (c == 0xC2) return byte_at(text, i + 1) == 0x85;
  return c == 0xE2 && byte_at(text, i + 1) == 0x80 &&
         (byte_at(text, i + 2) == 0xA8 || byte_at(text, i + 2) == 0xA9);
}

bool is_space(std::string_view text, size_t i) {
  return byte_at(text, i) == ' ';
}

bool is_blankz(std::string_view text, size_t i) {
  const unsigned char c = byte_at(text, i);
  return c == ' ' || c == '\t' || c == 0 || is_break(text, i);
}

bool is_printable(std::string_view text, size_t i) {
  const unsigned char c = byte_at(text, i);
  const unsigned char d = byte_at(text, i + 1);
  const unsigned char e = byte_at(text, i + 2);
  return c == 0x0A || (c >= 0x20 && c <= 0x7E) || (c == 0xC2 && d >= 0xA0) ||
         (c > 0xC2 && c < 0xED) || (c == 0xED && d < 0xA0) || c == 0xEE ||
         (c == 0xEF && !(d == 0xBB && e == 0xBF) && !(d == 0xBF && (e == 0xBE || e == 0xBF)));
}

size_t width_at(std::string_view text, size_t i) {
  const unsigned char c = byte_at(text, i);
  size_t width = c < 0xC0 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
  return std::min(width, text.size() - i);
}

}  // namespace

Emitter::Scalar Emitter::analyze(std::string_view text, bool v3) {
  Scalar facts;
  facts.text = text;
  if (text.empty()) {
    facts.block_plain = true;
    facts.single_quoted = true;
    return facts;
  }
  bool block_indicators = text.starts_with("---") || text.starts_with("...");
  bool flow_indicators = block_indicators;
  bool line_breaks = false;
  bool special = false;
  bool tabs = false;
  bool leading_space = false;
  bool leading_break = false;
  bool trailing_space = false;
  bool trailing_break = false;
  bool break_space = false;
  bool space_break = false;
  bool previous_space = false;
  bool previous_break = false;
  bool preceded_by_whitespace = true;
  for (size_t i = 0, w = 0; i < text.size(); i += w) {
    w = width_at(text, i);
    const char c = text[i];
    const bool followed_by_whitespace = is_blankz(text, i + w);
    const bool first = i == 0;
    if (first) {
      if (std::string_view("#,[]{}&*!|>'\"%@`").find(c) != std::string_view::npos) {
        flow_indicators = block_indicators = true;
      } else if (c == '?' || c == ':') {
        flow_indicators = true;
        if (followed_by_whitespace) block_indicators = true;
      } else if (c == '-' && followed_by_whitespace) {
        flow_indicators = block_indicators = true;
      }
    } else {
      if (std::string_view(",?[]{}").find(c) != std::string_view::npos) {
        flow_indicators = true;
      } else if (c == ':') {
        flow_indicators = true;
        if (followed_by_whitespace) block_indicators = true;
      } else if (c == '#' && preceded_by_whitespace) {
        flow_indicators = block_indicators = true;
      }
    }
    if (v3 && c == '\t') {
      tabs = true;
    } else if (!is_printable(text, i)) {
      special = true;
    }
    if (is_space(text, i)) {
      if (first) leading_space = true;
      if (i + w == text.size()) trailing_space = true;
      if (previous_break) break_space = true;
      previous_space = true;
      previous_break = false;
    } else if (is_break(text, i)) {
      line_breaks = true;
      if (first) leading_break = true;
      if (i + w == text.size()) trailing_break = true;
      if (previous_space) space_break = true;
      previous_space = false;
      previous_break = true;
    } else {
      previous_space = false;
      previous_break = false;
    }
    preceded_by_whitespace = is_blankz(text, i);
  }
  facts.multiline = line_breaks;
  const bool edges = leading_space || leading_break || trailing_space || trailing_break;
  const bool quotes_only = space_break || tabs || special;
  facts.single_quoted = !break_space && !quotes_only;
  const bool plain = !edges && facts.single_quoted && !line_breaks;
  facts.flow_plain = plain && !flow_indicators;
  facts.block_plain = plain && !block_indicators;
  facts.block = !trailing_space && !space_break && !special;
  return facts;
}

void Emitter::put(char c) {
  out_ += c;
  column_++;
}

void Emitter::put_break() {
  out_ += '\n';
  column_ = 0;
  if (v3_) indention_ = true;
}

void Emitter::write(std::string_view text, size_t& i) {
  size_t width = width_at(text, i);
  out_.append(text.substr(i, width));
  column_++;
  i += width;
}

void Emitter::write_line_break(std::string_view text, size_t& i) {
  if (text[i] == '\n') {
    put_break();
    i++;
    return;
  }
  write(text, i);
  column_ = 0;
  if (v3_) indention_ = true;
}

void Emitter::write_indent() {
  const int indent = std::max(indent_, 0);
  if (!indention_ || column_ > indent || (column_ == indent && !whitespace_)) put_break();
  if (v3_ && foot_indent_ == indent) put_break();
  while (column_ < indent)
    put(' ');
  whitespace_ = true;
  if (!v3_) indention_ = true;
  foot_indent_ = -1;
}

void Emitter::indicator(std::string_view text,
                        bool need_whitespace,
                        bool is_whitespace,
                        bool is_indention) {
  if (need_whitespace && !whitespace_) put(' ');
  out_.append(text);
  column_ += static_cast<int>(text.size());
  whitespace_ = is_whitespace;
  indention_ = indention_ && is_indention;
}

void Emitter::write_plain(std::string_view text, bool allow_breaks) {
  if (!whitespace_ && (!v3_ || !text.empty())) put(' ');
  bool spaces = false;
  bool breaks = false;
  size_t i = 0;
  while (i < text.size()) {
    if (is_space(text, i)) {
      if (allow_breaks && !spaces && column_ > width_ && !is_space(text, i + 1)) {
        write_indent();
        i++;
      } else {
        write(text, i);
      }
      spaces = true;
    } else if (is_break(text, i)) {
      if (!breaks && text[i] == '\n') put_break();
      write_line_break(text, i);
      indention_ = true;
      breaks = true;
    } else {
      if (breaks) write_indent();
      write(text, i);
      indention_ = false;
      spaces = false;
      breaks = false;
    }
  }
  if (!v3_ || !text.empty()) whitespace_ = false;
  indention_ = false;
}

void Emitter::write_single(std::string_view text, bool allow_breaks) {
  indicator("'", true, false, false);
  bool spaces = false;
  bool breaks = false;
  size_t i = 0;
  while (i < text.size()) {
    if (is_space(text, i)) {
      if (allow_breaks && !spaces && column_ > width_ && i > 0 && i + 1 < text.size() &&
          !is_space(text, i + 1)) {
        write_indent();
        i++;
      } else {
        write(text, i);
      }
      spaces = true;
    } else if (is_break(text, i)) {
      if (!breaks && text[i] == '\n') put_break();
      write_line_break(text, i);
      indention_ = true;
      breaks = true;
    } else {
      if (breaks) write_indent();
      if (text[i] == '\'') put('\'');
      write(text, i);
      indention_ = false;
      spaces = false;
      breaks = false;
    }
  }
  indicator("'", false, false, false);
  whitespace_ = false;
  indention_ = false;
}

void Emitter::write_escape(std::string_view text, size_t& i) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  static constexpr std::string_view kCodes("\0\a\b\t\n\v\f\r\x1B\"\\", 11);
  static constexpr std::string_view kLetters = "0abtnvfre\"\\";
  Rune rune = decode_rune(text.substr(i));
  i += rune.size;
  const char32_t code = rune.value;
  put('\\');
  if (size_t known = code < 0x80 ? kCodes.find(static_cast<char>(code)) : std::string_view::npos;
      known != std::string_view::npos) {
    put(kLetters[known]);
    return;
  }
  if (code == 0x85 || code == 0xA0 || code == 0x2028 || code == 0x2029) {
    put(code == 0x85 ? 'N' : code == 0xA0 ? '_' : code == 0x2028 ? 'L' : 'P');
    return;
  }
  const int digits = code <= 0xFF ? 2 : code <= 0xFFFF ? 4 : 8;
  put(digits == 2 ? 'x' : digits == 4 ? 'u' : 'U');
  for (int k = digits - 1; k >= 0; k--)
    put(kDigits[(code >> (4 * k)) & 0xF]);
}

void Emitter::write_double(std::string_view text, bool allow_breaks) {
  indicator("\"", true, false, false);
  bool spaces = false;
  // As the original: behind a byte-order mark every character is escaped.
  const bool starts_with_mark = text.starts_with("\xEF\xBB\xBF");
  size_t i = 0;
  while (i < text.size()) {
    if (starts_with_mark || !is_printable(text, i) || is_break(text, i) || text[i] == '"' ||
        text[i] == '\\') {
      write_escape(text, i);
      spaces = false;
    } else if (is_space(text, i)) {
      if (allow_breaks && !spaces && column_ > width_ && i > 0 && i + 1 < text.size()) {
        write_indent();
        if (is_space(text, i + 1)) put('\\');
        i++;
      } else {
        write(text, i);
      }
      spaces = true;
    } else {
      write(text, i);
      spaces = false;
    }
  }
  indicator("\"", false, false, false);
  whitespace_ = false;
  indention_ = false;
}

void Emitter::block_hints(std::string_view text) {
  if (is_space(text, 0) || is_break(text, 0)) {
    indicator(std::to_string(options_.indent), false, false, false);
  }
  if (text.empty()) return indicator("-", false, false, false);
  auto last_at = [&](size_t end) {
    size_t i = end - 1;
    while (i > 0 && (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80)
      i--;
    return i;
  };
  size_t last = last_at(text.size());
  if (!is_break(text, last)) return indicator("-", false, false, false);
  if (last == 0 || is_break(text, last_at(last))) indicator("+", false, false, false);
}

void Emitter::write_literal(std::string_view text) {
  indicator("|", true, false, false);
  block_hints(text);
  line_comment(true);
  indention_ = true;
  whitespace_ = true;
  bool breaks = true;
  size_t i = 0;
  while (i < text.size()) {
    if (is_break(text, i)) {
      write_line_break(text, i);
      indention_ = true;
      breaks = true;
    } else {
      if (breaks) write_indent();
      write(text, i);
      indention_ = false;
      breaks = false;
    }
  }
}

void Emitter::write_folded(std::string_view text) {
  indicator(">", true, false, false);
  block_hints(text);
  line_comment(true);
  indention_ = true;
  whitespace_ = true;
  bool breaks = true;
  bool leading_spaces = true;
  size_t i = 0;
  while (i < text.size()) {
    if (is_break(text, i)) {
      if (!breaks && !leading_spaces && text[i] == '\n') {
        size_t k = 0;  // from the text's beginning, as upstream's emitter does
        while (is_break(text, k))
          k += width_at(text, k);
        if (!is_blankz(text, k)) put_break();
      }
      write_line_break(text, i);
      indention_ = true;
      breaks = true;
    } else {
      if (breaks) {
        write_indent();
        leading_spaces = is_blankz(text, i);
      }
      if (!breaks && is_space(text, i) && !is_space(text, i + 1) && column_ > width_) {
        write_indent();
        i++;
      } else {
        write(text, i);
      }
      indention_ = false;
      breaks = false;
    }
  }
}

}  // namespace fleet::yaml
