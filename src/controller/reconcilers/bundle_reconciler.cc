#include "controller/reconcilers/bundle_reconciler.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/strings.h"
#include "codec/base64.h"
#include "controller/reconcilers/bundle_work.h"
#include "fleet/api/labels.h"
#include "fleet/policy/restrict.h"
#include "fleet/rollout/plan.h"
#include "fleet/summary/summarize.h"
#include "fleet/target/match.h"
#include "kube/controller/write.h"
#include "kube/meta/condition.h"

namespace fleet::controller {
namespace {

using kube::Key;
using kube::Requeue;

constexpr Duration kRetry = std::chrono::seconds(5);
constexpr Duration kDeleting = std::chrono::seconds(2);
// A burst of status reports of many agents becomes one run.
constexpr Duration kCoalesce = std::chrono::milliseconds(100);

const kube::Resource& secrets() {
  static const kube::Resource kSecrets{{"", "v1", "secrets"}, "Secret", true};
  return kSecrets;
}

// Values kept in the bundle's Secret are put back. ServiceUnavailable while they do not fit.
Result<> load_values(const Context& ctx, kube::Client& client, api::Bundle& bundle) {
  if (bundle.spec.values_hash.empty()) return {};
  kube::Object secret = TRY(client.get(ctx, secrets(), bundle.metadata.key()));
  std::map<std::string, std::string> data;
  for (const data::Member& member : secret["data"].members()) {
    data[std::string(member.key.view())] = TRY(codec::base64_decode(member.value.as_string()));
  }
  const std::string hash = api::hash_bundle_values(data);
  if (hash != bundle.spec.values_hash) {
    return Error(
        Code::ServiceUnavailable,
        cat("expected hash ", quote(bundle.spec.values_hash), ", calculated ", quote(hash)));
  }
  return api::restore_values(bundle.spec, data);
}

bool deployment_report_changed(const kube::CacheEvent& event) {
  if (event.type == kube::CacheEvent::Type::Resync) return false;
  if (event.type != kube::CacheEvent::Type::Updated) return true;
  return !(event.before->object["status"] == event.after->object["status"]) ||
         event.after->object.is_being_deleted();
}

bool cluster_changed(const kube::CacheEvent& event) {
  if (event.type == kube::CacheEvent::Type::Resync) return false;
  if (event.type != kube::CacheEvent::Type::Updated) return true;
  const kube::Object& a = event.before->object;
  const kube::Object& b = event.after->object;
  auto differ = [&](data::Path path) { return !(a.at(path) == b.at(path)); };
  return differ({"metadata", "labels"}) || differ({"metadata", "annotations"}) ||
         differ({"spec"}) || differ({"status", "namespace"}) ||
         differ({"status", "agent", "namespace"}) || differ({"status", "scheduled"}) ||
         differ({"status", "activeSchedule"});
}

int max_new(const api::Bundle& bundle) {
  const auto& strategy = bundle.spec.rollout_strategy;
  const int limit = strategy && strategy->max_new ? *strategy->max_new : rollout::kMaxNew;
  return std::max(limit, 1);
}

Key key_of(std::string_view text) {
  auto parts = cut(text, "/");
  if (!parts) return Key{"", std::string(text)};
  return Key{std::string(parts->before), std::string(parts->after)};
}

}  // namespace

std::string BundleReconciler::Work::manifest_id() const {
  if (bundle.spec.helm_op_options) return {};
  if (!bundle.spec.contents_id.empty()) return bundle.spec.contents_id;
  return manifest ? manifest->id : std::string();
}

std::vector<Key> bundles_of_cluster(const kube::CacheEvent& event, const Caches& caches) {
  std::set<Key> keys;
  for (const kube::CachedPtr& item :
       caches.deployments.indexer().by_index(index::kByCluster, event.object().key().str())) {
    keys.insert(key_of(bundle_of(item->object)));
  }
  const target::World world = caches.world();
  for (const kube::CachedPtr& state : {event.before, event.after}) {
    if (!state || !state->decoded) continue;
    const auto& cluster = *std::static_pointer_cast<const api::Cluster>(state->decoded);
    const target::Groups groups = target::groups_of(cluster, world.groups);
    for (const auto& bundle : cached_list<api::Bundle>(caches.bundles)) {
      if (bundle->metadata.namespace_ != cluster.metadata.namespace_ && world.mappings.empty())
        continue;
      Result<target::BundleMatcher> matcher = target::BundleMatcher::compile(bundle->spec);
      if (!matcher.ok()) continue;
      if (matcher->match(cluster.metadata.name, cluster.metadata.labels, groups) != nullptr) {
        keys.insert(bundle->metadata.key());
      }
    }
  }
  return {keys.begin(), keys.end()};
}

void BundleReconciler::attach(kube::Controller& controller) {
  controller.watch(caches_.bundles, kube::spec_or_metadata_changed);
  controller.watch_mapped(
      caches_.deployments,
      [](const kube::CacheEvent& e) {
        const std::string bundle = bundle_of(e.object());
        return bundle.empty() ? std::vector<Key>() : std::vector<Key>{key_of(bundle)};
      },
      deployment_report_changed,
      kCoalesce);
  controller.watch_mapped(
      caches_.clusters,
      [this](const kube::CacheEvent& e) { return bundles_of_cluster(e, caches_); },
      cluster_changed,
      kCoalesce);
  auto all_of_namespace = [this](const kube::CacheEvent& e) {
    std::vector<Key> keys;
    for (const kube::CachedPtr& item : caches_.bundles.indexer().list(e.object().ns())) {
      keys.push_back(item->object.key());
    }
    return keys;
  };
  controller.watch_mapped(
      caches_.groups, all_of_namespace, kube::spec_or_metadata_changed, kCoalesce);
  controller.watch_mapped(
      caches_.mappings, all_of_namespace, kube::spec_or_metadata_changed, kCoalesce);
  controller.watch_mapped(
      caches_.policies, all_of_namespace, kube::spec_or_metadata_changed, kCoalesce);
}

Result<Requeue> BundleReconciler::reconcile(const Context& ctx, const Key& key) {
  Work work;
  work.seen = caches_.bundles.indexer().get(key);
  if (!work.seen) {
    return Requeue::never();
  }
  if (!work.seen->decoded) return Error(Code::Invalid, "the bundle cannot be read");
  work.bundle = *std::static_pointer_cast<const api::Bundle>(work.seen->decoded);
  work.existing = caches_.deployments.indexer().by_index(index::kByBundle, key.str());
  if (work.seen->object.is_being_deleted()) return remove(ctx, work);
  if (!work.seen->object.has_finalizer(api::finalizer::kBundle)) {
    TRY(kube::add_finalizer(
        ctx, client_, api::Bundle::kKind.resource(), work.seen->object, api::finalizer::kBundle));
    return Requeue::never();  // the change comes back as an event
  }
  if (Result<> allowed =
          policy::authorize(work.bundle.spec, cached_values<api::Policy>(caches_.policies, key.ns));
      !allowed.ok()) {
    return fail(ctx, work, allowed.error());
  }
  if (Result<> loaded = load_values(ctx, client_, work.bundle); !loaded.ok()) {
    ctx.log().info("values are not there yet", {{"error", loaded.error()}});
    return Requeue::after(kRetry);
  }
  return deploy(ctx, work);
}

std::shared_ptr<const api::Manifest> BundleReconciler::manifest_of(const api::Bundle& bundle) {
  const std::string& uid = bundle.metadata.uid;
  auto known = manifests_.with([&](const auto& all) {
    auto it = all.find(uid);
    const bool fits = it != all.end() && it->second.generation == bundle.metadata.generation;
    return fits ? it->second.manifest : nullptr;
  });
  if (known) return known;
  auto fresh = std::make_shared<const api::Manifest>(api::make_manifest(bundle.spec.resources));
  manifests_.with([&](auto& all) { all[uid] = Known{bundle.metadata.generation, fresh}; });
  return fresh;
}

Result<Requeue> BundleReconciler::deploy(const Context& ctx, Work& work) {
  api::BundleStatus& status = work.bundle.status;
  if (!work.bundle.spec.helm_op_options && work.bundle.spec.contents_id.empty()) {
    work.manifest = manifest_of(work.bundle);
    status.resources_sha256_sum = work.manifest->sha256;
  }
  Result<std::vector<target::Target>> targets =
      target::find_targets(work.bundle, caches_.world(), work.manifest_id());
  if (!targets.ok()) {
    return fail(ctx, work, std::move(targets).error().within("targeting error"));
  }
  work.targets = std::move(targets).value();
  TRY(observe_deployments(ctx, work));
  if (!work.targets.empty()) TRY(write_content(ctx, work));
  // New deployments are made a few at a time; what one step left over is taken up by the next, so
  // that a wide bundle is matched and rendered once and not once a step.
  Result<> written;
  int made = 0;
  do {
    if (Result<> reset = rollout::reset_status(status, work.targets, work.bundle); !reset.ok()) {
      return fail(
          ctx, work, std::move(reset).error().within("failed to reset bundle status from targets"));
    }
    if (Result<> step = rollout::update(status, work.targets, work.bundle); !step.ok()) {
      return fail(ctx, work, std::move(step).error().within("failed to update partitions"));
    }
    made = status.newly_created;
    written = write_targets(ctx, work);
  } while (written.ok() && made >= max_new(work.bundle));
  status.resource_key.clear();
  summary::set_ready_condition(status.conditions, "Cluster", status.summary, ctx.clock().now());
  status.observed_generation = work.bundle.metadata.generation;
  status.display.ready_clusters = cat(status.summary.ready, "/", status.summary.desired_ready);
  status.display.state = summary::worst_state(status.summary);
  Result<bool> settled = drop_orphans(ctx, work);
  TRY(kube::write_status(ctx,
                         client_,
                         api::Bundle::kKind.resource(),
                         work.seen->object,
                         api::to_value(work.bundle)["status"]));
  TRY(std::move(written));
  if (!TRY(std::move(settled))) return Requeue::after(kRetry);
  return Requeue::never();
}

Result<Requeue> BundleReconciler::fail(const Context& ctx, Work& work, const Error& error) {
  ctx.log().error("bundle cannot be deployed", {{"error", error}});
  kube::set_error(work.bundle.status.conditions, "Ready", "", &error, ctx.clock().now());
  TRY(kube::write_status(ctx,
                         client_,
                         api::Bundle::kKind.resource(),
                         work.seen->object,
                         api::to_value(work.bundle)["status"]));
  return Requeue::never();
}

Result<Requeue> BundleReconciler::remove(const Context& ctx, const Work& work) {
  if (!work.seen->object.has_finalizer(api::finalizer::kBundle)) return Requeue::never();
  const kube::Resource bundles = api::Bundle::kKind.resource();
  // The order to delete is read live: a cache may not be what the owner of the bundle wants.
  Result<kube::Object> live = client_.get(ctx, bundles, work.seen->object.key());
  if (!live.ok()) {
    if (live.error().code() == Code::NotFound) return Requeue::never();
    return std::move(live).error();
  }
  if (!live->is_being_deleted()) return Requeue::after(kDeleting);
  for (const kube::CachedPtr& item : work.existing) {
    if (item->object.is_being_deleted()) continue;
    TRY(kube::delete_object(ctx, client_, api::BundleDeployment::kKind.resource(), item->object));
  }
  if (!work.existing.empty()) return Requeue::after(kDeleting);
  // Caches may be behind: a live list decides that nothing is left.
  kube::ListOptions which;
  which.labels = kube::LabelSelector::from_set(
      {{std::string(api::label::kBundle), work.bundle.metadata.name},
       {std::string(api::label::kBundleNamespace), work.bundle.metadata.namespace_}});
  kube::ObjectList left =
      TRY(kube::list_all(ctx, client_, api::BundleDeployment::kKind.resource(), which));
  for (const kube::Object& object : left.items) {
    if (object.is_being_deleted()) continue;
    TRY(kube::delete_object(ctx, client_, api::BundleDeployment::kKind.resource(), object));
  }
  if (!left.items.empty()) return Requeue::after(kDeleting);
  TRY(kube::remove_finalizer(ctx, client_, bundles, *live, api::finalizer::kBundle));
  manifests_.with([&](auto& all) { all.erase(work.bundle.metadata.uid); });
  return Requeue::never();
}

}  // namespace fleet::controller
