// Strings as everybody needs them: split, join, trim, compare without case, UTF-8 steps.
//
// Bytes, not locales: letters are ASCII letters unless a name says UTF-8.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fleet {

// As Go's strings.Split: "a,,b" gives three parts and "" gives one empty part.
std::vector<std::string_view> split(std::string_view text, char separator);
std::vector<std::string_view> split(std::string_view text, std::string_view separator);
// At most `parts` parts; the last one keeps the remaining separators. As Go's strings.SplitN.
std::vector<std::string_view> split_n(std::string_view text,
                                      std::string_view separator,
                                      size_t parts);
// Lines without their "\n"; a final newline makes no empty last line.
std::vector<std::string_view> split_lines(std::string_view text);
// Parts between runs of ASCII white space, none empty.
std::vector<std::string_view> split_fields(std::string_view text);

// The text before and after the first separator, if there is one. As Go's strings.Cut.
struct CutParts {
  std::string_view before;
  std::string_view after;
};
std::optional<CutParts> cut(std::string_view text, std::string_view separator);
std::optional<CutParts> cut_last(std::string_view text, std::string_view separator);

template <typename Range>
std::string join(const Range& parts, std::string_view separator) {
  std::string out;
  bool first = true;
  for (const auto& part : parts) {
    if (!first) out += separator;
    first = false;
    out += part;
  }
  return out;
}

std::string_view trim(std::string_view text);  // ASCII white space, both ends
std::string_view trim(std::string_view text, std::string_view characters);
std::string_view trim_left(std::string_view text, std::string_view characters);
std::string_view trim_right(std::string_view text, std::string_view characters);
std::string_view trim_prefix(std::string_view text, std::string_view prefix);
std::string_view trim_suffix(std::string_view text, std::string_view suffix);

bool contains(std::string_view text, std::string_view part);
bool equal_fold(std::string_view a, std::string_view b);  // ASCII case folded
std::string to_lower(std::string_view text);              // ASCII
std::string to_upper(std::string_view text);              // ASCII
std::string replace_all(std::string_view text, std::string_view from, std::string_view to);
std::string repeat(std::string_view text, size_t times);

// Whole text as a number in base 10, or nothing.
std::optional<int64_t> parse_int(std::string_view text);
std::optional<uint64_t> parse_uint(std::string_view text);
// Shortest text that reads back as the same number; an exponent below 1e-4 and from 1e6 on.
// As Go's strconv.FormatFloat(number, 'g', -1, 64).
std::string to_text(double number);

// A string in Go's %q form: "a\"b\n", non-printable runes escaped, bad bytes as \x.
std::string quote(std::string_view text);

// UTF-8: one step. `size` is the number of bytes taken, at least 1; a bad byte gives U+FFFD.
struct Rune {
  char32_t value = 0xFFFD;
  size_t size = 1;
  bool valid = false;
};
Rune decode_rune(std::string_view text);
void append_rune(std::string& out, char32_t rune);
bool is_utf8(std::string_view text);
size_t rune_count(std::string_view text);
// As Go's unicode.IsSpace: ASCII white space and Unicode's spaces and separators.
bool is_space(char32_t rune);
// As Go's unicode.IsPrint: letters, marks, numbers, punctuation, symbols and the ASCII space.
bool is_printable(char32_t rune);

// Concatenates strings, characters and whole numbers: cat("line ", 3, ": ", what).
namespace internal {
inline void cat_append(std::string& out, std::string_view text) {
  out += text;
}
inline void cat_append(std::string& out, char character) {
  out += character;
}
void cat_append(std::string& out, double number);
template <std::integral T>
requires(!std::same_as<T, char> && !std::same_as<T, bool>) void cat_append(std::string& out,
                                                                           T number) {
  out += std::to_string(number);
}
template <std::same_as<bool> T>
void cat_append(std::string& out, T flag) {
  out += flag ? "true" : "false";
}
}  // namespace internal

template <typename... Parts>
std::string cat(const Parts&... parts) {
  std::string out;
  (internal::cat_append(out, parts), ...);
  return out;
}

}  // namespace fleet
