#include "codec/base64.h"

#include <array>
#include <cstdint>

#include "base/strings.h"

namespace fleet::codec {
namespace {

constexpr std::string_view kStdAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kBase32Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr uint8_t kNoDigit = 0xff;

using DigitTable = std::array<uint8_t, 256>;

constexpr DigitTable digit_table(std::string_view alphabet) {
  DigitTable table{};
  for (auto& entry : table)
    entry = kNoDigit;
  for (size_t i = 0; i < alphabet.size(); ++i) {
    table[static_cast<uint8_t>(alphabet[i])] = static_cast<uint8_t>(i);
  }
  return table;
}
constexpr DigitTable kStdDigits = digit_table(kStdAlphabet);
constexpr DigitTable kUrlDigits = digit_table(kUrlAlphabet);
constexpr DigitTable kBase32Digits = digit_table(kBase32Alphabet);

uint8_t byte_at(std::string_view text, size_t i) {
  return static_cast<uint8_t>(text[i]);
}

bool is_padded(Base64 alphabet) {
  return alphabet == Base64::Std || alphabet == Base64::Url;
}
bool is_url(Base64 alphabet) {
  return alphabet == Base64::Url || alphabet == Base64::RawUrl;
}

Error corrupt(std::string_view what, size_t offset) {
  return Error{Code::Invalid, cat("illegal ", what, " data at input byte ", offset)};
}

class Base64Decoder {
 public:
  Base64Decoder(std::string_view text, Base64 alphabet)
      : text_(text),
        digits_(is_url(alphabet) ? kUrlDigits : kStdDigits),
        padded_(is_padded(alphabet)) {}

  Result<std::string> run() {
    out_.reserve(text_.size() / 4 * 3 + 3);
    while (at_ < text_.size())
      TRY(group());
    return std::move(out_);
  }

 private:
  void skip_line_breaks() {
    while (at_ < text_.size() && (text_[at_] == '\n' || text_[at_] == '\r'))
      ++at_;
  }

  // Four digits, or fewer at the end.
  Result<> group() {
    uint32_t bits = 0;
    size_t count = 0;
    while (count < 4) {
      skip_line_breaks();
      if (at_ == text_.size()) {
        if (count == 0) return {};
        if (count == 1 || padded_) return corrupt("base64", at_ - count);
        break;
      }
      const char c = text_[at_++];
      const uint8_t digit = digits_[static_cast<uint8_t>(c)];
      if (digit == kNoDigit) {
        if (c != '=' || !padded_ || count < 2) return corrupt("base64", at_ - 1);
        TRY(padding(count));
        break;
      }
      bits = bits << 6 | digit;
      ++count;
    }
    bits <<= 6 * (4 - count);
    for (size_t i = 0; i + 1 < count; ++i)
      out_ += static_cast<char>(bits >> (16 - 8 * i) & 0xff);
    return {};
  }

  // After the first "=": a second one if needed, then nothing but line breaks.
  Result<> padding(size_t digits_before) {
    if (digits_before == 2) {
      skip_line_breaks();
      if (at_ == text_.size()) return corrupt("base64", at_);
      if (text_[at_] != '=') return corrupt("base64", at_ - 1);
      ++at_;
    }
    skip_line_breaks();
    if (at_ < text_.size()) return corrupt("base64", at_);
    return {};
  }

  const std::string_view text_;
  const DigitTable& digits_;
  const bool padded_;
  size_t at_ = 0;
  std::string out_;
};

// How many digits a last group of base32 may have, and the bytes they hold.
bool is_base32_tail(size_t digits) {
  return digits != 1 && digits != 3 && digits != 6;
}

Result<> check_base32_padding(std::string_view text, size_t at, size_t count) {
  const size_t rest = text.size() - at - 1;  // after the first "="
  if (rest + count < 7) return corrupt("base32", text.size());
  for (size_t k = 0; k < 7 - count; ++k) {
    if (at + 1 + k < text.size() && text[at + 1 + k] != '=') return corrupt("base32", at + k);
  }
  if (!is_base32_tail(count)) return corrupt("base32", at);
  return {};
}

}  // namespace

std::string base64_encode(std::string_view bytes, Base64 alphabet) {
  const std::string_view digits = is_url(alphabet) ? kUrlAlphabet : kStdAlphabet;
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3) {
    const uint32_t bits = static_cast<uint32_t>(byte_at(bytes, i)) << 16 |
                          static_cast<uint32_t>(byte_at(bytes, i + 1)) << 8 | byte_at(bytes, i + 2);
    for (const int shift : {18, 12, 6, 0})
      out += digits[bits >> shift & 63];
  }
  const size_t rest = bytes.size() - i;
  if (rest == 0) return out;
  uint32_t bits = static_cast<uint32_t>(byte_at(bytes, i)) << 16;
  if (rest == 2) bits |= static_cast<uint32_t>(byte_at(bytes, i + 1)) << 8;
  out += digits[bits >> 18 & 63];
  out += digits[bits >> 12 & 63];
  if (rest == 2) out += digits[bits >> 6 & 63];
  if (is_padded(alphabet)) out.append(3 - rest, '=');
  return out;
}

Result<std::string> base64_decode(std::string_view text, Base64 alphabet) {
  return Base64Decoder(text, alphabet).run();
}

std::string base32_encode(std::string_view bytes) {
  std::string out;
  uint64_t bits = 0;
  size_t held = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    bits = bits << 8 | byte_at(bytes, i);
    held += 8;
    while (held >= 5) {
      held -= 5;
      out += kBase32Alphabet[bits >> held & 31];
    }
  }
  if (held > 0) out += kBase32Alphabet[bits << (5 - held) & 31];
  while (out.size() % 8 != 0)
    out += '=';
  return out;
}

Result<std::string> base32_decode(std::string_view with_breaks) {
  std::string text;
  for (const char c : with_breaks) {
    if (c != '\n' && c != '\r') text += c;
  }
  std::string out;
  uint64_t bits = 0;
  size_t held = 0;
  size_t count = 0;  // digits of the group
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '=' && count >= 2 && text.size() - at - 1 < 8) {
      TRY(check_base32_padding(text, at, count));
      return out;
    }
    const uint8_t digit = kBase32Digits[byte_at(text, at)];
    if (digit == kNoDigit) return corrupt("base32", at);
    bits = bits << 5 | digit;
    held += 5;
    count = (count + 1) % 8;
    if (held >= 8) {
      held -= 8;
      out += static_cast<char>(bits >> held & 0xff);
    }
  }
  if (count != 0) return corrupt("base32", text.size() - count);
  return out;
}

std::string hex_encode(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (size_t i = 0; i < bytes.size(); ++i) {
    out += kDigits[byte_at(bytes, i) >> 4];
    out += kDigits[byte_at(bytes, i) & 15];
  }
  return out;
}

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Go prints the byte as a rune: "U+0067 'g'", without the picture when it is not printable.
Error invalid_hex(char c) {
  constexpr std::string_view kUpper = "0123456789ABCDEF";
  const auto byte = static_cast<uint8_t>(c);
  std::string text = cat("encoding/hex: invalid byte: U+00", kUpper[byte >> 4], kUpper[byte & 15]);
  if (is_printable(byte)) {
    text += " '";
    append_rune(text, byte);
    text += "'";
  }
  return Error{Code::Invalid, std::move(text)};
}

}  // namespace

Result<std::string> hex_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size() / 2);
  for (size_t i = 0; i + 1 < text.size(); i += 2) {
    const int high = hex_digit(text[i]);
    const int low = hex_digit(text[i + 1]);
    if (high < 0) return invalid_hex(text[i]);
    if (low < 0) return invalid_hex(text[i + 1]);
    out += static_cast<char>(high << 4 | low);
  }
  if (text.size() % 2 == 0) return out;
  if (hex_digit(text.back()) < 0) return invalid_hex(text.back());
  return Error{Code::Invalid, "encoding/hex: odd length hex string"};
}

}  // namespace fleet::codec
