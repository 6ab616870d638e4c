// ClusterRegistration → a Cluster, and a credential for its agent.
//
// The credential may read the cluster's own deployments and write their status, read Contents by
// name, and patch the status of its Cluster: nothing else. It lies in a Secret whose name only the
// agent can compute, and that is deleted when it is 40 minutes old.
// As Fleet 0.16 (clusters.md §5).
#pragma once

#include "base/secret.h"
#include "controller/reconcilers/caches.h"
#include "controller/reconcilers/hub.h"
#include "kube/controller/reconciler.h"

namespace fleet::controller {

class RegistrationReconciler final : public kube::Reconciler {
 public:
  RegistrationReconciler(kube::Client& client, const Caches& caches, const Hub& hub)
      : client_(client),
        caches_(caches),
        hub_(hub) {}
  Result<kube::Requeue> reconcile(const Context& ctx, const kube::Key& key) override;
  void attach(kube::Controller& controller);

 private:
  Result<std::optional<kube::Object>> find_cluster(const Context& ctx,
                                                   const api::ClusterRegistration& request);
  Result<> grant(const Context& ctx,
                 const kube::Object& request,
                 const kube::Object& cluster,
                 const kube::Object& account,
                 const Secret<>& token);
  Result<> drop_older(const Context& ctx, const api::ClusterRegistration& request);
  Result<> let_read_credential(const Context& ctx,
                               const kube::Object& request,
                               const kube::Object& cluster,
                               const std::string& secret);

  kube::Client& client_;
  const Caches& caches_;
  const Hub& hub_;
};

// Deletes agents' credentials that nobody fetched in time, every 20 minutes.
Result<> expire_credentials(const Context& ctx, kube::Client& client, const Hub& hub);

}  // namespace fleet::controller
