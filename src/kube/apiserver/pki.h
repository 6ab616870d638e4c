// The server's own keys and certificates: made at the first start, kept in the data folder.
//
// A CA (ECDSA P-256, 10 years) signs the serving certificate (1 year, renewed 30 days before its
// end) and client certificates; a key of its own signs service-account tokens. Files: ca.crt,
// ca.key, serving.crt, serving.key, sa.key; keys are readable by the owner alone.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "sys/context.h"
#include "wire/crypto/certificate.h"
#include "wire/crypto/key.h"

namespace fleet::kube::apiserver {

struct KeyPair {
  std::string certificate_pem;
  Secret<std::string> key_pem;
};

class Pki {
 public:
  // `folder` empty: nothing is kept.
  static Result<Pki> open(const Context& ctx, const std::string& folder);

  const crypto::Authority& authority() const { return authority_; }
  const crypto::PrivateKey& account_key() const { return account_key_; }
  std::string ca_pem() const { return authority_.certificate.pem(); }

  // A certificate for these names, from the folder if it is there, names them all and is not about
  // to end. Names that are addresses become address entries.
  Result<KeyPair> serving(const Context& ctx, const std::vector<std::string>& names) const;
  Result<KeyPair> client(const Context& ctx,
                         std::string_view user,
                         const std::vector<std::string>& groups,
                         Duration lifetime) const;

 private:
  Pki(crypto::Authority authority, crypto::PrivateKey account_key, std::string folder)
      : authority_(std::move(authority)),
        account_key_(std::move(account_key)),
        folder_(std::move(folder)) {}

  crypto::Authority authority_;
  crypto::PrivateKey account_key_;
  std::string folder_;
};

}  // namespace fleet::kube::apiserver
