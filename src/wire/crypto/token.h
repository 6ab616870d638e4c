// Signed tokens in compact form (JWT): three base64url parts, ES256, RS256 or EdDSA.
//
// The JSON inside is the caller's: this module neither reads nor writes it.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "wire/crypto/key.h"

namespace fleet::crypto {

// The header {"alg":"ES256","kid":"..."} is made here, from the key. Unsupported for kinds that
// sign no tokens.
Result<std::string> sign_token(const PrivateKey& key, std::string_view claims_json);

struct TokenParts {
  std::string header_json;
  std::string claims_json;
  std::string signature;     // as the algorithm has it: r and s side by side for ES256
  std::string signed_bytes;  // the first two parts as they stand
};
// Invalid when it is not of that form. Says nothing about who signed it.
Result<TokenParts> split_token(std::string_view token);

// Whether `key` signed it. `algorithm` is what the token's header names; one that is not the key's
// is refused, so that a header cannot choose a weaker one.
bool token_signed_by(const TokenParts& token, std::string_view algorithm, const PublicKey& key);

}  // namespace fleet::crypto
