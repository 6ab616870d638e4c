#include "text/duration.h"

#include <cstdint>

#include "base/strings.h"

namespace fleet::text {
namespace {

constexpr uint64_t kMost = uint64_t{1} << 63;

struct Unit {
  std::string_view name;
  uint64_t nanoseconds;
};
constexpr Unit kUnits[] = {{"ns", 1},
                           {"us", 1'000},
                           {"\u00b5s", 1'000},  // micro sign
                           {"\u03bcs", 1'000},  // Greek letter mu
                           {"ms", 1'000'000},
                           {"s", 1'000'000'000},
                           {"m", 60'000'000'000},
                           {"h", 3'600'000'000'000}};

// As Go's time package quotes: everything outside printable ASCII as bytes.
std::string quote_bytes(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || byte < ' ') {
      out += "\\x";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out + "\"";
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Digits in front of a point; nothing when they exceed 2^63.
std::optional<uint64_t> take_whole(std::string_view& rest) {
  uint64_t value = 0;
  while (!rest.empty() && is_digit(rest[0])) {
    if (value > kMost / 10) return std::nullopt;
    value = value * 10 + static_cast<uint64_t>(rest[0] - '0');
    if (value > kMost) return std::nullopt;
    rest.remove_prefix(1);
  }
  return value;
}

struct Fraction {
  uint64_t value = 0;
  double scale = 1;
};

// Digits behind a point; those beyond what fits are dropped.
Fraction take_fraction(std::string_view& rest) {
  Fraction out;
  bool full = false;
  for (; !rest.empty() && is_digit(rest[0]); rest.remove_prefix(1)) {
    if (full || out.value > (kMost - 1) / 10) {
      full = true;
      continue;
    }
    uint64_t next = out.value * 10 + static_cast<uint64_t>(rest[0] - '0');
    if (next > kMost) {
      full = true;
      continue;
    }
    out.value = next;
    out.scale *= 10;
  }
  return out;
}

// One number with its unit, in nanoseconds.
Result<uint64_t> take_term(std::string_view& rest, std::string_view whole) {
  auto bad = [&](std::string_view what) {
    return Error(Code::Invalid, cat("time: ", what, " ", quote_bytes(whole)));
  };
  if (rest[0] != '.' && !is_digit(rest[0])) return bad("invalid duration");
  size_t before = rest.size();
  auto number = take_whole(rest);
  if (!number) return bad("invalid duration");
  bool digits = rest.size() != before;
  Fraction fraction;
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    before = rest.size();
    fraction = take_fraction(rest);
    digits = digits || rest.size() != before;
  }
  if (!digits) return bad("invalid duration");
  size_t length = 0;
  while (length < rest.size() && rest[length] != '.' && !is_digit(rest[length]))
    ++length;
  if (length == 0) return bad("missing unit in duration");
  std::string_view name = rest.substr(0, length);
  rest.remove_prefix(length);
  const Unit* unit = nullptr;
  for (const Unit& candidate : kUnits) {
    if (candidate.name == name) unit = &candidate;
  }
  if (unit == nullptr) return bad(cat("unknown unit ", quote_bytes(name), " in duration"));
  if (*number > kMost / unit->nanoseconds) return bad("invalid duration");
  uint64_t out = *number * unit->nanoseconds;
  if (fraction.value > 0) {
    double part = static_cast<double>(fraction.value) *
                  (static_cast<double>(unit->nanoseconds) / fraction.scale);
    out += static_cast<uint64_t>(part);
    if (out > kMost) return bad("invalid duration");
  }
  return out;
}

// "1.5" of `value` in units of 10^digits, trailing zeros cut.
std::string with_fraction(uint64_t value, uint64_t unit) {
  std::string out = std::to_string(value / unit);
  std::string digits = std::to_string(unit + value % unit).substr(1);
  std::string_view kept = trim_right(digits, "0");
  return kept.empty() ? out : cat(out, ".", kept);
}

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
  std::string_view rest = text;
  bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  if (rest == "0") return Duration(0);
  auto invalid = [&] {
    return Error(Code::Invalid, cat("time: invalid duration ", quote_bytes(text)));
  };
  if (rest.empty()) return invalid();
  uint64_t sum = 0;
  while (!rest.empty()) {
    sum += TRY(take_term(rest, text));
    if (sum > kMost) return invalid();
  }
  if (negative) return Duration(static_cast<int64_t>(uint64_t{0} - sum));
  if (sum > kMost - 1) return invalid();
  return Duration(static_cast<int64_t>(sum));
}

std::string format_duration(Duration duration) {
  int64_t count = duration.count();
  if (count == 0) return "0s";
  uint64_t value =
      count < 0 ? uint64_t{0} - static_cast<uint64_t>(count) : static_cast<uint64_t>(count);
  std::string out = count < 0 ? "-" : "";
  if (value < 1'000) return out + std::to_string(value) + "ns";
  if (value < 1'000'000) return out + with_fraction(value, 1'000) + "\u00b5s";
  if (value < 1'000'000'000) return out + with_fraction(value, 1'000'000) + "ms";
  uint64_t minutes = value / 60'000'000'000;
  if (minutes >= 60) out += cat(minutes / 60, "h");
  if (minutes > 0) out += cat(minutes % 60, "m");
  return out + with_fraction(value % 60'000'000'000, 1'000'000'000) + "s";
}

std::string format_age(Duration duration) {
  int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  if (seconds < 120) return cat(seconds, "s");
  auto two = [](int64_t big, char big_unit, int64_t small, char small_unit) {
    return small == 0 ? cat(big, big_unit) : cat(big, big_unit, small, small_unit);
  };
  int64_t minutes = seconds / 60;
  if (minutes < 10) return two(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return cat(minutes, "m");
  int64_t hours = minutes / 60;
  if (hours < 8) return two(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return cat(hours, "h");
  int64_t days = hours / 24;
  if (hours < 24 * 8) return two(days, 'd', hours % 24, 'h');
  if (hours < 24 * 365 * 2) return cat(days, "d");
  if (hours < 24 * 365 * 8) return two(days / 365, 'y', days % 365, 'd');
  return cat(days / 365, "y");
}

}  // namespace fleet::text
