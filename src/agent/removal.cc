// Taking things away: only on a live and explicit order of the hub.
#include <algorithm>
#include <utility>

#include "agent/deployment_reconciler.h"
#include "agent/deployment_work.h"
#include "base/strings.h"
#include "fleet/api/labels.h"

namespace fleet::agent {
namespace {

bool uid_is_cached(const kube::Indexer& deployments, const std::string& uid) {
  const auto all = deployments.list();
  return std::any_of(
      all.begin(), all.end(), [&](const auto& item) { return item->object.uid() == uid; });
}

}  // namespace

// True when the hub itself says twice, in two ways, that there is no such deployment: it does not
// find it, and its list for this cluster, read to the end, does not have it.
Result<bool> DeploymentReconciler::is_removed(const Context& ctx, const kube::Key& key) {
  const kube::Resource resource = api::BundleDeployment::kKind.resource();
  Result<kube::Object> live = around_.hub.get(ctx, resource, key);
  if (live.ok()) return false;
  if (live.error().code() != Code::NotFound) return std::move(live).error();
  kube::ListOptions which;
  which.ns = key.ns;
  const kube::ObjectList all = TRY(kube::list_all(ctx, around_.hub, resource, which));
  return std::none_of(all.items.begin(), all.items.end(), [&](const kube::Object& object) {
    return object.name() == key.name;
  });
}

Result<> DeploymentReconciler::remove(const Context& ctx, const kube::Key& key) {
  if (drift_ != nullptr) drift_->forget(key);
  known_.with([&](auto& known) {
    std::erase_if(known,
                  [&](const auto& entry) { return !uid_is_cached(deployments_, entry.first); });
  });
  for (const helm::Release& release : TRY(deployer_.releases(ctx))) {
    if (release.chart_annotation(api::annotation::kBundleId) != key.name) continue;
    if (!TRY(is_removed(ctx, key))) return {};
    TRY(deployer_.uninstall(ctx, release)
            .within(cat("uninstalling ", release.ns, "/", release.name)));
  }
  return {};
}

Result<> DeploymentReconciler::clean_up(const Context& ctx) {
  for (const helm::Release& release : TRY(deployer_.releases(ctx))) {
    const kube::Key key{around_.hub_namespace,
                        std::string(release.chart_annotation(api::annotation::kBundleId))};
    const kube::CachedPtr cached = deployments_.get(key);
    if (!cached) {
      if (!TRY(is_removed(ctx, key))) continue;
      TRY(deployer_.uninstall(ctx, release));
      continue;
    }
    if (!cached->decoded) continue;
    // The deployment moved: its release of today must be there before the former one goes.
    const auto& deployment =
        *std::static_pointer_cast<const api::BundleDeployment>(cached->decoded);
    const std::string here = cat(release.ns, "/", release.name);
    if (Deployer::release_key(deployment) == here) continue;
    if (deployment.status.applied_deployment_id != deployment.spec.deployment_id) continue;
    Result<kube::Object> live = around_.hub.get(ctx, api::BundleDeployment::kKind.resource(), key);
    if (!live.ok()) return std::move(live).error();
    if (Deployer::release_key(TRY(api::from_object<api::BundleDeployment>(*live))) == here)
      continue;
    TRY(deployer_.uninstall(ctx, release));
  }
  return {};
}

}  // namespace fleet::agent
