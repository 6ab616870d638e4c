#include <algorithm>
#include <map>

#include "base/strings.h"
#include "kube/controller/write.h"
#include "playground/pods.h"
#include "playground/reconcilers.h"
#include "playground/resources.h"
#include "playground/rollout.h"
#include "playground/status.h"

namespace fleet::playground {

using data::Value;
using kube::Key;
using kube::Object;
using kube::Requeue;

namespace {

// How soon to look again while pods are on their way out, in case no event tells.
constexpr Duration kSoon = std::chrono::milliseconds(250);
constexpr std::string_view kRevision = "controller-revision-hash";

const Value& pod_template(const Object& workload) {
  return workload.value().at({"spec", "template"});
}

std::vector<Object> numbered_pods(const Object& workload, int64_t count) {
  std::vector<Object> pods;
  for (int64_t i = 0; i < count; ++i) {
    std::string name = cat(workload.name(), '-', short_hash(cat(workload.uid(), '/', i)));
    pods.push_back(pod_from(workload, pod_template(workload), name));
  }
  return pods;
}

std::vector<Object> stateful_pods(const Object& set, const std::vector<Object>&) {
  std::vector<Object> pods;
  std::string revision = cat(set.name(), '-', template_hash(pod_template(set)));
  for (int i = 0; i < replicas_of(set); ++i) {
    std::string name = cat(set.name(), '-', i);
    Object pod = pod_from(set, pod_template(set), name);
    pod.set_label("statefulset.kubernetes.io/pod-name", name);
    pod.set_label(kRevision, revision);
    pods.push_back(std::move(pod));
  }
  return pods;
}

std::vector<Object> daemon_pods(const Object& set, const std::vector<Object>& nodes) {
  std::vector<Object> pods;
  std::string revision = template_hash(pod_template(set));
  for (const Object& node : nodes) {
    std::string name = cat(set.name(), '-', short_hash(cat(set.uid(), '/', node.name())));
    Object pod = pod_from(set, pod_template(set), name);
    if (choose_node(pod, {node}).empty()) continue;
    pod.set({"spec", "nodeName"}, node.name());
    pod.set_label(kRevision, revision);
    pods.push_back(std::move(pod));
  }
  return pods;
}

std::vector<Object> job_pods(const Object& job, const std::vector<Object>&) {
  if (job.at({"spec", "suspend"}).as_bool()) return {};
  std::vector<Object> pods = numbered_pods(job, job.at({"spec", "completions"}).as_int(1));
  for (Object& pod : pods) {
    pod.set_label("job-name", job.name());
    pod.set_label("batch.kubernetes.io/job-name", job.name());
  }
  return pods;
}

}  // namespace

WorkloadReconciler::Kind WorkloadReconciler::replicaset() {
  return {
      apps("replicasets", "ReplicaSet"),
      [](const Object& set, const auto&) { return numbered_pods(set, replicas_of(set)); },
      [](const Object& set, const auto& pods, TimePoint) { return replicaset_status(set, pods); }};
}

WorkloadReconciler::Kind WorkloadReconciler::statefulset() {
  return {
      apps("statefulsets", "StatefulSet"),
      stateful_pods,
      [](const Object& set, const auto& pods, TimePoint) { return statefulset_status(set, pods); }};
}

WorkloadReconciler::Kind WorkloadReconciler::daemonset() {
  return {
      apps("daemonsets", "DaemonSet"),
      daemon_pods,
      [](const Object& set, const auto& pods, TimePoint) { return daemonset_status(set, pods); }};
}

WorkloadReconciler::Kind WorkloadReconciler::job() {
  return {jobs(), job_pods, job_status};
}

Result<bool> WorkloadReconciler::settle_pods(const Context& ctx,
                                             const Object& workload,
                                             const std::vector<Object>& pods) {
  std::map<std::string, const Object*, std::less<>> live;
  for (const Object& pod : pods)
    live.emplace(pod.name(), &pod);
  bool settled = true;
  for (const Object& wanted : kind_.wanted_pods(workload, world_.all_nodes())) {
    auto found = live.find(wanted.name());
    if (found == live.end()) {
      auto created = world_.client.create(ctx, core("pods", "Pod"), wanted);
      // The name is still taken by a pod on its way out, or the cache is behind: look again.
      if (!created.ok() && created.error().code() != Code::AlreadyExists) return created.error();
      settled = settled && created.ok();
      continue;
    }
    const Object& pod = *found->second;
    live.erase(found);
    if (pod.label(kRevision) != wanted.label(kRevision)) {
      TRY(kube::delete_object(ctx, world_.client, core("pods", "Pod"), pod));
      settled = false;
    } else if (failure_of(pod) != failure_of(wanted)) {
      auto reason = failure_of(wanted);
      Value annotations = Value::object({{kFailAnnotation, reason ? Value(*reason) : Value()}});
      Value body = Value::object({{"metadata", Value::object({{"annotations", annotations}})}});
      TRY(world_.client.patch(ctx, core("pods", "Pod"), pod.key(), kube::Patch::merge(body)));
    }
  }
  // What is left was made for this workload and is wanted no more: it was scaled down.
  for (const auto& [name, pod] : live) {
    TRY(kube::delete_object(ctx, world_.client, core("pods", "Pod"), *pod));
  }
  return settled;
}

Result<Requeue> WorkloadReconciler::reconcile(const Context& ctx, const Key& key) {
  auto cached = indexer_.get(key);
  if (!cached || cached->object.is_being_deleted()) return Requeue::never();
  const Object& workload = cached->object;
  std::vector<Object> pods = world_.owned(world_.pods, workload);
  bool settled = TRY(settle_pods(ctx, workload, pods));
  Value status = kind_.status(workload, pods, world_.clock.now());
  TRY(kube::write_status(ctx, world_.client, kind_.resource, workload, status));
  return settled ? Requeue::never() : Requeue::after(kSoon);
}

}  // namespace fleet::playground
