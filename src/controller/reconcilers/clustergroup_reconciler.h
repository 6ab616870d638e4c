// ClusterGroup: how its clusters are, in one summary. As Fleet 0.16 (targeting.md §9.5).
#pragma once

#include "controller/reconcilers/caches.h"
#include "kube/controller/reconciler.h"

namespace fleet::controller {

class ClusterGroupReconciler final : public kube::Reconciler {
 public:
  ClusterGroupReconciler(kube::Client& client, const Caches& caches)
      : client_(client),
        caches_(caches) {}
  Result<kube::Requeue> reconcile(const Context& ctx, const kube::Key& key) override;
  void attach(kube::Controller& controller);

 private:
  kube::Client& client_;
  const Caches& caches_;
};

}  // namespace fleet::controller
