#include "controller/reconcilers/deployment_reconciler.h"

#include "base/strings.h"
#include "fleet/api/labels.h"
#include "fleet/summary/summarize.h"
#include "kube/controller/write.h"
#include "kube/meta/condition.h"

namespace fleet::controller {
namespace {

// "True", or "Error: why" when the condition is an error.
std::string shown(const std::vector<kube::Condition>& conditions, std::string_view type) {
  const kube::Condition* condition = kube::find_condition(conditions, type);
  if (condition == nullptr) return {};
  if (condition->reason == "Error") return cat("Error: ", condition->message);
  return condition->status;
}

}  // namespace

void DeploymentReconciler::attach(kube::Controller& controller) {
  controller.watch(caches_.deployments);
}

Result<kube::Requeue> DeploymentReconciler::reconcile(const Context& ctx, const kube::Key& key) {
  const kube::Resource resource = api::BundleDeployment::kKind.resource();
  const kube::CachedPtr seen = caches_.deployments.indexer().get(key);
  if (!seen || !seen->decoded) return kube::Requeue::never();
  if (seen->object.is_being_deleted()) {
    TRY(kube::remove_finalizer(
        ctx, client_, resource, seen->object, api::finalizer::kBundleDeployment));
    return kube::Requeue::never();
  }
  if (!seen->object.has_finalizer(api::finalizer::kBundleDeployment)) {
    TRY(kube::add_finalizer(
        ctx, client_, resource, seen->object, api::finalizer::kBundleDeployment));
    return kube::Requeue::never();
  }
  const auto& deployment = *std::static_pointer_cast<const api::BundleDeployment>(seen->decoded);
  data::Value status =
      seen->object["status"].is_null() ? data::Value::object() : seen->object["status"];
  api::BundleDeploymentDisplay display;
  display.deployed = shown(deployment.status.conditions, "Deployed");
  display.monitored = shown(deployment.status.conditions, "Monitored");
  display.state = summary::deployment_state(deployment);
  status.set("display", data::encode(display));
  TRY(kube::write_status(ctx, client_, resource, seen->object, status));
  return kube::Requeue::never();
}

}  // namespace fleet::controller
