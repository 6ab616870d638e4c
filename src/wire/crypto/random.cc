#include "wire/crypto/random.h"

#include <algorithm>

#include <sys/random.h>

#include "base/check.h"
#include "codec/base64.h"

namespace fleet::crypto {

// The kernel's own generator: nothing has to be set up, and a fork never repeats numbers.
std::string random_bytes(size_t count) {
  constexpr size_t kMostAtOnce = 256;  // what one call gives whole
  std::string out(count, '\0');
  for (size_t at = 0; at < count; at += kMostAtOnce)
    CHECK(getentropy(out.data() + at, std::min(kMostAtOnce, count - at)) == 0);
  return out;
}

uint64_t random_number(uint64_t below) {
  CHECK(below > 0);
  // Numbers in the last, incomplete round would favour small results.
  const uint64_t rounds_end = UINT64_MAX - UINT64_MAX % below;
  while (true) {
    uint64_t number = 0;
    for (const char c : random_bytes(8))
      number = number << 8 | static_cast<unsigned char>(c);
    if (number < rounds_end) return number % below;
  }
}

std::string random_text(size_t length, std::string_view alphabet) {
  std::string out;
  for (size_t i = 0; i < length; ++i)
    out += alphabet[random_number(alphabet.size())];
  return out;
}

std::string random_suffix(size_t length) {
  return random_text(length, "bcdfghjklmnpqrstvwxz2456789");
}

std::string random_uuid() {
  std::string bytes = random_bytes(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  std::string text = codec::hex_encode(bytes);
  for (const size_t at : {size_t{20}, size_t{16}, size_t{12}, size_t{8}})
    text.insert(at, "-");
  return text;
}

}  // namespace fleet::crypto
