#include "wire/crypto/key.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/dsa.h>
#include <openssl/ec.h>
#include <openssl/encoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/check.h"
#include "base/strings.h"
#include "codec/base64.h"
#include "codec/digest.h"
#include "wire/crypto/openssl.h"

namespace fleet::crypto {
namespace {

using ContextPtr = std::unique_ptr<EVP_PKEY_CTX, void (*)(EVP_PKEY_CTX*)>;
using DigestPtr = std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)>;

// NOLINTBEGIN(cppcoreguidelines-pro-type-reinterpret-cast): bytes are bytes
const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}
// NOLINTEND(cppcoreguidelines-pro-type-reinterpret-cast)

bool is_a(const NativeKey& key, const char* kind) {
  return EVP_PKEY_is_a(key.key, kind) == 1;
}

EVP_PKEY* generate_dsa() {
  const ContextPtr parameters(EVP_PKEY_CTX_new_from_name(nullptr, "DSA", nullptr),
                              EVP_PKEY_CTX_free);
  CHECK(EVP_PKEY_paramgen_init(parameters.get()) == 1);
  CHECK(EVP_PKEY_CTX_set_dsa_paramgen_bits(parameters.get(), 2048) == 1);
  CHECK(EVP_PKEY_CTX_set_dsa_paramgen_q_bits(parameters.get(), 256) == 1);
  EVP_PKEY* domain = nullptr;
  CHECK(EVP_PKEY_paramgen(parameters.get(), &domain) == 1);
  const NativeKey owned(domain);
  const ContextPtr keys(EVP_PKEY_CTX_new_from_pkey(nullptr, domain, nullptr), EVP_PKEY_CTX_free);
  EVP_PKEY* key = nullptr;
  CHECK(EVP_PKEY_keygen_init(keys.get()) == 1 && EVP_PKEY_keygen(keys.get(), &key) == 1);
  return key;
}

EVP_PKEY* generate_native(KeyKind kind) {
  switch (kind) {
    case KeyKind::EcdsaP256:
      return EVP_EC_gen("P-256");
    case KeyKind::Rsa2048:
      return EVP_RSA_gen(2048);
    case KeyKind::Rsa4096:
      return EVP_RSA_gen(4096);
    case KeyKind::Ed25519:
      return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    case KeyKind::Dsa2048:
      return generate_dsa();
  }
  return nullptr;
}

// "type-specific" is PKCS #1, SEC 1 or DSA's own form.
std::string encode_private(const NativeKey& key, const char* structure) {
  OSSL_ENCODER_CTX* encoder =
      OSSL_ENCODER_CTX_new_for_pkey(key.key, EVP_PKEY_KEYPAIR, "PEM", structure, nullptr);
  CHECK(encoder != nullptr);
  const Bio bio;
  const int done = OSSL_ENCODER_to_bio(encoder, bio.get());
  OSSL_ENCODER_CTX_free(encoder);
  CHECK(done == 1);
  return bio.text();
}

// A big-endian number of the key, left-padded to `width` bytes.
std::string number_of(const NativeKey& key, const char* name, size_t width) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key.key, name, &number) != 1) return {};
  const size_t size = std::max(width, static_cast<size_t>(BN_num_bytes(number)));
  std::string out(size, '\0');
  BN_bn2binpad(number, bytes_of(out), static_cast<int>(size));
  BN_free(number);
  return out;
}

}  // namespace

Result<PublicKey> PublicKey::parse(std::string_view pem) {
  {
    const Bio bio(pem);
    if (EVP_PKEY* key = PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr)) {
      return PublicKey(std::make_shared<const NativeKey>(key));
    }
  }
  ERR_clear_error();
  const Bio bio(pem);
  if (X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
    const NativeCertificate owned(certificate);
    if (EVP_PKEY* key = X509_get_pubkey(certificate)) {
      return PublicKey(std::make_shared<const NativeKey>(key));
    }
  }
  return openssl_error(Code::Invalid, "not a public key in PEM form");
}

std::string PublicKey::pem() const {
  const Bio bio;
  CHECK(PEM_write_bio_PUBKEY(bio.get(), native_->key) == 1);
  return bio.text();
}

std::string PublicKey::der() const {
  unsigned char* out = nullptr;
  const int size = i2d_PUBKEY(native_->key, &out);
  CHECK(size > 0);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes are bytes
  std::string der(reinterpret_cast<const char*>(out), static_cast<size_t>(size));
  OPENSSL_free(out);
  return der;
}

std::string PublicKey::algorithm() const {
  if (is_a(*native_, "EC") && EVP_PKEY_get_bits(native_->key) == 256) return "ES256";
  if (is_a(*native_, "RSA")) return "RS256";
  if (is_a(*native_, "ED25519")) return "EdDSA";
  return {};
}

std::string PublicKey::id() const {
  return codec::base64_encode(codec::sha256(der()), codec::Base64::RawUrl);
}

bool PublicKey::verifies(std::string_view bytes, std::string_view signature) const {
  const DigestPtr context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  const EVP_MD* hash = is_a(*native_, "ED25519") ? nullptr : EVP_sha256();
  const bool good =
      EVP_DigestVerifyInit(context.get(), nullptr, hash, nullptr, native_->key) == 1 &&
      EVP_DigestVerify(
          context.get(), bytes_of(signature), signature.size(), bytes_of(bytes), bytes.size()) == 1;
  ERR_clear_error();
  return good;
}

std::string PublicKey::jwk_member(std::string_view name) const {
  std::string number;
  if (is_a(*native_, "RSA")) {
    if (name == "n") number = number_of(*native_, OSSL_PKEY_PARAM_RSA_N, 0);
    if (name == "e") number = number_of(*native_, OSSL_PKEY_PARAM_RSA_E, 0);
  } else if (is_a(*native_, "EC")) {
    const size_t width = (static_cast<size_t>(EVP_PKEY_get_bits(native_->key)) + 7) / 8;
    if (name == "x") number = number_of(*native_, OSSL_PKEY_PARAM_EC_PUB_X, width);
    if (name == "y") number = number_of(*native_, OSSL_PKEY_PARAM_EC_PUB_Y, width);
  }
  return codec::base64_encode(number, codec::Base64::RawUrl);
}

PrivateKey PrivateKey::generate(KeyKind kind) {
  EVP_PKEY* key = generate_native(kind);
  CHECK(key != nullptr);
  return PrivateKey(std::make_shared<const NativeKey>(key));
}

Result<PrivateKey> PrivateKey::parse(std::string_view pem) {
  const Bio bio(pem);
  // An encrypted key must not make the library ask at the terminal.
  const auto no_password = [](char*, int, int, void*) { return -1; };
  EVP_PKEY* key = PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr);
  if (key == nullptr) return openssl_error(Code::Invalid, "not a private key in PEM form");
  return PrivateKey(std::make_shared<const NativeKey>(key));
}

std::string PrivateKey::pem() const {
  return is_a(*native_, "ED25519") ? pkcs8_pem() : encode_private(*native_, "type-specific");
}

std::string PrivateKey::pkcs8_pem() const {
  return encode_private(*native_, "PrivateKeyInfo");
}

PublicKey PrivateKey::public_key() const {
  unsigned char* out = nullptr;
  const int size = i2d_PUBKEY(native_->key, &out);
  CHECK(size > 0);
  const unsigned char* at = out;
  EVP_PKEY* key = d2i_PUBKEY(nullptr, &at, size);
  OPENSSL_free(out);
  CHECK(key != nullptr);
  return PublicKey(std::make_shared<const NativeKey>(key));
}

std::string PrivateKey::sign(std::string_view bytes) const {
  const DigestPtr context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  const EVP_MD* hash = is_a(*native_, "ED25519") ? nullptr : EVP_sha256();
  CHECK(EVP_DigestSignInit(context.get(), nullptr, hash, nullptr, native_->key) == 1);
  size_t size = 0;
  CHECK(EVP_DigestSign(context.get(), nullptr, &size, bytes_of(bytes), bytes.size()) == 1);
  std::string out(size, '\0');
  CHECK(EVP_DigestSign(context.get(), bytes_of(out), &size, bytes_of(bytes), bytes.size()) == 1);
  out.resize(size);
  return out;
}

}  // namespace fleet::crypto
