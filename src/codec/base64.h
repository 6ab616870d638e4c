// Base64, base32 and hexadecimal, with Go's rules and error texts.
//
// Decoding skips "\r" and "\n" (not for hex). Errors: Invalid, e.g.
// "illegal base64 data at input byte 4". As Go 1.26: not strict about trailing bits.
// Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace fleet::codec {

enum class Base64 {
  Std,     // "+/", padded
  Url,     // "-_", padded
  RawStd,  // not padded
  RawUrl,
};

std::string base64_encode(std::string_view bytes, Base64 alphabet = Base64::Std);
Result<std::string> base64_decode(std::string_view text, Base64 alphabet = Base64::Std);

std::string base32_encode(std::string_view bytes);  // RFC 4648, padded
Result<std::string> base32_decode(std::string_view text);

std::string hex_encode(std::string_view bytes);  // lower case
// "encoding/hex: invalid byte: U+0067 'g'", "encoding/hex: odd length hex string".
Result<std::string> hex_decode(std::string_view text);

}  // namespace fleet::codec
