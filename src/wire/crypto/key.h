// Private and public keys: make, read, write, sign, verify.
//
// Signatures: ECDSA and RSA (PKCS #1 v1.5) over SHA-256, Ed25519 over the bytes themselves.
// Errors: Invalid with what is wrong. Keys are immutable; threads: any.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fleet::crypto {

enum class KeyKind { EcdsaP256, Rsa2048, Rsa4096, Ed25519, Dsa2048 };

// The library's key, seen only by this module and wire/tls.
struct NativeKey;

class PublicKey {
 public:
  // "PUBLIC KEY" (any kind), "RSA PUBLIC KEY", or the key of a "CERTIFICATE".
  static Result<PublicKey> parse(std::string_view pem);
  explicit PublicKey(std::shared_ptr<const NativeKey> native)
      : native_(std::move(native)) {}

  std::string pem() const;
  std::string der() const;  // SubjectPublicKeyInfo
  // "ES256", "RS256", "EdDSA", or empty for a kind that signs no tokens.
  std::string algorithm() const;
  // base64url of SHA-256 of the DER, as Kubernetes names its token keys.
  std::string id() const;
  bool verifies(std::string_view bytes, std::string_view signature) const;
  // As members of a JSON Web Key: "n" and "e", or "x" and "y"; base64url, empty if not of that
  // kind.
  std::string jwk_member(std::string_view name) const;

  const NativeKey& native() const { return *native_; }
  friend bool operator==(const PublicKey& a, const PublicKey& b) { return a.der() == b.der(); }

 private:
  std::shared_ptr<const NativeKey> native_;
};

class PrivateKey {
 public:
  static PrivateKey generate(KeyKind kind);
  // PKCS #8, PKCS #1, SEC 1 or DSA, not encrypted.
  static Result<PrivateKey> parse(std::string_view pem);
  explicit PrivateKey(std::shared_ptr<const NativeKey> native)
      : native_(std::move(native)) {}

  // As Go programs write the kind: "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY", and
  // "PRIVATE KEY" for Ed25519.
  std::string pem() const;
  std::string pkcs8_pem() const;
  PublicKey public_key() const;
  std::string sign(std::string_view bytes) const;  // ECDSA: DER form

  const NativeKey& native() const { return *native_; }

 private:
  std::shared_ptr<const NativeKey> native_;
};

}  // namespace fleet::crypto
