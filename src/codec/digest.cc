#include "codec/digest.h"

// OpenSSL's digests themselves, not its EVP layer: the first digest through EVP loads providers,
// configuration and tables of names, about a millisecond, which is what a small chart costs.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/crypto.h>
#include <openssl/md5.h>
#include <openssl/sha.h>
#include <zlib.h>

#include "base/check.h"
#include "codec/base64.h"

namespace fleet::codec {
namespace {

std::string_view as_text(const unsigned char* bytes, size_t size) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes are bytes
  return {reinterpret_cast<const char*>(bytes), size};
}

const unsigned char* as_bytes(std::string_view text) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes are bytes
  return reinterpret_cast<const unsigned char*>(text.data());
}

// zlib's checksums take 32-bit lengths.
template <typename Sum>
uint32_t checksum(Sum sum, uLong value, std::string_view bytes) {
  constexpr size_t kPiece = size_t{1} << 30;
  for (size_t at = 0; at < bytes.size(); at += kPiece) {
    const std::string_view piece = bytes.substr(at, kPiece);
    value = sum(value, as_bytes(piece), static_cast<uInt>(piece.size()));
  }
  return static_cast<uint32_t>(value);
}

}  // namespace

// One of OpenSSL's four contexts; SHA-224 and SHA-384 run in those of their longer sisters.
struct Hasher::State {
  Hash hash = Hash::Sha256;
  union {
    MD5_CTX md5;
    SHA_CTX sha1;
    SHA256_CTX sha256;
    SHA512_CTX sha512;
  };
};

Hasher::Hasher(Hash hash)
    : state_(std::make_unique<State>()) {
  state_->hash = hash;
  switch (hash) {
    case Hash::Md5:
      CHECK(MD5_Init(&state_->md5) == 1);
      break;
    case Hash::Sha1:
      CHECK(SHA1_Init(&state_->sha1) == 1);
      break;
    case Hash::Sha224:
      CHECK(SHA224_Init(&state_->sha256) == 1);
      break;
    case Hash::Sha256:
      CHECK(SHA256_Init(&state_->sha256) == 1);
      break;
    case Hash::Sha384:
      CHECK(SHA384_Init(&state_->sha512) == 1);
      break;
    case Hash::Sha512:
      CHECK(SHA512_Init(&state_->sha512) == 1);
      break;
  }
}
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;
Hasher::~Hasher() {
  if (state_) OPENSSL_cleanse(state_.get(), sizeof(State));  // a keyed digest holds its key
}

void Hasher::add(std::string_view bytes) {
  const void* data = bytes.data();
  const size_t size = bytes.size();
  switch (state_->hash) {
    case Hash::Md5:
      CHECK(MD5_Update(&state_->md5, data, size) == 1);
      break;
    case Hash::Sha1:
      CHECK(SHA1_Update(&state_->sha1, data, size) == 1);
      break;
    case Hash::Sha224:
    case Hash::Sha256:
      CHECK(SHA256_Update(&state_->sha256, data, size) == 1);
      break;
    case Hash::Sha384:
    case Hash::Sha512:
      CHECK(SHA512_Update(&state_->sha512, data, size) == 1);
      break;
  }
}

std::string Hasher::finish() {
  unsigned char out[SHA512_DIGEST_LENGTH];
  size_t size = 0;
  switch (state_->hash) {
    case Hash::Md5:
      CHECK(MD5_Final(out, &state_->md5) == 1);
      size = MD5_DIGEST_LENGTH;
      break;
    case Hash::Sha1:
      CHECK(SHA1_Final(out, &state_->sha1) == 1);
      size = SHA_DIGEST_LENGTH;
      break;
    case Hash::Sha224:
      CHECK(SHA224_Final(out, &state_->sha256) == 1);
      size = SHA224_DIGEST_LENGTH;
      break;
    case Hash::Sha256:
      CHECK(SHA256_Final(out, &state_->sha256) == 1);
      size = SHA256_DIGEST_LENGTH;
      break;
    case Hash::Sha384:
      CHECK(SHA384_Final(out, &state_->sha512) == 1);
      size = SHA384_DIGEST_LENGTH;
      break;
    case Hash::Sha512:
      CHECK(SHA512_Final(out, &state_->sha512) == 1);
      size = SHA512_DIGEST_LENGTH;
      break;
  }
  return std::string(as_text(out, size));
}

std::string digest(Hash hash, std::string_view bytes) {
  Hasher hasher(hash);
  hasher.add(bytes);
  return hasher.finish();
}

std::string hex_digest(Hash hash, std::string_view bytes) {
  return hex_encode(digest(hash, bytes));
}

// RFC 2104.
std::string hmac(Hash hash, std::string_view key, std::string_view bytes) {
  const size_t block = hash == Hash::Sha384 || hash == Hash::Sha512 ? size_t{128} : size_t{64};
  std::string pad = key.size() > block ? digest(hash, key) : std::string(key);
  pad.resize(block, '\0');
  for (char& c : pad)
    c = static_cast<char>(c ^ 0x36);
  Hasher inner(hash);
  inner.add(pad);
  inner.add(bytes);
  for (char& c : pad)
    c = static_cast<char>(c ^ 0x36 ^ 0x5c);
  Hasher outer(hash);
  outer.add(pad);
  outer.add(inner.finish());
  OPENSSL_cleanse(pad.data(), pad.size());
  return outer.finish();
}

uint32_t crc32(std::string_view bytes) {
  return checksum(::crc32, ::crc32(0, nullptr, 0), bytes);
}

uint32_t adler32(std::string_view bytes) {
  return checksum(::adler32, ::adler32(0, nullptr, 0), bytes);
}

bool constant_time_equal(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace fleet::codec
