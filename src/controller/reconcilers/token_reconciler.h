// ClusterRegistrationToken → what an agent needs to ask for admission: a service account that may
// create registrations and nothing else, and a Secret whose `values` fit the chart fleet-agent.
//
// A token with a ttl is deleted when it has expired; what was made for it goes with it.
// As Fleet 0.16 (clusters.md §4).
#pragma once

#include "controller/reconcilers/caches.h"
#include "controller/reconcilers/hub.h"
#include "kube/controller/reconciler.h"

namespace fleet::controller {

class TokenReconciler final : public kube::Reconciler {
 public:
  TokenReconciler(kube::Client& client, const Caches& caches, const Hub& hub)
      : client_(client),
        caches_(caches),
        hub_(hub) {}
  Result<kube::Requeue> reconcile(const Context& ctx, const kube::Key& key) override;
  void attach(kube::Controller& controller);

 private:
  kube::Client& client_;
  const Caches& caches_;
  const Hub& hub_;
};

// "NAME-UID", cut to a name's length: the service account of a token or a registration.
std::string account_name(const kube::Object& object);

}  // namespace fleet::controller
