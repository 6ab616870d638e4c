// Password hashes and the ciphers that chart templates offer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fleet::crypto {

// "$2a$10$...", as Go's bcrypt. Invalid when the cost is not 4..31 or the password is longer than
// 72 bytes ("bcrypt: password length exceeds 72 bytes").
Result<std::string> bcrypt(std::string_view password, int cost = 10);
bool bcrypt_matches(std::string_view password, const std::string& hash);

// N = 2^log2_n. Invalid for parameters that need more than 1 GiB.
Result<std::string> scrypt(std::string_view password,
                           std::string_view salt,
                           int log2_n,
                           uint32_t r,
                           uint32_t p,
                           size_t key_bytes);

// AES-256-CBC with PKCS #7 padding; `key` has 32 bytes, `iv` 16 (CHECKed).
std::string aes_cbc_encrypt(std::string_view key, std::string_view iv, std::string_view plain);
Result<std::string> aes_cbc_decrypt(std::string_view key,
                                    std::string_view iv,
                                    std::string_view cipher);

}  // namespace fleet::crypto
