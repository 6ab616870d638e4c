#include "playground/nodes.h"

#include "base/strings.h"
#include "kube/controller/manager.h"
#include "kube/controller/write.h"
#include "playground/reconcilers.h"
#include "playground/resources.h"

namespace fleet::playground {

using data::Value;
using kube::CacheEvent;
using kube::Key;
using kube::Object;

std::vector<Object> World::all_nodes() const {
  std::vector<Object> out;
  for (const auto& node : nodes.list())
    out.push_back(node->object);
  return out;
}

std::vector<Object> World::owned(const kube::Indexer& indexer, const Object& owner) const {
  std::vector<Object> out;
  for (const auto& item : indexer.by_index(kByOwner, owner.uid())) {
    if (!item->object.is_being_deleted()) out.push_back(item->object);
  }
  return out;
}

namespace {

std::vector<std::string> owner_uid(const Object& object) {
  auto owner = object.controller();
  if (!owner) return {};
  return {owner->uid};
}

// Events of children, mapped to the owner if it is of `kind`.
kube::Controller::Map to_owner(std::string kind) {
  return [kind = std::move(kind)](const CacheEvent& event) -> std::vector<Key> {
    auto owner = event.object().controller();
    if (!owner || owner->kind != kind) return {};
    return {Key{std::string(event.object().ns()), owner->name}};
  };
}

Object node(std::string_view name, std::string_view os, TimePoint now) {
  Object out = Object::make({"", "v1", "Node"}, {"", std::string(name)});
  for (auto [key, value] :
       {std::pair<std::string_view, std::string_view>{"kubernetes.io/hostname", name},
        {"kubernetes.io/os", os},
        {"kubernetes.io/arch", "amd64"},
        {kSimulatedLabel, "true"}}) {
    out.set_label(key, value);
  }
  Value capacity = Value::object({{"cpu", "64"}, {"memory", "256Gi"}, {"pods", "10000"}});
  out.set({"status", "capacity"}, capacity);
  out.set({"status", "allocatable"}, capacity);
  out.set(
      {"status", "conditions"},
      Value::array({Value::object({{"type", "Ready"},
                                   {"status", "True"},
                                   {"lastHeartbeatTime", format_rfc3339(now)},
                                   {"lastTransitionTime", format_rfc3339(now)},
                                   {"reason", "Simulated"},
                                   {"message", "this node is simulated: nothing runs on it"}})}));
  out.set({"status", "nodeInfo"},
          Value::object({{"architecture", "amd64"},
                         {"containerRuntimeVersion", "simulated://"},
                         {"kernelVersion", "simulated"},
                         {"kubeletVersion", "v1.36.0-simulated"},
                         {"operatingSystem", os},
                         {"osImage", "simulated"}}));
  return out;
}

Result<> make_node(const Context& ctx, kube::Client& client, const Object& wanted) {
  auto created = client.create(ctx, core("nodes", "Node", false), wanted);
  if (!created.ok()) {
    if (created.error().code() == Code::AlreadyExists) return {};
    return created.error();
  }
  TRY(kube::write_status(ctx, client, core("nodes", "Node", false), *created, wanted["status"]));
  return {};
}

}  // namespace

Result<> run(const Context& ctx, kube::Client& client, const Options& options) {
  TRY(make_node(ctx, client, node("simulated-linux", "linux", ctx.clock().now())));
  TRY(make_node(ctx, client, node("simulated-windows", "windows", ctx.clock().now())));

  kube::Manager manager(client, ctx.clock());
  auto informer = [&](kube::Resource resource) -> kube::Informer& {
    kube::Informer& out = manager.informer({.resource = std::move(resource)});
    out.add_index(std::string(kByOwner), owner_uid);
    return out;
  };
  kube::Informer& nodes = informer(core("nodes", "Node", false));
  kube::Informer& pods = informer(core("pods", "Pod"));
  kube::Informer& sets = informer(apps("replicasets", "ReplicaSet"));
  kube::Informer& deployments = informer(apps("deployments", "Deployment"));
  kube::Informer& stateful = informer(apps("statefulsets", "StatefulSet"));
  kube::Informer& daemons = informer(apps("daemonsets", "DaemonSet"));
  kube::Informer& batch = informer(jobs());
  kube::Informer& services = informer(core("services", "Service"));
  kube::Informer& claims = informer(core("persistentvolumeclaims", "PersistentVolumeClaim"));
  World world{client, ctx.clock(), options, nodes.indexer(), pods.indexer(), sets.indexer()};

  PodReconciler pod_reconciler(world);
  manager.controller({.name = "pod"}, pod_reconciler).watch(pods);

  DeploymentReconciler deployment_reconciler(world, deployments.indexer());
  kube::Controller& deployment = manager.controller({.name = "deployment"}, deployment_reconciler);
  deployment.watch(deployments);
  deployment.watch_mapped(sets, to_owner("Deployment"));

  std::vector<std::unique_ptr<WorkloadReconciler>> workloads;
  auto add_workload = [&](WorkloadReconciler::Kind kind, kube::Informer& own) {
    std::string name = kind.resource.kind;
    workloads.push_back(
        std::make_unique<WorkloadReconciler>(std::move(kind), world, own.indexer()));
    kube::Controller& controller = manager.controller({.name = to_lower(name)}, *workloads.back());
    controller.watch(own);
    controller.watch_mapped(pods, to_owner(name));
  };
  add_workload(WorkloadReconciler::replicaset(), sets);
  add_workload(WorkloadReconciler::statefulset(), stateful);
  add_workload(WorkloadReconciler::daemonset(), daemons);
  add_workload(WorkloadReconciler::job(), batch);

  ServiceReconciler service_reconciler(world, services.indexer());
  kube::Controller& service = manager.controller({.name = "service"}, service_reconciler);
  service.watch(services);
  service.watch_mapped(
      pods,
      [&](const CacheEvent& event) {
        std::vector<Key> keys;
        for (const auto& item : services.indexer().list(event.object().ns())) {
          keys.push_back(item->object.key());
        }
        return keys;
      },
      {},
      std::chrono::milliseconds(50));

  ClaimReconciler claim_reconciler(world, claims.indexer());
  manager.controller({.name = "claim"}, claim_reconciler).watch(claims);
  return manager.run(ctx);
}

}  // namespace fleet::playground
