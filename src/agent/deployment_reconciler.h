// BundleDeployment → release and status, on the agent.
//
// observe: the deployment (cache of the hub), its release, the live objects. act: deploy when the
// deployment id differs from the applied one, correct drift when asked; one status patch at the
// end.
//
// A release is uninstalled only when the hub, asked live, says that the deployment does not exist
// and lists the deployments of this cluster without it. With the hub away nothing is removed.
// As Fleet 0.16 (agent.md §5). Threads: as kube::Reconciler.
#pragma once

#include <map>
#include <string>

#include "agent/deployer.h"
#include "agent/drift_watch.h"
#include "agent/monitor.h"
#include "kube/cache/informer.h"
#include "kube/controller/reconciler.h"

namespace fleet::agent {

class DeploymentReconciler final : public kube::Reconciler {
 public:
  DeploymentReconciler(Surroundings& around, const kube::Indexer& deployments)
      : around_(around),
        deployments_(deployments),
        deployer_(around),
        monitor_(around) {}

  Result<kube::Requeue> reconcile(const Context& ctx, const kube::Key& key) override;

  // Where drift is noticed; before the first reconcile.
  void use(DriftWatch& drift) { drift_ = &drift; }

  // Uninstalls the releases whose deployment the hub no longer has, and those that moved to another
  // name or namespace.
  Result<> clean_up(const Context& ctx);

 private:
  struct Work;

  Result<kube::Requeue> deploy(const Context& ctx, Work& work);
  Result<> apply(const Context& ctx, Work& work);
  Result<> look(const Context& ctx, Work& work);
  Result<> correct(const Context& ctx, Work& work, const helm::Release& release);
  Result<> remove(const Context& ctx, const kube::Key& key);
  Result<bool> is_removed(const Context& ctx, const kube::Key& key);
  Result<std::vector<std::string>> unready_dependencies(const Work& work);
  Result<> check_namespace(const Context& ctx, const Work& work);
  Result<bool> copy_downstream(const Context& ctx, Work& work);
  Result<> mark_namespace(const Context& ctx, const Work& work, const ReleaseId& release);
  Result<> write(const Context& ctx, Work& work);
  void recall(Work& work) const;

  Surroundings& around_;
  const kube::Indexer& deployments_;
  Deployer deployer_;
  Monitor monitor_;
  DriftWatch* drift_ = nullptr;
  // The status that this agent found last, by uid of the deployment. Caches lag behind: without it
  // a deployment would be applied once more before the hub's echo of the first time arrives.
  Guarded<std::map<std::string, api::BundleDeploymentStatus>> known_;
};

// True if an error of a deployment will not go away by trying again: it becomes its status.
bool is_settled_error(std::string_view message);

}  // namespace fleet::agent
