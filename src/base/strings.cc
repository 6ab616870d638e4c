#include "base/strings.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

#include "base/check.h"

namespace fleet {
namespace {

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

constexpr std::string_view kSpaces = " \t\n\v\f\r";

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
}

template <typename T>
std::optional<T> parse_number(std::string_view text) {
  T number{};
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  const char* end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

}  // namespace

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> out;
  out.reserve(static_cast<size_t>(std::count(text.begin(), text.end(), separator)) + 1);
  for (size_t at = text.find(separator); at != std::string_view::npos; at = text.find(separator)) {
    out.push_back(text.substr(0, at));
    text.remove_prefix(at + 1);
  }
  out.push_back(text);
  return out;
}

std::vector<std::string_view> split(std::string_view text, std::string_view separator) {
  return split_n(text, separator, std::string_view::npos);
}

std::vector<std::string_view> split_n(std::string_view text,
                                      std::string_view separator,
                                      size_t parts) {
  std::vector<std::string_view> out;
  while (out.size() + 1 < parts) {
    auto halves = cut(text, separator);
    if (!halves) break;
    out.push_back(halves->before);
    text = halves->after;
  }
  if (parts > 0) out.push_back(text);
  return out;
}

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    size_t end = text.find('\n');
    out.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return out;
}

std::vector<std::string_view> split_fields(std::string_view text) {
  std::vector<std::string_view> out;
  size_t at = 0;
  while (at < text.size()) {
    while (at < text.size() && is_space(text[at]))
      ++at;
    size_t start = at;
    while (at < text.size() && !is_space(text[at]))
      ++at;
    if (at > start) out.push_back(text.substr(start, at - start));
  }
  return out;
}

std::optional<CutParts> cut(std::string_view text, std::string_view separator) {
  size_t at = text.find(separator);
  if (at == std::string_view::npos) return std::nullopt;
  return CutParts{text.substr(0, at), text.substr(at + separator.size())};
}

std::optional<CutParts> cut_last(std::string_view text, std::string_view separator) {
  size_t at = text.rfind(separator);
  if (at == std::string_view::npos) return std::nullopt;
  return CutParts{text.substr(0, at), text.substr(at + separator.size())};
}

std::string_view trim(std::string_view text) {
  return trim(text, kSpaces);
}

std::string_view trim(std::string_view text, std::string_view characters) {
  return trim_left(trim_right(text, characters), characters);
}

std::string_view trim_left(std::string_view text, std::string_view characters) {
  size_t at = text.find_first_not_of(characters);
  return at == std::string_view::npos ? std::string_view() : text.substr(at);
}

std::string_view trim_right(std::string_view text, std::string_view characters) {
  size_t at = text.find_last_not_of(characters);
  return at == std::string_view::npos ? std::string_view() : text.substr(0, at + 1);
}

std::string_view trim_prefix(std::string_view text, std::string_view prefix) {
  return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
}

std::string_view trim_suffix(std::string_view text, std::string_view suffix) {
  return text.ends_with(suffix) ? text.substr(0, text.size() - suffix.size()) : text;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool equal_fold(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

std::string to_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    c = lower(c);
  return out;
}

std::string to_upper(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    c = upper(c);
  return out;
}

std::string replace_all(std::string_view text, std::string_view from, std::string_view to) {
  if (from.empty()) return std::string(text);
  std::string out;
  while (auto parts = cut(text, from)) {
    out += parts->before;
    out += to;
    text = parts->after;
  }
  out += text;
  return out;
}

std::string repeat(std::string_view text, size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (size_t i = 0; i < times; ++i)
    out += text;
  return out;
}

std::optional<int64_t> parse_int(std::string_view text) {
  return parse_number<int64_t>(text);
}

std::optional<uint64_t> parse_uint(std::string_view text) {
  return parse_number<uint64_t>(text);
}

std::string to_text(double number) {
  std::array<char, 32> buffer;
  char* begin = buffer.data();
  auto as = [&](std::chars_format format) {
    auto [end, error] = std::to_chars(begin, begin + buffer.size(), number, format);
    CHECK(error == std::errc());
    return std::string(begin, end);
  };
  std::string scientific = as(std::chars_format::scientific);
  size_t at = scientific.find('e');
  if (at == std::string::npos) return scientific;  // not a number, or infinite
  int exponent = std::atoi(scientific.c_str() + at + 1);
  return exponent < -4 || exponent >= 6 ? scientific : as(std::chars_format::fixed);
}

void internal::cat_append(std::string& out, double number) {
  out += to_text(number);
}

}  // namespace fleet
