// Paths that are no resource: /version, /healthz and its kin, /metrics, discovery, OpenAPI, the
// keys of service-account tokens.
#pragma once

#include <atomic>
#include <functional>

#include "kube/apiserver/handle.h"
#include "kube/apiserver/openapi.h"
#include "kube/apiserver/tokens.h"
#include "sys/metrics.h"

namespace fleet::kube::apiserver {

class StandardEndpoints final : public Endpoints {
 public:
  StandardEndpoints(Core& core, const TokenService& tokens, Metrics& metrics)
      : core_(core),
        tokens_(tokens),
        metrics_(metrics),
        openapi_(core.registry) {}

  Reply<Response> answer(const Context& ctx,
                         const Request& request,
                         const RequestInfo& info) const override;

  // Unready: still starting, or stopping.
  void set_ready(bool ready) { ready_ = ready; }
  // "127.0.0.1:6443", for discovery documents.
  void set_address(std::string address);

 private:
  Response health(std::string_view kind, std::string_view check, const http::Query& query) const;

  Core& core_;
  const TokenService& tokens_;
  Metrics& metrics_;
  OpenApi openapi_;
  std::atomic<bool> ready_ = false;
  Guarded<std::string> address_;
};

}  // namespace fleet::kube::apiserver
