#include "wire/crypto/password.h"

#include <memory>

#include <crypt.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "base/check.h"
#include "base/strings.h"
#include "codec/digest.h"
#include "wire/crypto/random.h"

namespace fleet::crypto {
namespace {

constexpr size_t kMaxBcryptBytes = 72;

// NOLINTBEGIN(cppcoreguidelines-pro-type-reinterpret-cast): bytes are bytes
const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}
// NOLINTEND(cppcoreguidelines-pro-type-reinterpret-cast)

std::string crypt_with(std::string_view password, const std::string& setting) {
  const std::string phrase(password);
  auto data = std::make_unique<crypt_data>();
  const char* hash = ::crypt_r(phrase.c_str(), setting.c_str(), data.get());
  return hash == nullptr || hash[0] == '*' ? std::string() : std::string(hash);
}

struct CipherFree {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using CipherPtr = std::unique_ptr<EVP_CIPHER_CTX, CipherFree>;

}  // namespace

Result<std::string> bcrypt(std::string_view password, int cost) {
  if (password.size() > kMaxBcryptBytes) {
    return Error{Code::Invalid, "bcrypt: password length exceeds 72 bytes"};
  }
  if (cost < 4 || cost > 31) {
    return Error{Code::Invalid,
                 cat("crypto/bcrypt: cost ", cost, " is outside allowed range (4,31)")};
  }
  const std::string salt = random_bytes(16);
  char setting[CRYPT_GENSALT_OUTPUT_SIZE];
  CHECK(::crypt_gensalt_rn("$2a$",
                           static_cast<unsigned long>(cost),
                           salt.data(),
                           static_cast<int>(salt.size()),
                           setting,
                           sizeof setting) != nullptr);
  std::string hash = crypt_with(password, setting);
  CHECK(!hash.empty());
  return hash;
}

bool bcrypt_matches(std::string_view password, const std::string& hash) {
  if (!hash.starts_with("$2")) return false;
  return codec::constant_time_equal(crypt_with(password, hash), hash);
}

Result<std::string> scrypt(std::string_view password,
                           std::string_view salt,
                           int log2_n,
                           uint32_t r,
                           uint32_t p,
                           size_t key_bytes) {
  std::string out(key_bytes, '\0');
  constexpr uint64_t kMaxMemory = uint64_t{1} << 30;
  const bool sane = log2_n > 0 && log2_n < 32;
  if (!sane || EVP_PBE_scrypt(password.data(),
                              password.size(),
                              bytes_of(salt),
                              salt.size(),
                              uint64_t{1} << log2_n,
                              r,
                              p,
                              kMaxMemory,
                              bytes_of(out),
                              key_bytes) != 1) {
    ERR_clear_error();
    return Error{Code::Invalid, "scrypt: parameters are too large"};
  }
  return out;
}

std::string aes_cbc_encrypt(std::string_view key, std::string_view iv, std::string_view plain) {
  CHECK(key.size() == 32 && iv.size() == 16);
  const CipherPtr context(EVP_CIPHER_CTX_new());
  std::string out(plain.size() + 16, '\0');
  int size = 0;
  int last = 0;
  CHECK(EVP_EncryptInit_ex(
            context.get(), EVP_aes_256_cbc(), nullptr, bytes_of(key), bytes_of(iv)) == 1);
  CHECK(EVP_EncryptUpdate(
            context.get(), bytes_of(out), &size, bytes_of(plain), static_cast<int>(plain.size())) ==
        1);
  CHECK(EVP_EncryptFinal_ex(context.get(), bytes_of(out) + size, &last) == 1);
  out.resize(static_cast<size_t>(size + last));
  return out;
}

Result<std::string> aes_cbc_decrypt(std::string_view key,
                                    std::string_view iv,
                                    std::string_view cipher) {
  CHECK(key.size() == 32 && iv.size() == 16);
  const CipherPtr context(EVP_CIPHER_CTX_new());
  std::string out(cipher.size() + 16, '\0');
  int size = 0;
  int last = 0;
  CHECK(EVP_DecryptInit_ex(
            context.get(), EVP_aes_256_cbc(), nullptr, bytes_of(key), bytes_of(iv)) == 1);
  if (EVP_DecryptUpdate(
          context.get(), bytes_of(out), &size, bytes_of(cipher), static_cast<int>(cipher.size())) !=
          1 ||
      EVP_DecryptFinal_ex(context.get(), bytes_of(out) + size, &last) != 1) {
    ERR_clear_error();
    return Error{Code::Invalid, "cannot be decrypted with this key"};
  }
  out.resize(static_cast<size_t>(size + last));
  return out;
}

}  // namespace fleet::crypto
