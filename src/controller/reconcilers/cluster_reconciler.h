// Cluster: its namespace on the hub, the deployments that it should no longer have, its summary.
//
// Deleting a Cluster deletes its namespace on the hub; what the agent deployed there stays, since
// the agent loses its credential and is told nothing.
// As Fleet 0.16 (clusters.md §1, §11, targeting.md §9.4).
#pragma once

#include "controller/reconcilers/caches.h"
#include "kube/controller/reconciler.h"

namespace fleet::controller {

class ClusterReconciler final : public kube::Reconciler {
 public:
  ClusterReconciler(kube::Client& client, const Caches& caches)
      : client_(client),
        caches_(caches) {}
  Result<kube::Requeue> reconcile(const Context& ctx, const kube::Key& key) override;
  void attach(kube::Controller& controller);

 private:
  Result<> ensure_namespace(const Context& ctx,
                            const api::Cluster& cluster,
                            const std::string& name);
  Result<> summarize(const Context& ctx, const kube::Object& seen, api::Cluster& cluster);
  Result<> revoke(const Context& ctx, const std::string& ns);
  Result<kube::Requeue> remove(const Context& ctx,
                               const kube::Object& seen,
                               const api::Cluster& cluster);

  kube::Client& client_;
  const Caches& caches_;
};

}  // namespace fleet::controller
