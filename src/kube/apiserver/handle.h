// The front desk: from a request to its answer.
//
//   who asks (authenticate, impersonate) -> may they (authorize) -> who answers: an endpoint that
//   is no resource, a resource with an answer of its own (reviews, tokens), or the verbs on what is
//   stored (rest.h).
#pragma once

#include <memory>

#include "kube/apiserver/core.h"
#include "kube/apiserver/request_metrics.h"

namespace fleet::kube::apiserver {

// Finds out who sent a request. Threads: any.
class Authenticator {
 public:
  virtual ~Authenticator() = default;
  // Unauthorized for bad credentials; the anonymous identity when there are none.
  virtual Reply<Identity> authenticate(const Context& ctx, const Request& request) const = 0;
};

// Answers paths that are no resource: discovery, OpenAPI, health, version, metrics.
class Endpoints {
 public:
  virtual ~Endpoints() = default;
  // NotFound in kube-apiserver's words when there is nothing at the path.
  virtual Reply<Response> answer(const Context& ctx,
                                 const Request& request,
                                 const RequestInfo& info) const = 0;
};

// Answers requests to resources that are not simply stored, such as reviews and
// serviceaccounts/token.
class Specials {
 public:
  virtual ~Specials() = default;
  // Nothing when the request is not one of them.
  virtual std::optional<Reply<Response>> answer(Call& call) const = 0;
};

class Handler {
 public:
  Handler(Core& core,
          const Authenticator& authenticator,
          const Endpoints& endpoints,
          const Specials& specials,
          Metrics& metrics)
      : core_(core),
        authenticator_(authenticator),
        endpoints_(endpoints),
        specials_(specials),
        metrics_(metrics) {}

  // Never fails: what goes wrong is a Status in the answer.
  Response handle(const Context& ctx, const Request& request) const;

 private:
  Reply<Response> try_handle(const Context& ctx,
                             const Request& request,
                             const RequestInfo& info) const;
  Reply<Response> handle_resource(const Context& ctx,
                                  const Request& request,
                                  const RequestInfo& info,
                                  const Identity& user) const;
  Reply<Response> dispatch(Call& call) const;
  Reply<Identity> identify(const Context& ctx, const Request& request) const;

  Core& core_;
  const Authenticator& authenticator_;
  const Endpoints& endpoints_;
  const Specials& specials_;
  mutable RequestMetrics metrics_;
};

// `pods "x" is forbidden: User "u" cannot get resource "pods" in API group "" in the namespace "n"`
Status forbidden(const Identity& user, const RequestInfo& info, std::string_view reason);

// Bytes of the largest object and patch that are accepted.
inline constexpr size_t kMaxObjectBytes = size_t{3} << 19;  // 1.5 MiB

}  // namespace fleet::kube::apiserver
