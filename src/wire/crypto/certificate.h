// X.509: make authorities and certificates, read and check them, and requests for them.
//
// Signatures use SHA-256 (Ed25519: its own). Serial numbers are random, 128 bits.
// Errors: Invalid with what is wrong. Values are immutable; threads: any.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "wire/crypto/key.h"

namespace fleet::crypto {

struct NativeCertificate;
struct NativeRequest;

struct CertificateSpec {
  std::string common_name{};
  std::vector<std::string> organizations{};
  std::vector<std::string> dns_names{};
  std::vector<std::string> ip_addresses{};  // as text
  TimePoint not_before{};
  TimePoint not_after{};
  bool is_ca = false;
  bool for_server = false;  // extended key usage
  bool for_client = false;
};

class Certificate {
 public:
  // The first "CERTIFICATE" of a text.
  static Result<Certificate> parse(std::string_view pem);
  static Result<std::vector<Certificate>> parse_all(std::string_view pem);  // at least one
  static Result<Certificate> parse_der(std::string_view der);
  explicit Certificate(std::shared_ptr<const NativeCertificate> native)
      : native_(std::move(native)) {}

  std::string pem() const;
  std::string der() const;
  std::string common_name() const;
  std::string issuer_common_name() const;
  std::vector<std::string> organizations() const;
  std::vector<std::string> dns_names() const;
  std::vector<std::string> ip_addresses() const;
  std::string serial() const;  // lower-case hexadecimal
  TimePoint not_before() const;
  TimePoint not_after() const;
  bool is_ca() const;
  PublicKey public_key() const;
  // Signed by `authority`, and both valid at `when`.
  Result<> check_signed_by(const Certificate& authority, TimePoint when) const;

  const NativeCertificate& native() const { return *native_; }

 private:
  std::shared_ptr<const NativeCertificate> native_;
};

// A certificate signed with its own key; the spec's `is_ca` says whether it may sign others.
Result<Certificate> self_signed(const PrivateKey& key, const CertificateSpec& spec);

// A certificate and its key, that sign others.
struct Authority {
  Certificate certificate;
  PrivateKey key;

  // A new one with an ECDSA P-256 key.
  static Result<Authority> make(std::string_view common_name,
                                TimePoint not_before,
                                TimePoint not_after);
  Result<Certificate> issue(const PublicKey& subject_key, const CertificateSpec& spec) const;
};

class CertificateRequest {
 public:
  // "CERTIFICATE REQUEST"; its own signature is checked.
  static Result<CertificateRequest> parse(std::string_view pem);
  static Result<CertificateRequest> make(const PrivateKey& key, const CertificateSpec& subject);
  explicit CertificateRequest(std::shared_ptr<const NativeRequest> native)
      : native_(std::move(native)) {}

  std::string pem() const;
  std::string common_name() const;
  std::vector<std::string> organizations() const;
  std::vector<std::string> dns_names() const;
  std::vector<std::string> ip_addresses() const;
  PublicKey public_key() const;

 private:
  std::shared_ptr<const NativeRequest> native_;
};

}  // namespace fleet::crypto
