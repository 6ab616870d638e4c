#include <algorithm>
#include <array>
#include <span>

#include "base/printable_ranges.h"
#include "base/strings.h"

namespace fleet {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

// Length of the sequence that a first byte announces; 0 for a byte that starts none.
size_t announced_size(unsigned char first) {
  if (first < 0x80) return 1;
  if (first < 0xC2) return 0;
  if (first < 0xE0) return 2;
  if (first < 0xF0) return 3;
  if (first < 0xF5) return 4;
  return 0;
}

void append_hex(std::string& out, uint32_t value, int digits) {
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
    out += kHex[(value >> static_cast<unsigned>(shift)) & 0xFU];
  }
}

// Appends the escape of a character that has a short one; false if it has none.
bool append_short_escape(std::string& out, char32_t rune) {
  constexpr std::string_view kLetters = "abtnvfr";
  if (rune >= 7 && rune <= 13) {
    out += '\\';
    out += kLetters[rune - 7];
    return true;
  }
  if (rune == '"' || rune == '\\') {
    out += '\\';
    out += static_cast<char>(rune);
    return true;
  }
  return false;
}

}  // namespace

Rune decode_rune(std::string_view text) {
  if (text.empty()) return Rune{0xFFFD, 0, false};
  auto first = static_cast<unsigned char>(text[0]);
  size_t size = announced_size(first);
  if (size == 1) return Rune{first, 1, true};
  if (size == 0 || text.size() < size) return Rune{};
  char32_t value = first & (0xFFU >> (size + 1));
  for (size_t i = 1; i < size; ++i) {
    if (!is_continuation(text[i])) return Rune{};
    value = (value << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  constexpr std::array<char32_t, 5> kSmallest = {0, 0, 0x80, 0x800, 0x10000};
  bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < kSmallest[size] || value > 0x10FFFF || surrogate) return Rune{};
  return Rune{value, size, true};
}

void append_rune(std::string& out, char32_t rune) {
  if (rune > 0x10FFFF || (rune >= 0xD800 && rune <= 0xDFFF)) rune = 0xFFFD;
  auto tail = [&](unsigned shift) { out += static_cast<char>(0x80U | ((rune >> shift) & 0x3FU)); };
  if (rune < 0x80) {
    out += static_cast<char>(rune);
  } else if (rune < 0x800) {
    out += static_cast<char>(0xC0U | (rune >> 6U));
    tail(0);
  } else if (rune < 0x10000) {
    out += static_cast<char>(0xE0U | (rune >> 12U));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0U | (rune >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

bool is_utf8(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    Rune rune = decode_rune(text.substr(at));
    if (!rune.valid) return false;
    at += rune.size;
  }
  return true;
}

size_t rune_count(std::string_view text) {
  size_t count = 0;
  for (size_t at = 0; at < text.size(); ++count)
    at += decode_rune(text.substr(at)).size;
  return count;
}

bool is_printable(char32_t rune) {
  if (rune < 0x7F) return rune >= ' ';
  std::span<const PrintableRange> ranges = printable_ranges();
  auto next = std::upper_bound(
      ranges.begin(), ranges.end(), rune, [](char32_t r, const PrintableRange& range) {
        return r < range.first;
      });
  return next != ranges.begin() && rune <= std::prev(next)->last;
}

std::string quote(std::string_view text) {
  std::string out = "\"";
  for (size_t at = 0; at < text.size();) {
    Rune rune = decode_rune(text.substr(at));
    if (!rune.valid) {
      out += "\\x";
      append_hex(out, static_cast<unsigned char>(text[at]), 2);
    } else if (append_short_escape(out, rune.value)) {
      // done
    } else if (is_printable(rune.value)) {
      out += text.substr(at, rune.size);
    } else if (rune.value < ' ' || rune.value == 0x7F) {
      out += "\\x";
      append_hex(out, rune.value, 2);
    } else if (rune.value < 0x10000) {
      out += "\\u";
      append_hex(out, rune.value, 4);
    } else {
      out += "\\U";
      append_hex(out, rune.value, 8);
    }
    at += rune.size;
  }
  out += '"';
  return out;
}

bool is_space(char32_t rune) {
  if (rune <= 0xFF) {
    return (rune >= 9 && rune <= 13) || rune == ' ' || rune == 0x85 || rune == 0xA0;
  }
  return rune == 0x1680 || (rune >= 0x2000 && rune <= 0x200A) || rune == 0x2028 || rune == 0x2029 ||
         rune == 0x202F || rune == 0x205F || rune == 0x3000;
}

}  // namespace fleet
