#include "kube/controller/write.h"
#include "playground/pods.h"
#include "playground/reconcilers.h"
#include "playground/resources.h"

namespace fleet::playground {

using data::Value;
using kube::Key;
using kube::Object;
using kube::Requeue;

Result<Requeue> PodReconciler::reconcile(const Context& ctx, const Key& key) {
  auto cached = world_.pods.get(key);
  if (!cached) return Requeue::never();
  const Object& pod = cached->object;
  if (pod.is_being_deleted()) {
    // Someone asked for it; a kubelet would now say that the containers are gone.
    kube::DeleteOptions options{.uid = std::string(pod.uid()), .grace_period_seconds = 0};
    auto removed = world_.client.remove(ctx, core("pods", "Pod"), key, options);
    bool gone = removed.ok() || removed.error().code() == Code::NotFound ||
                removed.error().code() == Code::Conflict;
    if (!gone) return removed.error();
    return Requeue::never();
  }
  if (pod.at({"spec", "nodeName"}).as_string().empty()) {
    std::string node = choose_node(pod, world_.all_nodes());
    if (!node.empty() && failure_of(pod) != "Unschedulable") {
      Value body = Value::object({{"spec", Value::object({{"nodeName", node}})}});
      TRY(world_.client.patch(ctx, core("pods", "Pod"), key, kube::Patch::merge(body)));
      return Requeue::never();  // the change comes back as an event
    }
  }
  auto owner = pod.controller();
  bool completes = owner && owner->kind == "Job";
  PodStep step = next_status(pod, world_.clock.now(), world_.options.ready_delay, completes);
  TRY(kube::write_status(ctx, world_.client, core("pods", "Pod"), pod, step.status));
  return step.again ? Requeue::after(*step.again) : Requeue::never();
}

}  // namespace fleet::playground
