#include "gotemplate/host.h"

#include "base/strings.h"

namespace fleet::gotemplate {
namespace {

Error unavailable(std::string_view what) {
  return Error(Code::Unsupported, cat(what, " is not available here"));
}

// SplitMix64.
uint64_t next_random(uint64_t& state) {
  state += 0x9E3779B97F4A7C15;
  uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

}  // namespace

void PureHost::random(std::span<uint8_t> bytes) {
  uint64_t word = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i % 8 == 0) word = next_random(state_);
    bytes[i] = static_cast<uint8_t>(word >> (i % 8 * 8));
  }
}

Result<data::Value> PureHost::lookup(std::string_view,
                                     std::string_view,
                                     std::string_view,
                                     std::string_view) {
  return data::Value::object();
}

Result<std::string> PureHost::bcrypt(std::string_view) {
  return unavailable("bcrypt");
}

Result<std::string> PureHost::scrypt(
    std::string_view, std::string_view, uint64_t, uint32_t, uint32_t, size_t) {
  return unavailable("scrypt");
}

Result<std::string> PureHost::aes_cbc_encrypt(std::string_view,
                                              std::string_view,
                                              std::string_view) {
  return unavailable("AES");
}

Result<std::string> PureHost::aes_cbc_decrypt(std::string_view,
                                              std::string_view,
                                              std::string_view) {
  return unavailable("AES");
}

Result<std::string> PureHost::private_key(std::string_view type) {
  bool known =
      type.empty() || type == "rsa" || type == "dsa" || type == "ecdsa" || type == "ed25519";
  if (!known) return cat("Unknown type ", type);
  return unavailable("making keys");
}

Result<KeyPair> PureHost::certificate_authority(const CertificateRequest&) {
  return unavailable("making certificates");
}

Result<KeyPair> PureHost::self_signed_certificate(const CertificateRequest&) {
  return unavailable("making certificates");
}

Result<KeyPair> PureHost::signed_certificate(const CertificateRequest&, const KeyPair&) {
  return unavailable("making certificates");
}

Result<> PureHost::check_key_pair(const KeyPair&) {
  return unavailable("reading certificates");
}

}  // namespace fleet::gotemplate
