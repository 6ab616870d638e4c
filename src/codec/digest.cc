#include "codec/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <zlib.h>

#include "base/check.h"
#include "codec/base64.h"

namespace fleet::codec {
namespace {

const EVP_MD* method(Hash hash) {
  switch (hash) {
    case Hash::Md5:
      return EVP_md5();
    case Hash::Sha1:
      return EVP_sha1();
    case Hash::Sha224:
      return EVP_sha224();
    case Hash::Sha256:
      return EVP_sha256();
    case Hash::Sha384:
      return EVP_sha384();
    case Hash::Sha512:
      return EVP_sha512();
  }
  return nullptr;
}

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

struct Hasher::State {
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
};

Hasher::Hasher(Hash hash)
    : state_(std::make_unique<State>()) {
  CHECK(EVP_DigestInit_ex(state_->context.get(), method(hash), nullptr) == 1);
}
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

void Hasher::add(std::string_view bytes) {
  CHECK(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1);
}

std::string Hasher::finish() {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  CHECK(EVP_DigestFinal_ex(state_->context.get(), out, &size) == 1);
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

std::string hmac(Hash hash, std::string_view key, std::string_view bytes) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  CHECK(HMAC(method(hash),
             key.data(),
             static_cast<int>(key.size()),
             as_bytes(bytes),
             bytes.size(),
             out,
             &size) != nullptr);
  return std::string(as_text(out, size));
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
