// Bundle → BundleDeployments: who gets it, and whose turn it is.
//
// observe: the bundle, clusters, groups, policies (caches), existing BundleDeployments.
// plan: fleet/target and fleet/rollout. act: Content, BundleDeployments and the Secrets with their
// values, deployments of clusters that are no targets any more, and the bundle's status.
//
// A BundleDeployment is deleted only when a live read of the cluster, its groups and the bundle
// says the same as the caches: that the cluster is no target. As Fleet 0.16 (targeting.md §6).
// Threads: as kube::Reconciler.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "controller/reconcilers/caches.h"
#include "fleet/api/hashes.h"
#include "fleet/target/target.h"
#include "kube/controller/reconciler.h"

namespace fleet::controller {

class BundleReconciler final : public kube::Reconciler {
 public:
  BundleReconciler(kube::Client& client, const Caches& caches)
      : client_(client),
        caches_(caches) {}

  Result<kube::Requeue> reconcile(const Context& ctx, const kube::Key& key) override;

  // Makes the controller see what concerns bundles.
  void attach(kube::Controller& controller);

 private:
  struct Work;

  Result<kube::Requeue> deploy(const Context& ctx, Work& work);
  Result<> observe_deployments(const Context& ctx, Work& work);
  Result<> write_targets(const Context& ctx, Work& work);
  Result<> write_content(const Context& ctx, const Work& work);
  Result<> write_deployment(const Context& ctx, const Work& work, const target::Target& target);
  Result<bool> drop_orphans(const Context& ctx, const Work& work);
  Result<bool> is_target_live(const Context& ctx, const Work& work, const kube::Object& deployment);
  Result<kube::Requeue> remove(const Context& ctx, const Work& work);
  Result<kube::Requeue> fail(const Context& ctx, Work& work, const Error& error);

  kube::Client& client_;
  const Caches& caches_;
  // The manifest of a bundle's files by uid and generation: hashing them is paid once.
  struct Known {
    int64_t generation = 0;
    std::shared_ptr<const api::Manifest> manifest;
  };
  std::shared_ptr<const api::Manifest> manifest_of(const api::Bundle& bundle);
  Guarded<std::map<std::string, Known>> manifests_;
};

// Keys of the bundles that an event of a cluster concerns: those it has, and those that match it.
std::vector<kube::Key> bundles_of_cluster(const kube::CacheEvent& event, const Caches& caches);

}  // namespace fleet::controller
