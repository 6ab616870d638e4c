#include <algorithm>

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

constexpr std::string_view kHashLabel = "pod-template-hash";
constexpr std::string_view kRevision = "deployment.kubernetes.io/revision";

ReplicaCount count(const Object& set) {
  return {replicas_of(set),
          static_cast<int>(set.at({"status", "replicas"}).as_int()),
          static_cast<int>(set.at({"status", "availableReplicas"}).as_int())};
}

int revision_of(const Object& object) {
  return static_cast<int>(parse_int(object.annotation(kRevision)).value_or(0));
}

}  // namespace

Result<> DeploymentReconciler::create_set(const Context& ctx,
                                          const Object& deployment,
                                          const std::string& hash,
                                          int replicas,
                                          int revision) {
  Key key{std::string(deployment.ns()), cat(deployment.name(), '-', hash)};
  Object set = Object::make({"apps", "v1", "ReplicaSet"}, key);
  const Value& pod_template = deployment.at({"spec", "template"});
  set.set({"metadata", "labels"}, pod_template.at({"metadata", "labels"}));
  set.set_label(kHashLabel, hash);
  set.set_annotation(kRevision, std::to_string(revision));
  if (auto reason = failure_of(deployment)) set.set_annotation(kFailAnnotation, *reason);
  set.add_owner(kube::controller_reference(deployment));
  set.set({"spec", "replicas"}, replicas);
  set.set({"spec", "selector"}, deployment.at({"spec", "selector"}));
  set.set({"spec", "selector", "matchLabels", kHashLabel}, hash);
  set.set({"spec", "template"}, pod_template);
  set.set({"spec", "template", "metadata", "labels", kHashLabel}, hash);
  auto created = world_.client.create(ctx, apps("replicasets", "ReplicaSet"), set);
  if (!created.ok() && created.error().code() != Code::AlreadyExists) return created.error();
  return {};
}

Result<> DeploymentReconciler::scale(const Context& ctx, const Object& set, int replicas) {
  if (replicas == replicas_of(set)) return {};
  Value body = Value::object({{"spec", Value::object({{"replicas", replicas}})}});
  TRY(world_.client.patch(
      ctx, apps("replicasets", "ReplicaSet"), set.key(), kube::Patch::merge(body)));
  return {};
}

Result<Requeue> DeploymentReconciler::reconcile(const Context& ctx, const Key& key) {
  auto cached = indexer_.get(key);
  if (!cached || cached->object.is_being_deleted()) return Requeue::never();
  const Object& deployment = cached->object;
  std::string hash = template_hash(deployment.at({"spec", "template"}));

  std::vector<Object> sets = world_.owned(world_.sets, deployment);
  const Object* fresh = nullptr;
  std::vector<const Object*> others;
  std::vector<ReplicaCount> other_counts;
  int newest = 0;
  for (const Object& set : sets) {
    newest = std::max(newest, revision_of(set));
    if (set.label(kHashLabel) == hash) {
      fresh = &set;
    } else {
      others.push_back(&set);
      other_counts.push_back(count(set));
    }
  }
  Rollout step = TRY(next_step(deployment, fresh ? count(*fresh) : ReplicaCount{}, other_counts));
  if (!fresh) {
    TRY(create_set(ctx, deployment, hash, step.fresh, newest + 1));
  } else {
    TRY(scale(ctx, *fresh, step.fresh));
    auto reason = failure_of(deployment);
    if (reason != failure_of(*fresh)) {
      Value annotations = Value::object({{kFailAnnotation, reason ? Value(*reason) : Value()}});
      Value body = Value::object({{"metadata", Value::object({{"annotations", annotations}})}});
      TRY(world_.client.patch(
          ctx, apps("replicasets", "ReplicaSet"), fresh->key(), kube::Patch::merge(body)));
    }
  }
  for (size_t i = 0; i < others.size(); ++i)
    TRY(scale(ctx, *others[i], step.others[i]));
  Value status = deployment_status(deployment, fresh, sets, world_.clock.now());
  TRY(kube::write_status(
      ctx, world_.client, apps("deployments", "Deployment"), deployment, status));
  return Requeue::never();
}

}  // namespace fleet::playground
