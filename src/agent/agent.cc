#include "agent/agent.h"

#include <utility>

#include "agent/deployment_reconciler.h"
#include "agent/identity.h"
#include "base/strings.h"
#include "fleet/api/cluster.h"
#include "kube/client/http_client.h"
#include "kube/controller/leader.h"
#include "kube/controller/manager.h"
#include "sys/environment.h"

namespace fleet::agent {
namespace {

using data::Value;

constexpr Duration kDefaultInterval = std::chrono::minutes(15);
constexpr Duration kFirstCheckin = std::chrono::seconds(1);
constexpr Duration kFirstCleanup = std::chrono::seconds(5);
constexpr Duration kCheckinRetry = std::chrono::seconds(15);

// Tells the hub, now and then, that this cluster is alive.
Result<> check_in(const Context& ctx,
                  kube::Client& hub,
                  const Identity& identity,
                  const AgentOptions& options) {
  const Duration interval =
      options.checkin_interval > Duration::zero() ? options.checkin_interval : kDefaultInterval;
  TRY(ctx.sleep(kFirstCheckin));
  for (;;) {
    Value report =
        Value::object({{"lastSeen", format_rfc3339(ctx.clock().now())}, {"namespace", options.ns}});
    Value operation =
        Value::object({{"op", "add"}, {"path", "/status/agent"}, {"value", std::move(report)}});
    Result<kube::Object> done =
        hub.patch_status(ctx,
                         api::Cluster::kKind.resource(),
                         {identity.cluster_namespace, identity.cluster_name},
                         kube::Patch::json(Value::array({std::move(operation)})));
    if (!done.ok())
      ctx.log().error("failed to report agent cluster status", {{"error", done.error()}});
    TRY(ctx.sleep(done.ok() ? interval : std::min(interval, kCheckinRetry)));
  }
}

Result<> clean_up_often(const Context& ctx,
                        DeploymentReconciler& reconciler,
                        kube::Client& local,
                        const AgentOptions& options) {
  Duration interval = options.garbage_collection;
  if (interval == Duration::zero()) {
    Result<Duration> configured = configured_clean_up(ctx, local, options.ns);
    if (!configured.ok())
      ctx.log().warn("clean-up runs at its usual pace", {{"error", configured.error()}});
    interval = std::move(configured).value_or(Duration::zero());
  }
  if (interval <= Duration::zero()) interval = kDefaultInterval;
  TRY(ctx.sleep(kFirstCleanup));
  for (;;) {
    Result<> done = reconciler.clean_up(ctx);
    if (!done.ok())
      ctx.log().warn("clean-up ended early: nothing is removed in doubt",
                     {{"error", done.error()}});
    TRY(ctx.sleep(interval));
  }
}

// What is worth a run: not the status that the hub or this agent wrote.
bool concerns_agent(const kube::CacheEvent& event) {
  if (event.type != kube::CacheEvent::Type::Updated) return true;
  return kube::spec_or_metadata_changed(event) ||
         !(event.before->object["spec"] == event.after->object["spec"]);
}

Result<> lead(const Context& ctx, const AgentOptions& options, kube::Client& local) {
  const Identity identity = TRY(register_agent(ctx, local, options.ns, options.register_pause));
  ctx.log().info("registered",
                 {{"cluster", cat(identity.cluster_namespace, "/", identity.cluster_name)}});
  auto hub = TRY(kube::make_http_client(identity.hub));
  kube::RestMapper mapper(local);
  Surroundings around{*hub,
                      local,
                      mapper,
                      [&](const std::string& user) {
                        kube::Access access = options.local;
                        access.as_user = user;
                        return kube::make_http_client(access);
                      },
                      options.ns,
                      options.scope,
                      identity.deployment_namespace};
  kube::Manager manager(*hub, ctx.clock());
  kube::InformerOptions which;
  which.resource = api::BundleDeployment::kKind.resource();
  which.ns = identity.deployment_namespace;
  which.decode = [](const kube::Object& object) -> Result<std::shared_ptr<const void>> {
    return std::shared_ptr<const void>(std::make_shared<const api::BundleDeployment>(
        TRY(api::from_object<api::BundleDeployment>(object))));
  };
  kube::Informer& deployments = manager.informer(std::move(which));
  DeploymentReconciler reconciler(around, deployments.indexer());
  kube::Controller& controller =
      manager.controller({"bundledeployment", options.workers, {}}, reconciler);
  controller.watch(deployments, concerns_agent);
  // A dependency's state changed: whoever waits for it looks again.
  controller.watch_mapped(
      deployments,
      [&](const kube::CacheEvent& event) {
        std::vector<kube::Key> keys;
        for (const kube::CachedPtr& item : deployments.indexer().list(event.object().ns())) {
          if (!item->object.at({"spec", "dependsOn"}).empty()) keys.push_back(item->object.key());
        }
        return keys;
      },
      [](const kube::CacheEvent& event) {
        return event.type == kube::CacheEvent::Type::Updated &&
               !(event.before->object["status"] == event.after->object["status"]);
      });
  DriftWatch drift(ctx, local, controller.queue(), options.drift_delay);
  reconciler.use(drift);
  manager.add_runner("checkin",
                     [&](const Context& c) { return check_in(c, *hub, identity, options); });
  manager.add_runner(
      "cleanup", [&](const Context& c) { return clean_up_often(c, reconciler, local, options); });
  return manager.run(ctx);
}

}  // namespace

Result<> run_agent(const Context& ctx, const AgentOptions& options) {
  if (options.ns.empty())
    return Error(Code::Invalid, "--namespace or env NAMESPACE is required to be set");
  auto local = TRY(kube::make_http_client(options.local));
  auto run = [&](const Context& leading) { return lead(leading, options, *local); };
  if (!options.leader_election) return run(ctx);
  kube::LeaderOptions lease = options.lease;
  lease.lease = {options.ns, "fleet-agent"};
  if (lease.identity.empty()) lease.identity = cat(sys::host_name(), "-", sys::process_id());
  return kube::run_as_leader(ctx, *local, lease, run);
}

}  // namespace fleet::agent
