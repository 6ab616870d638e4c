// Who sent a request: a client certificate, a bearer token of a file or of a service account, or
// nobody (anonymous).
#pragma once

#include <map>
#include <string>

#include "kube/apiserver/handle.h"
#include "kube/apiserver/tokens.h"

namespace fleet::kube::apiserver {

using TokenFile = std::map<std::string, Identity, std::less<>>;
// Lines of kube-apiserver's --token-auth-file: token,user,uid,"group1,group2". Invalid with the
// line's number.
Result<TokenFile> parse_token_file(std::string_view text);

class StandardAuthenticator final : public Authenticator {
 public:
  StandardAuthenticator(Core& core, const TokenService& tokens, TokenFile file)
      : core_(core),
        tokens_(tokens),
        file_(std::move(file)) {}

  Reply<Identity> authenticate(const Context& ctx, const Request& request) const override;
  // For TokenReview: Unauthorized unless the token is good for one of the audiences.
  Reply<TokenService::Verified> check_token(const Context& ctx,
                                            std::string_view token,
                                            const std::vector<std::string>& audiences) const;

 private:
  Core& core_;
  const TokenService& tokens_;
  TokenFile file_;
};

}  // namespace fleet::kube::apiserver
