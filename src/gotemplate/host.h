// Host: what templates can ask of the world outside. Everything else in this room is pure.
//
// The real one is in helm/host. `PureHost` is for places that have no world: it answers with the
// time it was given, with numbers from a seed, and says that the rest is not available.
// Errors of a host are shown to the user as "error calling FUNCTION: MESSAGE".
// Threads: a host is used by one render at a time unless it says otherwise.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "data/value/value.h"

namespace fleet::gotemplate {

struct KeyPair {
  std::string certificate;  // PEM, field .Cert in templates
  std::string key;          // PEM, field .Key
};

struct CertificateRequest {
  std::string common_name;
  std::vector<std::string> ips;  // as written; an address that does not parse is an error
  std::vector<std::string> dns_names;
  int64_t days = 365;
  std::string key_pem;  // empty: make a new RSA 2048 key
};

class Host {
 public:
  virtual ~Host() = default;

  virtual TimePoint now() = 0;
  // Cryptographically random, unless the host says otherwise.
  virtual void random(std::span<uint8_t> bytes) = 0;

  // Helm's lookup: one object when `name` is given (an empty object if it does not exist), else a
  // list object with `items`. Without a cluster: an empty object.
  virtual Result<data::Value> lookup(std::string_view api_version,
                                     std::string_view kind,
                                     std::string_view namespace_name,
                                     std::string_view name) = 0;
  // An address of the host name; "" when DNS lookups are not allowed (Helm's default).
  virtual Result<std::string> host_by_name(std::string_view name) = 0;
  // The environment, for sprig's env and expandenv; Helm has neither.
  virtual std::string environment(std::string_view name) = 0;
  // The TZif file of a time zone ("Europe/Berlin"); "" when it is not known, which means UTC.
  virtual std::string zone_file(std::string_view) { return {}; }

  // "$2a$10$...": cost 10.
  virtual Result<std::string> bcrypt(std::string_view password) = 0;
  // scrypt (RFC 7914) with cost `n`, `r`, `p`, for derivePassword.
  virtual Result<std::string> scrypt(std::string_view password,
                                     std::string_view salt,
                                     uint64_t n,
                                     uint32_t r,
                                     uint32_t p,
                                     size_t bytes) = 0;
  // AES in CBC mode without padding: `key` has 16, 24 or 32 bytes, `iv` 16, `text` a multiple
  // of 16.
  virtual Result<std::string> aes_cbc_encrypt(std::string_view key,
                                              std::string_view iv,
                                              std::string_view text) = 0;
  virtual Result<std::string> aes_cbc_decrypt(std::string_view key,
                                              std::string_view iv,
                                              std::string_view text) = 0;

  // `type` is "rsa" (or ""), "dsa", "ecdsa" or "ed25519"; anything else gives the text
  // "Unknown type " + type, as sprig does. PEM.
  virtual Result<std::string> private_key(std::string_view type) = 0;
  // A self-signed authority; subject and issuer are the common name.
  virtual Result<KeyPair> certificate_authority(const CertificateRequest& request) = 0;
  virtual Result<KeyPair> self_signed_certificate(const CertificateRequest& request) = 0;
  virtual Result<KeyPair> signed_certificate(const CertificateRequest& request,
                                             const KeyPair& authority) = 0;
  // Checks that both parse, as buildCustomCert; the texts are PEM.
  virtual Result<> check_key_pair(const KeyPair& pair) = 0;
};

// A host without a world, for pure callers and tests. Its random numbers are NOT secret.
class PureHost : public Host {
 public:
  explicit PureHost(TimePoint now = {}, uint64_t seed = 0)
      : now_(now),
        state_(seed) {}

  TimePoint now() override { return now_; }
  void random(std::span<uint8_t> bytes) override;
  Result<data::Value> lookup(std::string_view api_version,
                             std::string_view kind,
                             std::string_view namespace_name,
                             std::string_view name) override;
  Result<std::string> host_by_name(std::string_view) override { return std::string(); }
  std::string environment(std::string_view) override { return {}; }
  Result<std::string> bcrypt(std::string_view password) override;
  Result<std::string> scrypt(std::string_view password,
                             std::string_view salt,
                             uint64_t n,
                             uint32_t r,
                             uint32_t p,
                             size_t bytes) override;
  Result<std::string> aes_cbc_encrypt(std::string_view key,
                                      std::string_view iv,
                                      std::string_view text) override;
  Result<std::string> aes_cbc_decrypt(std::string_view key,
                                      std::string_view iv,
                                      std::string_view text) override;
  Result<std::string> private_key(std::string_view type) override;
  Result<KeyPair> certificate_authority(const CertificateRequest& request) override;
  Result<KeyPair> self_signed_certificate(const CertificateRequest& request) override;
  Result<KeyPair> signed_certificate(const CertificateRequest& request,
                                     const KeyPair& authority) override;
  Result<> check_key_pair(const KeyPair& pair) override;

 private:
  TimePoint now_;
  uint64_t state_;
};

}  // namespace fleet::gotemplate
