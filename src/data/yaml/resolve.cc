#include "data/yaml/resolve.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>

#include "base/strings.h"

namespace fleet::yaml {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

template <size_t N>
bool one_of(std::string_view text, const std::string_view (&words)[N]) {
  for (std::string_view word : words) {
    if (text == word) return true;
  }
  return false;
}

constexpr std::string_view kTrue[] = {"true", "True", "TRUE"};
constexpr std::string_view kFalse[] = {"false", "False", "FALSE"};
constexpr std::string_view kOldTrue[] = {"y", "Y", "yes", "Yes", "YES", "on", "On", "ON"};
constexpr std::string_view kOldFalse[] = {"n", "N", "no", "No", "NO", "off", "Off", "OFF"};
constexpr std::string_view kNull[] = {"", "~", "null", "Null", "NULL"};
constexpr std::string_view kNan[] = {".nan", ".NaN", ".NAN"};
constexpr std::string_view kInf[] = {".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"};
constexpr std::string_view kMinusInf[] = {"-.inf", "-.Inf", "-.INF"};

// Digits of a base after an optional sign, as Go's ParseInt and ParseUint with that base.
std::optional<data::Value> whole(std::string_view text, int base, bool sign_allowed = true) {
  bool negative = false;
  if (sign_allowed && !text.empty() && (text[0] == '+' || text[0] == '-')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (text.empty() || text[0] == '-' || text[0] == '+') return std::nullopt;
  uint64_t magnitude = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), magnitude, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (!negative) return data::Value(magnitude);
  if (magnitude > uint64_t{1} << 63) return std::nullopt;
  return data::Value(static_cast<int64_t>(~magnitude + 1));
}

// As Go's ParseInt with base 0, then ParseUint (which takes no sign).
std::optional<data::Value> prefixed(std::string_view text) {
  std::string_view digits = text;
  bool negative = false;
  bool has_sign = false;
  if (!digits.empty() && (digits[0] == '+' || digits[0] == '-')) {
    negative = digits[0] == '-';
    has_sign = true;
    digits.remove_prefix(1);
  }
  int base = 10;
  if (digits.size() > 1 && digits[0] == '0') {
    char letter = static_cast<char>(digits[1] | 0x20);
    base = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 8;
    digits.remove_prefix(base == 8 && letter != 'o' ? 1 : 2);
  }
  auto value = whole(digits, base, false);
  if (!value) return std::nullopt;
  if (has_sign && value->type() == data::Type::UInt) {
    // Only the smallest int64 has a magnitude beyond int64 and still fits.
    if (!negative || value->as_uint() != uint64_t{1} << 63) return std::nullopt;
    return data::Value(std::numeric_limits<int64_t>::min());
  }
  if (negative) return data::Value(-value->as_int());
  return value;
}

// [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
bool looks_float(std::string_view text) {
  size_t i = 0;
  auto digits = [&] {
    size_t from = i;
    while (i < text.size() && is_digit(text[i]))
      i++;
    return i - from;
  };
  if (i < text.size() && (text[i] == '+' || text[i] == '-')) i++;
  if (digits() > 0) {
    if (i < text.size() && text[i] == '.') {
      i++;
      digits();
    }
  } else {
    if (i >= text.size() || text[i] != '.') return false;
    i++;
    if (digits() == 0) return false;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    i++;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) i++;
    if (digits() == 0) return false;
  }
  return i == text.size();
}

std::optional<double> read_float(std::string_view text) {
  if (!looks_float(text)) return std::nullopt;
  if (text[0] == '+') text.remove_prefix(1);
  double number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc::result_out_of_range) {
    number = std::strtod(std::string(text).c_str(), nullptr);
    if (std::isinf(number)) return std::nullopt;
    return number;
  }
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Go's ParseFloat of what begins with a point, which takes "_" between digits.
std::optional<double> read_pointed(std::string_view text) {
  if (text.find('_') == std::string_view::npos) return read_float(text);
  std::string digits;
  for (size_t i = 0; i < text.size(); i++) {
    if (text[i] != '_') {
      digits += text[i];
    } else if (!is_digit(text[i - 1]) || i + 1 == text.size() || !is_digit(text[i + 1])) {
      return std::nullopt;
    }
  }
  return read_float(digits);
}

// Reads one or two digits; -1 if there is none.
int short_number(std::string_view text, size_t& i) {
  if (i >= text.size() || !is_digit(text[i])) return -1;
  int number = text[i++] - '0';
  if (i < text.size() && is_digit(text[i])) number = number * 10 + (text[i++] - '0');
  return number;
}

bool take(std::string_view text, size_t& i, char c) {
  if (i >= text.size() || text[i] != c) return false;
  i++;
  return true;
}

int days_of(int year, int month) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

bool is_zone(std::string_view text, size_t& i) {
  if (take(text, i, 'Z')) return true;
  if (i + 6 > text.size() || (text[i] != '+' && text[i] != '-')) return false;
  std::string_view zone = text.substr(i, 6);
  if (!is_digit(zone[1]) || !is_digit(zone[2]) || zone[3] != ':' || !is_digit(zone[4]) ||
      !is_digit(zone[5])) {
    return false;
  }
  i += 6;
  return (zone[1] - '0') * 10 + (zone[2] - '0') <= 24 &&
         (zone[4] - '0') * 10 + (zone[5] - '0') < 60;
}

// 2006-1-2, optionally with a time: "T" or "t" and a zone, or a blank and no zone.
bool is_timestamp(std::string_view text) {
  if (text.size() < 8 || text[4] != '-') return false;
  int year = 0;
  for (size_t k = 0; k < 4; k++) {
    if (!is_digit(text[k])) return false;
    year = year * 10 + (text[k] - '0');
  }
  size_t i = 5;
  int month = short_number(text, i);
  if (month < 1 || month > 12 || !take(text, i, '-')) return false;
  int day = short_number(text, i);
  if (day < 1 || day > days_of(year, month)) return false;
  if (i == text.size()) return true;
  const bool with_zone = text[i] == 'T' || text[i] == 't';
  if (!with_zone && text[i] != ' ') return false;
  i++;
  int hour = short_number(text, i);
  if (hour < 0 || hour > 23 || !take(text, i, ':')) return false;
  int minute = short_number(text, i);
  if (minute < 0 || minute > 59 || !take(text, i, ':')) return false;
  int second = short_number(text, i);
  if (second < 0 || second > 59) return false;
  if (i + 1 < text.size() && (text[i] == '.' || text[i] == ',') && is_digit(text[i + 1])) {
    i++;
    while (i < text.size() && is_digit(text[i]))
      i++;
  }
  if (with_zone && !is_zone(text, i)) return false;
  return i == text.size();
}

Resolved make(Tag tag, data::Value value) {
  return Resolved{.tag = tag, .value = std::move(value), .special = 0, .is_special = false};
}

Resolved special(double number) {
  return Resolved{.tag = Tag::Float, .value = {}, .special = number, .is_special = true};
}

std::optional<Resolved> resolve_number(Dialect dialect, Tag tag, std::string_view text) {
  if ((tag == Tag::None || tag == Tag::Timestamp) && is_timestamp(text)) {
    return make(Tag::Timestamp, text);
  }
  std::string plain;
  if (text.find('_') != std::string_view::npos) {
    for (char c : text) {
      if (c != '_') plain += c;
    }
    text = plain;
  }
  if (auto value = prefixed(text)) return make(Tag::Int, *value);
  if (auto number = read_float(text)) return make(Tag::Float, *number);
  auto with_prefix = [&](std::string_view prefix, int base) -> std::optional<data::Value> {
    if (text.starts_with(prefix)) return whole(text.substr(prefix.size()), base);
    if (text.size() > prefix.size() && text[0] == '-' && text.substr(1).starts_with(prefix)) {
      return whole(cat("-", text.substr(prefix.size() + 1)), base);
    }
    return std::nullopt;
  };
  if (auto value = with_prefix("0b", 2)) return make(Tag::Int, *value);
  if (dialect == Dialect::V3) {
    if (auto value = with_prefix("0o", 8)) return make(Tag::Int, *value);
  }
  return std::nullopt;
}

Resolved resolve_plain(Dialect dialect, Tag tag, std::string_view text) {
  if (text.size() <= 4 && one_of(text, kNull)) return make(Tag::Null, {});
  const char first = text[0];
  if (is_digit(first) || first == '+' || first == '-') {
    if (one_of(text, kInf)) return special(std::numeric_limits<double>::infinity());
    if (one_of(text, kMinusInf)) return special(-std::numeric_limits<double>::infinity());
    if (auto number = resolve_number(dialect, tag, text)) return *number;
    return make(Tag::Str, text);
  }
  if (first == '.') {
    if (one_of(text, kNan)) return special(std::numeric_limits<double>::quiet_NaN());
    if (one_of(text, kInf)) return special(std::numeric_limits<double>::infinity());
    if (auto number = read_pointed(text)) return make(Tag::Float, *number);
    return make(Tag::Str, text);
  }
  // All words that are left are short and begin with one of these letters.
  constexpr std::string_view kInitials = "tTfFyYnNoO";
  if (text.size() > 5 || kInitials.find(first) == std::string_view::npos) {
    return make(Tag::Str, text);
  }
  if (one_of(text, kTrue)) return make(Tag::Bool, true);
  if (one_of(text, kFalse)) return make(Tag::Bool, false);
  if (dialect == Dialect::V2 || tag == Tag::Bool) {
    if (dialect == Dialect::V2 && one_of(text, kOldTrue)) return make(Tag::Bool, true);
    if (dialect == Dialect::V2 && one_of(text, kOldFalse)) return make(Tag::Bool, false);
  }
  return make(Tag::Str, text);
}

}  // namespace

std::string_view tag_name(Tag tag) {
  static constexpr std::string_view kNames[] = {"",
                                                "!!null",
                                                "!!bool",
                                                "!!str",
                                                "!!int",
                                                "!!float",
                                                "!!timestamp",
                                                "!!binary",
                                                "!!merge",
                                                "!!seq",
                                                "!!map",
                                                ""};
  return kNames[static_cast<size_t>(tag)];
}

Result<Resolved> resolve(Dialect dialect, Tag tag, std::string_view text) {
  switch (tag) {
    case Tag::None:
    case Tag::Bool:
    case Tag::Int:
    case Tag::Float:
    case Tag::Null:
    case Tag::Timestamp:
      break;
    default:
      return make(tag, text);
  }
  Resolved found = resolve_plain(dialect, tag, text);
  if (tag == Tag::None || tag == found.tag) return found;
  if (tag == Tag::Float && found.tag == Tag::Int && found.value.type() == data::Type::Int) {
    return make(Tag::Float, found.value.as_double());
  }
  return Error(
      Code::Invalid,
      cat("yaml: cannot decode ", tag_name(found.tag), " `", text, "` as a ", tag_name(tag)));
}

Tag resolve_v3(std::string_view text) {
  return resolve_plain(Dialect::V3, Tag::None, text).tag;
}
Tag resolve_v2(std::string_view text) {
  return resolve_plain(Dialect::V2, Tag::None, text).tag;
}

bool is_old_bool(std::string_view text) {
  return one_of(text, kOldTrue) || one_of(text, kOldFalse);
}

// [-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?
bool is_base60(std::string_view text) {
  if (text.find(':') == std::string_view::npos) return false;
  size_t i = 0;
  if (text[i] == '+' || text[i] == '-') i++;
  if (i >= text.size() || !is_digit(text[i])) return false;
  while (i < text.size() && (is_digit(text[i]) || text[i] == '_'))
    i++;
  size_t groups = 0;
  while (i < text.size() && text[i] == ':') {
    i++;
    if (i >= text.size() || !is_digit(text[i])) return false;
    const bool two = i + 1 < text.size() && is_digit(text[i + 1]);
    if (two && text[i] > '5') return false;
    i += two ? 2 : 1;
    groups++;
  }
  if (groups == 0) return false;
  if (i < text.size() && text[i] == '.') {
    i++;
    while (i < text.size() && (is_digit(text[i]) || text[i] == '_'))
      i++;
  }
  return i == text.size();
}

}  // namespace fleet::yaml
