// Digests, keyed digests and checksums.
//
// Results are raw bytes; `hex_digest` gives lower-case hexadecimal. MD5 and SHA-1 are here because
// charts and names use them, not for security.
// Pure.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace fleet::codec {

enum class Hash { Md5, Sha1, Sha224, Sha256, Sha384, Sha512 };

std::string digest(Hash hash, std::string_view bytes);
std::string hex_digest(Hash hash, std::string_view bytes);
std::string hmac(Hash hash, std::string_view key, std::string_view bytes);

inline std::string sha256(std::string_view bytes) {
  return digest(Hash::Sha256, bytes);
}
inline std::string sha256_hex(std::string_view bytes) {
  return hex_digest(Hash::Sha256, bytes);
}

// A digest of bytes that come in pieces.
class Hasher {
 public:
  explicit Hasher(Hash hash);
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  ~Hasher();
  void add(std::string_view bytes);
  std::string finish();  // once

 private:
  struct State;
  std::unique_ptr<State> state_;
};

uint32_t crc32(std::string_view bytes);  // IEEE
uint32_t adler32(std::string_view bytes);

// Takes the same time for all texts of one length.
bool constant_time_equal(std::string_view a, std::string_view b);

}  // namespace fleet::codec
