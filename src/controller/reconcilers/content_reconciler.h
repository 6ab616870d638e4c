// Content: counted, and removed when nobody uses it any more.
//
// A Content that was never used stays: its bundle may be about to. One that was used is removed
// only after a live list of BundleDeployments found none that names it.
#pragma once

#include "controller/reconcilers/caches.h"
#include "kube/controller/reconciler.h"

namespace fleet::controller {

class ContentReconciler final : public kube::Reconciler {
 public:
  ContentReconciler(kube::Client& client, const Caches& caches)
      : client_(client),
        caches_(caches) {}
  Result<kube::Requeue> reconcile(const Context& ctx, const kube::Key& key) override;
  void attach(kube::Controller& controller);

 private:
  kube::Client& client_;
  const Caches& caches_;
};

}  // namespace fleet::controller
