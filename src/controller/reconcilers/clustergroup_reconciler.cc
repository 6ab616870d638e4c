#include "controller/reconcilers/clustergroup_reconciler.h"

#include <utility>

#include "base/strings.h"
#include "fleet/summary/summarize.h"
#include "kube/controller/write.h"
#include "kube/meta/condition.h"

namespace fleet::controller {
namespace {

using kube::Key;

constexpr Duration kCoalesce = std::chrono::milliseconds(200);
constexpr size_t kMaxNamed = 10;

void add_cluster(api::ClusterGroupStatus& status, const api::Cluster& cluster) {
  ++status.cluster_count;
  if (cluster.status.summary.ready != cluster.status.summary.desired_ready) {
    ++status.non_ready_cluster_count;
    if (status.non_ready_clusters.size() < kMaxNamed) {
      status.non_ready_clusters.push_back(cluster.metadata.name);
    }
  }
  summary::add_summary(status.summary, cluster.status.summary);
  summary::add_counts(status.resource_counts, cluster.status.resource_counts);
}

}  // namespace

void ClusterGroupReconciler::attach(kube::Controller& controller) {
  controller.watch(caches_.groups, kube::spec_or_metadata_changed);
  controller.watch_mapped(
      caches_.clusters,
      [this](const kube::CacheEvent& e) {
        std::vector<Key> keys;
        for (const kube::CachedPtr& group : caches_.groups.indexer().list(e.object().ns())) {
          keys.push_back(group->object.key());
        }
        return keys;
      },
      [](const kube::CacheEvent& e) { return e.type != kube::CacheEvent::Type::Resync; },
      kCoalesce);
}

Result<kube::Requeue> ClusterGroupReconciler::reconcile(const Context& ctx, const Key& key) {
  const kube::CachedPtr seen = caches_.groups.indexer().get(key);
  if (!seen || !seen->decoded || seen->object.is_being_deleted()) return kube::Requeue::never();
  api::ClusterGroup group = *std::static_pointer_cast<const api::ClusterGroup>(seen->decoded);
  api::ClusterGroupStatus& status = group.status;
  status.cluster_count = status.non_ready_cluster_count = 0;
  status.non_ready_clusters.clear();
  status.summary = {};
  status.resource_counts = {};
  if (group.spec.selector) {
    const kube::LabelSelector selector = TRY(group.spec.selector->compile());
    for (const auto& cluster : cached_list<api::Cluster>(caches_.clusters, key.ns)) {
      if (selector.matches(cluster->metadata.labels)) add_cluster(status, *cluster);
    }
  }
  status.display.ready_bundles = cat(status.summary.ready, "/", status.summary.desired_ready);
  status.display.ready_clusters =
      cat(status.cluster_count - status.non_ready_cluster_count, "/", status.cluster_count);
  if (!status.non_ready_clusters.empty()) {
    status.display.ready_clusters += cat(" (", join(status.non_ready_clusters, ","), ")");
  }
  status.display.state = summary::worst_state(status.summary);
  const TimePoint now = ctx.clock().now();
  summary::set_ready_condition(status.conditions, "Bundle", status.summary, now);
  kube::set_error(status.conditions, "Processed", "", nullptr, now);
  TRY(kube::write_status(ctx,
                         client_,
                         api::ClusterGroup::kKind.resource(),
                         seen->object,
                         api::to_value(group)["status"]));
  return kube::Requeue::never();
}

}  // namespace fleet::controller
