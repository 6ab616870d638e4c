#include <algorithm>

#include "base/strings.h"
#include "kube/controller/write.h"
#include "playground/pods.h"
#include "playground/reconcilers.h"
#include "playground/resources.h"

namespace fleet::playground {

using data::Value;
using kube::Key;
using kube::Object;
using kube::Requeue;

namespace {

bool selects(const Value& selector, const Object& pod) {
  return !selector.empty() &&
         std::all_of(selector.members().begin(), selector.members().end(), [&](const auto& m) {
           return pod.label(m.key.view()) == m.value.as_string();
         });
}

// The number that a service port leads to; a named one is looked up in the pod.
Value target_port(const Value& port, const Object& pod) {
  const Value& target = port["targetPort"];
  if (target.is_integer()) return target;
  if (target.is_null()) return port["port"];
  for (const Value& container : pod.at({"spec", "containers"}).items()) {
    for (const Value& named : container["ports"].items()) {
      if (named["name"] == target) return named["containerPort"];
    }
  }
  return port["port"];
}

Value slice_ports(const Object& service, const Object& pod) {
  Value ports = Value::array();
  for (const Value& port : service.at({"spec", "ports"}).items()) {
    const Value& protocol = port["protocol"];
    ports.push_back(Value::object({{"name", port["name"].is_null() ? Value("") : port["name"]},
                                   {"protocol", protocol.is_null() ? Value("TCP") : protocol},
                                   {"port", target_port(port, pod)}}));
  }
  return ports;
}

Object slice_of(const Object& service, const std::vector<Object>& pods) {
  Key key{std::string(service.ns()), cat(service.name(), '-', short_hash(service.uid()))};
  Object slice = Object::make({"discovery.k8s.io", "v1", "EndpointSlice"}, key);
  slice.set_label("kubernetes.io/service-name", service.name());
  slice.set_label("endpointslice.kubernetes.io/managed-by", "playground");
  slice.add_owner(kube::controller_reference(service));
  slice.set({"addressType"}, "IPv4");
  Value endpoints = Value::array();
  for (const Object& pod : pods) {
    Value target = Value::object(
        {{"kind", "Pod"}, {"namespace", pod.ns()}, {"name", pod.name()}, {"uid", pod.uid()}});
    endpoints.push_back(Value::object({{"addresses", Value::array({pod.at({"status", "podIP"})})},
                                       {"conditions", Value::object({{"ready", is_ready(pod)}})},
                                       {"nodeName", pod.at({"spec", "nodeName"})},
                                       {"targetRef", target}}));
  }
  slice.set({"endpoints"}, endpoints);
  slice.set({"ports"}, pods.empty() ? Value::array() : slice_ports(service, pods.front()));
  return slice;
}

}  // namespace

Result<Requeue> ServiceReconciler::reconcile(const Context& ctx, const Key& key) {
  auto cached = indexer_.get(key);
  if (!cached || cached->object.is_being_deleted()) return Requeue::never();
  const Object& service = cached->object;
  std::vector<Object> pods;
  for (const auto& pod : world_.pods.list(key.ns)) {
    bool has_address = !pod->object.at({"status", "podIP"}).is_null();
    if (has_address && selects(service.at({"spec", "selector"}), pod->object)) {
      pods.push_back(pod->object);
    }
  }
  if (!service.at({"spec", "selector"}).empty()) {
    TRY(kube::ensure_object(
        ctx, world_.client, slices(), slice_of(service, pods), {"endpoints", "ports"}));
  }
  if (service.at({"spec", "type"}).as_string() == "LoadBalancer") {
    Value ingress = Value::object({{"ip", cat("192.0.2.", pods.size() % 200 + 10)}});
    const Value& before = service.at({"status", "loadBalancer", "ingress"});
    if (before.empty()) {
      Value balancer = Value::object({{"ingress", Value::array({ingress})}});
      TRY(kube::write_status(ctx,
                             world_.client,
                             core("services", "Service"),
                             service,
                             Value::object({{"loadBalancer", balancer}})));
    }
  }
  return Requeue::never();
}

Result<Requeue> ClaimReconciler::reconcile(const Context& ctx, const Key& key) {
  auto cached = indexer_.get(key);
  if (!cached || cached->object.is_being_deleted()) return Requeue::never();
  const Object& claim = cached->object;
  if (claim.at({"status", "phase"}).as_string() == "Bound") return Requeue::never();
  kube::Resource volumes = core("persistentvolumes", "PersistentVolume", false);
  std::string name = claim.at({"spec", "volumeName"}).to_string();
  if (name.empty()) name = cat("pvc-", claim.uid());
  const Value& size = claim.at({"spec", "resources", "requests"});
  Object volume = Object::make({"", "v1", "PersistentVolume"}, {"", name});
  volume.set({"spec", "capacity"}, size);
  volume.set({"spec", "accessModes"}, claim.at({"spec", "accessModes"}));
  volume.set({"spec", "persistentVolumeReclaimPolicy"}, "Delete");
  volume.set({"spec", "hostPath", "path"}, cat("/simulated/", name));
  volume.set({"spec", "claimRef"},
             Value::object({{"apiVersion", "v1"},
                            {"kind", "PersistentVolumeClaim"},
                            {"namespace", claim.ns()},
                            {"name", claim.name()},
                            {"uid", claim.uid()}}));
  auto created = world_.client.create(ctx, volumes, volume);
  if (!created.ok() && created.error().code() != Code::AlreadyExists) return created.error();
  TRY(world_.client.patch_status(
      ctx,
      volumes,
      volume.key(),
      kube::Patch::merge(Value::object({{"status", Value::object({{"phase", "Bound"}})}}))));
  Value bind = Value::object({{"spec", Value::object({{"volumeName", name}})}});
  kube::Resource claims = core("persistentvolumeclaims", "PersistentVolumeClaim");
  Object bound = TRY(world_.client.patch(ctx, claims, key, kube::Patch::merge(bind)));
  Value status = Value::object(
      {{"phase", "Bound"}, {"accessModes", claim.at({"spec", "accessModes"})}, {"capacity", size}});
  TRY(kube::write_status(ctx, world_.client, claims, bound, status));
  return Requeue::never();
}

}  // namespace fleet::playground
