// BundleDeployment, the hub's part: its finalizer, and the words for people in status.display.
//
// The agent uninstalls when it sees, live, that the object is gone; so a deployment to be deleted
// only loses its finalizer here. `display.state` is computed on every change, so it never says
// Ready of a deployment that waits to be applied.
#pragma once

#include "controller/reconcilers/caches.h"
#include "kube/controller/reconciler.h"

namespace fleet::controller {

class DeploymentReconciler final : public kube::Reconciler {
 public:
  DeploymentReconciler(kube::Client& client, const Caches& caches)
      : client_(client),
        caches_(caches) {}
  Result<kube::Requeue> reconcile(const Context& ctx, const kube::Key& key) override;
  void attach(kube::Controller& controller);

 private:
  kube::Client& client_;
  const Caches& caches_;
};

}  // namespace fleet::controller
