#include "controller/reconcilers/cluster_reconciler.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/strings.h"
#include "controller/reconcilers/service_account.h"
#include "fleet/api/labels.h"
#include "fleet/api/names.h"
#include "fleet/api/states.h"
#include "fleet/summary/summarize.h"
#include "kube/controller/write.h"
#include "kube/meta/condition.h"

namespace fleet::controller {
namespace {

using kube::Key;
using kube::Object;
using kube::Requeue;

constexpr Duration kCoalesce = std::chrono::milliseconds(200);
constexpr std::string_view kWaitCheckIn = "WaitCheckIn";

const kube::Resource& namespaces() {
  static const kube::Resource kNamespaces{{"", "v1", "namespaces"}, "Namespace", false};
  return kNamespaces;
}

Key key_of(std::string_view text) {
  auto parts = cut(text, "/");
  return parts ? Key{std::string(parts->before), std::string(parts->after)} : Key{};
}

// Repositories (or HelmOps) of a cluster, and whether one of their deployments is ready.
struct Tally {
  std::map<std::string, bool> ready;

  void add(const std::string& name, bool is_ready) {
    if (name.empty()) return;
    bool& known = ready[name];
    known = known || is_ready;
  }
  int wanted() const { return static_cast<int>(ready.size()); }
  int count() const {
    return static_cast<int>(
        std::count_if(ready.begin(), ready.end(), [](const auto& r) { return r.second; }));
  }
};

}  // namespace

void ClusterReconciler::attach(kube::Controller& controller) {
  controller.watch(caches_.clusters, [](const kube::CacheEvent& e) {
    if (kube::spec_or_metadata_changed(e)) return true;
    return !(e.before->object.at({"status", "agent"}) == e.after->object.at({"status", "agent"})) ||
           !(e.before->object.at({"status", "namespace"}) ==
             e.after->object.at({"status", "namespace"}));
  });
  controller.watch_mapped(
      caches_.deployments,
      [](const kube::CacheEvent& e) {
        const std::string cluster = cluster_of(e.object());
        return cluster.empty() ? std::vector<Key>() : std::vector<Key>{key_of(cluster)};
      },
      [](const kube::CacheEvent& e) { return e.type != kube::CacheEvent::Type::Resync; },
      kCoalesce);
}

Result<Requeue> ClusterReconciler::reconcile(const Context& ctx, const Key& key) {
  const kube::Resource resource = api::Cluster::kKind.resource();
  const kube::CachedPtr seen = caches_.clusters.indexer().get(key);
  if (!seen || !seen->decoded) return Requeue::never();
  api::Cluster cluster = *std::static_pointer_cast<const api::Cluster>(seen->decoded);
  if (seen->object.is_being_deleted()) return remove(ctx, seen->object, cluster);
  if (!seen->object.has_finalizer(api::finalizer::kCluster)) {
    TRY(kube::add_finalizer(ctx, client_, resource, seen->object, api::finalizer::kCluster));
    return Requeue::never();
  }
  const std::string ns = api::cluster_namespace(key.ns, key.name);
  TRY(ensure_namespace(ctx, cluster, ns));
  cluster.status.namespace_ = ns;
  TRY(summarize(ctx, seen->object, cluster));
  return Requeue::never();
}

Result<> ClusterReconciler::ensure_namespace(const Context& ctx,
                                             const api::Cluster& cluster,
                                             const std::string& name) {
  if (caches_.namespaces.indexer().get({"", name})) return {};
  Object ns = Object::make(namespaces().gvk(), {"", name});
  ns.set_label(api::label::kManaged, "true");
  ns.set_annotation(api::annotation::kClusterNamespace, cluster.metadata.namespace_);
  ns.set_annotation(api::annotation::kCluster, cluster.metadata.name);
  Result<Object> made = client_.create(ctx, namespaces(), ns);
  if (made.ok() || made.error().code() == Code::AlreadyExists) return {};
  return std::move(made).error();
}

Result<> ClusterReconciler::summarize(const Context& ctx,
                                      const Object& seen,
                                      api::Cluster& cluster) {
  api::ClusterStatus& status = cluster.status;
  status.summary = {};
  status.resource_counts = {};
  Tally repos;
  Tally helm_ops;
  auto deployments =
      cached_by<api::BundleDeployment>(caches_.deployments, index::kByCluster, seen.key().str());
  std::sort(deployments.begin(), deployments.end(), [](const auto& a, const auto& b) {
    return a->metadata.name < b->metadata.name;
  });
  for (const auto& deployment : deployments) {
    const std::string_view state = summary::deployment_state(*deployment);
    summary::add_state(status.summary,
                       deployment->metadata.name,
                       state,
                       summary::deployment_message(*deployment),
                       deployment->status.modified_status,
                       deployment->status.non_ready_status);
    ++status.summary.desired_ready;
    summary::add_counts(status.resource_counts, deployment->status.resource_counts);
    const bool ready = state == api::state::kReady;
    repos.add(std::string(deployment->metadata.label(api::label::kRepo)), ready);
    helm_ops.add(std::string(deployment->metadata.label(api::label::kHelmOp)), ready);
  }
  status.desired_ready_git_repos = repos.wanted();
  status.ready_git_repos = repos.count();
  status.desired_ready_helm_ops = helm_ops.wanted();
  status.ready_helm_ops = helm_ops.count();
  const TimePoint now = ctx.clock().now();
  summary::set_ready_condition(status.conditions, "Bundle", status.summary, now);
  status.display.ready_bundles = cat(status.summary.ready, "/", status.summary.desired_ready);
  status.display.state = summary::worst_state(status.summary);
  if (status.agent.last_seen.is_zero()) status.display.state = kWaitCheckIn;
  kube::set_error(status.conditions, "Processed", "", nullptr, now);
  data::Value next = api::to_value(cluster)["status"];
  // The agent alone writes its heartbeat; what the cache knows of it may be old.
  next.erase("agent");
  Object base = seen;
  base.edit().edit("status").erase("agent");
  TRY(kube::write_status(ctx, client_, api::Cluster::kKind.resource(), base, next));
  return {};
}

// The agent must not take the end of its deployments, which go with the namespace, for an order to
// uninstall: first it loses its way in.
Result<> ClusterReconciler::revoke(const Context& ctx, const std::string& ns) {
  kube::ListOptions which;
  which.ns = ns;
  for (const kube::Resource& resource : {role_bindings(), service_accounts()}) {
    for (const Object& object : TRY(kube::list_all(ctx, client_, resource, which)).items) {
      TRY(kube::delete_object(ctx, client_, resource, object));
    }
  }
  return {};
}

Result<Requeue> ClusterReconciler::remove(const Context& ctx,
                                          const Object& seen,
                                          const api::Cluster& cluster) {
  if (!seen.has_finalizer(api::finalizer::kCluster)) return Requeue::never();
  Result<Object> live = client_.get(ctx, api::Cluster::kKind.resource(), seen.key());
  if (!live.ok()) {
    if (live.error().code() == Code::NotFound) return Requeue::never();
    return std::move(live).error();
  }
  if (!live->is_being_deleted()) return Requeue::after(std::chrono::seconds(2));
  const Key agent_bundle{cluster.metadata.namespace_,
                         api::safe_concat_name({"fleet-agent", cluster.metadata.name})};
  if (const kube::CachedPtr bundle = caches_.bundles.indexer().get(agent_bundle)) {
    TRY(kube::delete_object(ctx, client_, api::Bundle::kKind.resource(), bundle->object));
  }
  const std::string name = api::cluster_namespace(seen.ns(), seen.name());
  Result<Object> ns = client_.get(ctx, namespaces(), {"", name});
  if (ns.ok() && ns->annotation(api::annotation::kCluster) == seen.name() &&
      ns->annotation(api::annotation::kClusterNamespace) == seen.ns()) {
    TRY(revoke(ctx, name));
    TRY(kube::delete_object(ctx, client_, namespaces(), *ns));
  } else if (!ns.ok() && ns.error().code() != Code::NotFound) {
    return std::move(ns).error();
  }
  TRY(kube::remove_finalizer(
      ctx, client_, api::Cluster::kKind.resource(), *live, api::finalizer::kCluster));
  return Requeue::never();
}

}  // namespace fleet::controller
