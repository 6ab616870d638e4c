// Requests that are answered rather than stored: reviews, tokens of service accounts, eviction of
// pods, the finalizers of namespaces, and what only a running pod could answer (logs, exec).
#pragma once

#include "kube/apiserver/authn.h"
#include "kube/apiserver/handle.h"
#include "kube/apiserver/rbac_authorizer.h"

namespace fleet::kube::apiserver {

class StandardSpecials final : public Specials {
 public:
  StandardSpecials(Core& core,
                   const StandardAuthenticator& authenticator,
                   const TokenService& tokens,
                   const RbacAuthorizer& rbac)
      : core_(core),
        authenticator_(authenticator),
        tokens_(tokens),
        rbac_(rbac) {}

  std::optional<Reply<Response>> answer(Call& call) const override;

 private:
  Reply<Response> review(Call& call) const;
  Reply<data::Value> token_review(Call& call, data::Value review) const;
  Reply<data::Value> access_review(Call& call, data::Value review, const Identity& user) const;
  Reply<data::Value> subject_access_review(Call& call, data::Value review) const;
  Reply<data::Value> rules_review(Call& call, data::Value review) const;
  Reply<Response> token_request(Call& call) const;
  Reply<Response> evict(Call& call) const;
  Reply<Response> refuse_running(const Call& call) const;
  Reply<Response> finalize(Call& call) const;

  Core& core_;
  const StandardAuthenticator& authenticator_;
  const TokenService& tokens_;
  const RbacAuthorizer& rbac_;
};

}  // namespace fleet::kube::apiserver
