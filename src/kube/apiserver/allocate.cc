#include "kube/apiserver/allocate.h"

#include <set>

#include "base/strings.h"
#include "kube/apiserver/objects.h"

namespace fleet::kube::apiserver {

using data::Value;

namespace {

constexpr int kFirstPort = 30'000;
constexpr int kLastPort = 32'767;

struct Taken {
  std::set<std::string> addresses;
  std::set<int64_t> ports;
};

Result<Taken> taken(const Core& core, const Call& call) {
  Taken all;
  const store::Page page = TRY(core.store.list(call.ctx, {.prefix = call.served->prefix("")}));
  for (const store::EntryPtr& entry : page.entries) {
    const DocumentPtr service = core.decoded.get(*call.served, entry);
    all.addresses.insert(service->at({"spec", "clusterIP"}).to_string());
    for (const Value& port : service->at({"spec", "ports"}).items()) {
      all.ports.insert(port["nodePort"].as_int());
    }
  }
  return all;
}

std::string free_address(Random& random, const Taken& all) {
  while (true) {
    const uint64_t host = 2 + random.number(65'533);
    std::string address = cat("10.43.", host / 256, ".", host % 256);
    if (!all.addresses.contains(address)) return address;
  }
}

int64_t free_port(Random& random, const Taken& all) {
  while (true) {
    const auto port = static_cast<int64_t>(kFirstPort + random.number(kLastPort - kFirstPort + 1));
    if (!all.ports.contains(port)) return port;
  }
}

bool wants_node_ports(const Value& spec) {
  const std::string type = spec["type"].to_string();
  return type == "NodePort" ||
         (type == "LoadBalancer" && spec["allocateLoadBalancerNodePorts"].as_bool(true));
}

// What an update left out of what was given before.
void keep_allocated(Value& spec, const Value& before) {
  const bool has_address = spec["type"].as_string() != "ExternalName";
  for (const char* field : {"clusterIP", "clusterIPs", "healthCheckNodePort"}) {
    if (has_address && !spec.contains(field) && before.contains(field)) {
      spec.set(field, before[field]);
    }
  }
  if (!wants_node_ports(spec)) return;
  const size_t ports = spec["ports"].size();
  for (size_t i = 0; i < ports; ++i) {
    Value& port = spec.edit("ports").edit(i);
    if (port["nodePort"].as_int() != 0) continue;
    for (const Value& old : before["ports"].items()) {
      if (old["port"] == port["port"] && old["protocol"] == port["protocol"] &&
          old["nodePort"].as_int() != 0) {
        port.set("nodePort", old["nodePort"]);
      }
    }
  }
}

bool is_complete(const Value& spec) {
  if (spec["type"].as_string() == "ExternalName") return true;
  if (spec["clusterIP"].as_string().empty()) return false;
  if (!wants_node_ports(spec)) return true;
  for (const Value& port : spec["ports"].items()) {
    if (port["nodePort"].as_int() == 0) return false;
  }
  return true;
}

}  // namespace

Reply<> allocate_service(const Core& core, const Call& call, Value& service, const Value* old) {
  if (!service["spec"].is_object()) return {};
  Value& spec = service.edit("spec");
  if (old != nullptr) keep_allocated(spec, (*old)["spec"]);
  if (is_complete(spec)) {
    if (!spec["clusterIP"].as_string().empty() && !spec.contains("clusterIPs")) {
      spec.set("clusterIPs", Value::array({spec["clusterIP"]}));
    }
    return {};
  }
  Taken all = TRY(taken(core, call));
  if (spec["clusterIP"].as_string().empty()) {
    spec.set("clusterIP", free_address(core.random, all));
  }
  spec.set("clusterIPs", Value::array({spec["clusterIP"]}));
  if (!wants_node_ports(spec)) return {};
  const size_t ports = spec["ports"].size();
  for (size_t i = 0; i < ports; ++i) {
    Value& port = spec.edit("ports").edit(i);
    if (port["nodePort"].as_int() == 0) port.set("nodePort", free_port(core.random, all));
    all.ports.insert(port["nodePort"].as_int());
  }
  return {};
}

void fill_job(Value& job) {
  if (job.at({"spec", "manualSelector"}).as_bool() || !job["spec"].is_object()) return;
  const std::string uid = job.at({"metadata", "uid"}).to_string();
  const std::string name = job.at({"metadata", "name"}).to_string();
  job.set({"spec", "selector"},
          Value::object(
              {{"matchLabels", Value::object({{"batch.kubernetes.io/controller-uid", uid}})}}));
  for (const char* prefix : {"", "batch.kubernetes.io/"}) {
    job.set({"spec", "template", "metadata", "labels", cat(prefix, "controller-uid")}, uid);
    job.set({"spec", "template", "metadata", "labels", cat(prefix, "job-name")}, name);
  }
}

}  // namespace fleet::kube::apiserver
