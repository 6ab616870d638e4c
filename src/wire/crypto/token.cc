#include "wire/crypto/token.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/strings.h"
#include "codec/base64.h"

namespace fleet::crypto {
namespace {

using codec::Base64;

constexpr size_t kHalf = 32;  // bytes of r, and of s, for P-256

// One DER INTEGER at the front of `der`, as 32 big-endian bytes.
std::optional<std::string> take_integer(std::string_view& der) {
  if (der.size() < 2 || der[0] != 2) return {};
  const auto size = static_cast<size_t>(static_cast<uint8_t>(der[1]));
  if (size > 127 || der.size() < 2 + size) return {};
  std::string_view digits = der.substr(2, size);
  der.remove_prefix(2 + size);
  while (!digits.empty() && digits[0] == '\0')
    digits.remove_prefix(1);
  if (digits.size() > kHalf) return {};
  return std::string(kHalf - digits.size(), '\0') + std::string(digits);
}

// ECDSA signatures: DER inside the library, r and s side by side in tokens.
std::optional<std::string> der_to_raw(std::string_view der) {
  if (der.size() < 2 || der[0] != 0x30) return {};
  der.remove_prefix(2);
  const auto r = take_integer(der);
  const auto s = r ? take_integer(der) : std::nullopt;
  if (!s) return {};
  return *r + *s;
}

std::string integer(std::string_view digits) {
  while (digits.size() > 1 && digits[0] == '\0')
    digits.remove_prefix(1);
  std::string value(digits);
  if ((static_cast<uint8_t>(value[0]) & 0x80) != 0) value.insert(0, 1, '\0');
  return cat('\x02', static_cast<char>(value.size()), value);
}

std::string raw_to_der(std::string_view raw) {
  const std::string body = integer(raw.substr(0, kHalf)) + integer(raw.substr(kHalf));
  return cat('\x30', static_cast<char>(body.size()), body);
}

}  // namespace

Result<std::string> sign_token(const PrivateKey& key, std::string_view claims_json) {
  const PublicKey shown = key.public_key();
  const std::string algorithm = shown.algorithm();
  if (algorithm.empty()) return Error{Code::Unsupported, "keys of this kind sign no tokens"};
  const std::string header = cat("{\"alg\":\"", algorithm, "\",\"kid\":\"", shown.id(), "\"}");
  std::string token = cat(codec::base64_encode(header, Base64::RawUrl),
                          ".",
                          codec::base64_encode(claims_json, Base64::RawUrl));
  std::string signature = key.sign(token);
  if (algorithm == "ES256") signature = der_to_raw(signature).value_or("");
  return cat(token, ".", codec::base64_encode(signature, Base64::RawUrl));
}

Result<TokenParts> split_token(std::string_view token) {
  const auto parts = split(token, '.');
  if (parts.size() != 3) return Error{Code::Invalid, "token is not of three parts"};
  TokenParts out;
  std::string* const into[] = {&out.header_json, &out.claims_json, &out.signature};
  for (size_t i = 0; i < 3; ++i) {
    Result<std::string> bytes = codec::base64_decode(parts[i], Base64::RawUrl);
    if (!bytes.ok()) return Error{Code::Invalid, "token is not in base64url"};
    *into[i] = std::move(bytes).value();
  }
  out.signed_bytes = std::string(token.substr(0, token.rfind('.')));
  return out;
}

bool token_signed_by(const TokenParts& token, std::string_view algorithm, const PublicKey& key) {
  if (algorithm.empty() || algorithm != key.algorithm()) return false;
  if (algorithm != "ES256") return key.verifies(token.signed_bytes, token.signature);
  return token.signature.size() == 2 * kHalf &&
         key.verifies(token.signed_bytes, raw_to_der(token.signature));
}

}  // namespace fleet::crypto
