// Service-account tokens: made, and checked against what is in the store now.
//
// Bound tokens carry audience, expiry and, if asked for, the object that they live and die with.
// Legacy tokens stand in a Secret of type kubernetes.io/service-account-token and live as long as
// it. Either is refused once its account, its object or its namespace is gone or being deleted.
// Threads: all functions from any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kube/apiserver/core.h"
#include "sys/guarded.h"
#include "wire/crypto/key.h"

namespace fleet::kube::apiserver {

inline constexpr std::string_view kIssuer = "https://kubernetes.default.svc.cluster.local";
inline constexpr std::string_view kLegacyIssuer = "kubernetes/serviceaccount";

struct AccountToken {
  std::string ns;
  std::string name;
  std::string uid;
  std::vector<std::string> audiences;  // empty: the server's own
  TimePoint expires;
  // The object it is bound to: kind ("Pod", "Secret", "Node"), name and uid; empty kind: none.
  std::string bound_kind{};
  std::string bound_name{};
  std::string bound_uid{};
};

class TokenService {
 public:
  explicit TokenService(crypto::PrivateKey key)
      : key_(std::move(key)),
        public_key_(key_.public_key()) {}

  Result<std::string> issue(const AccountToken& token, std::string id, TimePoint now) const;
  Result<std::string> issue_legacy(const Key& account,
                                   std::string_view uid,
                                   std::string_view secret) const;

  struct Verified {
    Identity user;
    std::vector<std::string> audiences;  // those of the token that were asked for
  };
  // Unauthorized unless it is one of ours, in time, for one of `audiences` (empty: the server's
  // own), and what it speaks of is still there. Nothing when it is no token of this server at all.
  Reply<std::optional<Verified>> verify(const Context& ctx,
                                        Core& core,
                                        std::string_view token,
                                        const std::vector<std::string>& audiences) const;

  const crypto::PublicKey& public_key() const { return public_key_; }

 private:
  Result<data::Value> claims_of(std::string_view token) const;

  crypto::PrivateKey key_;
  crypto::PublicKey public_key_;
  // Claims of tokens whose signature was checked; emptied when it is full.
  mutable Guarded<std::map<std::string, data::Value, std::less<>>> checked_;
};

Identity account_identity(std::string_view ns, std::string_view name, std::string_view uid);

}  // namespace fleet::kube::apiserver
