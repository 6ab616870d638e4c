// The characters of a TOML text, with lines for messages. For the .cc files of this room.
#pragma once

#include <string>
#include <string_view>

#include "base/strings.h"

namespace fleet::toml {

inline constexpr char32_t kEnd = 0xFFFFFFFF;

class Scanner {
 public:
  explicit Scanner(std::string_view text)
      : text_(text) {}

  // The next rune, or kEnd. A bad byte or control character sets `problem`.
  char32_t next() {
    if (at_ >= text_.size()) {
      width_ = 0;
      at_end_ = true;
      return kEnd;
    }
    Rune rune = decode_rune(text_.substr(at_));
    char32_t r = rune.value;
    if (text_[at_] == '\n') ++line_;
    if (!rune.valid && problem_.empty()) problem_ = bad_byte(text_[at_]);
    bool lone_return = r == '\r' && text_.substr(at_ + 1, 1) != "\n";
    bool control = (r < ' ' && r != '\t' && r != '\n' && r != '\r') || r == 0x7F;
    if ((control || lone_return) && problem_.empty()) problem_ = bad_control(r);
    width_ = rune.size;
    at_ += width_;
    return r;
  }

  // Takes the rune read last back.
  void back() {
    at_end_ = false;
    at_ -= width_;
    if (width_ > 0 && text_[at_] == '\n') --line_;
    width_ = 0;
  }

  char32_t peek() {
    char32_t r = next();
    back();
    return r;
  }

  bool accept(char32_t wanted) {
    if (next() == wanted) return true;
    back();
    return false;
  }

  bool starts_with(std::string_view part) const { return text_.substr(at_).starts_with(part); }
  void advance(size_t bytes) { at_ += bytes; }  // over characters other than newlines
  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t'))
      ++at_;
  }

  size_t position() const { return at_; }
  std::string_view since(size_t start) const { return text_.substr(start, at_ - start); }
  const std::string& problem() const { return problem_; }
  bool at_end() const { return at_end_; }

  // The line that Go's lexer names; one less when the text ended behind a newline.
  int line() const {
    bool behind_newline = at_end_ && at_ > 0 && text_[at_ - 1] == '\n';
    return behind_newline ? line_ - 1 : line_;
  }
  int line_before() const { return line_ - 1; }

 private:
  static std::string bad_byte(char byte);
  static std::string bad_control(char32_t rune);

  std::string_view text_;
  std::string problem_;
  size_t at_ = 0;
  size_t width_ = 0;
  int line_ = 1;
  bool at_end_ = false;
};

// A rune in Go's %q form: 'x', '\n'.
std::string quoted_rune(char32_t rune);

}  // namespace fleet::toml
