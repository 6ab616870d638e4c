#include "e2e/fault_world.h"

#include <signal.h>

#include "base/strings.h"
#include "codec/base64.h"
#include "data/json/print.h"
#include "data/yaml/yaml.h"
#include "e2e/kinds.h"
#include "e2e/world.h"
#include "kube/client/http_client.h"
#include "kube/client/kubeconfig.h"
#include "kube/client/rest_mapper.h"
#include "server/manifests.h"
#include "server/registration.h"
#include "sys/environment.h"

namespace fleet::e2e {
namespace {

using data::Value;
using kube::Object;

constexpr int kStartSeconds = 60;
constexpr const char* kSystem = server::kSystemNamespace;
constexpr const char* kAdmin = "through-proxy";

Result<> apply(const Context& ctx, kube::Client& client, const std::vector<Value>& documents) {
  kube::RestMapper mapper(client);
  for (const Value& document : documents) {
    Object object(document);
    kube::Resource resource = TRY(mapper.resource_for(ctx, object.gvk()));
    auto made = client.create(ctx, resource, object);
    if (!made.ok() && made.error().code() != Code::AlreadyExists)
      return std::move(made).error().within(object.key().str());
  }
  return {};
}

// The token of a service account that may do everything.
Result<std::string> admin_token(const Context& ctx, kube::Client& client) {
  kube::Resource namespaces{{"", "v1", "namespaces"}, "Namespace", false};
  auto ns = client.create(ctx, namespaces, Object::make(namespaces.gvk(), {"", kSystem}));
  if (!ns.ok() && ns.error().code() != Code::AlreadyExists) return ns.error();
  kube::Resource accounts = core("serviceaccounts", "ServiceAccount");
  Object account = Object::make(accounts.gvk(), {kSystem, kAdmin});
  TRY(client.create(ctx, accounts, account));
  kube::Resource bindings{
      {"rbac.authorization.k8s.io", "v1", "clusterrolebindings"}, "ClusterRoleBinding", false};
  Object binding = Object::make(bindings.gvk(), {"", kAdmin});
  binding.set({"roleRef"},
              Value::object({{"apiGroup", "rbac.authorization.k8s.io"},
                             {"kind", "ClusterRole"},
                             {"name", "cluster-admin"}}));
  binding.set({"subjects"},
              Value::array({Value::object(
                  {{"kind", "ServiceAccount"}, {"name", kAdmin}, {"namespace", kSystem}})}));
  TRY(client.create(ctx, bindings, binding));
  Object request = Object::make({"authentication.k8s.io", "v1", "TokenRequest"}, {kSystem, kAdmin});
  request.set({"spec", "expirationSeconds"}, 36000);
  Object answer = TRY(client.create(ctx, accounts, request, {.subresource = "token"}));
  return answer.at({"status", "token"}).to_string();
}

std::string cluster_name(int n) {
  return cat("cluster-", n + 1);
}

// A port that was free a moment ago: an API server keeps it over restarts.
Result<int> free_port(const Context& ctx) {
  auto probe = TRY(git::HttpHost::start(ctx, {.folder = "/tmp"}));
  return probe->port();
}

}  // namespace

FaultWorld::FaultWorld(Context ctx, sys::TempFolder folder, uint64_t seed)
    : ctx_(std::move(ctx)),
      folder_(std::move(folder)),
      seed_(seed) {}

Result<std::unique_ptr<FaultWorld>> FaultWorld::start(int clusters, uint64_t seed) {
  Context ctx = Context::background();
  auto folder = TRY(sys::TempFolder::make("fleet-faults"));
  std::unique_ptr<FaultWorld> world(new FaultWorld(ctx, std::move(folder), seed));
  world->git_ = TRY(Repositories::start(ctx, world->folder_.path()));
  auto* git_proxy = TRY(world->add_proxy(world->git_->base_url()));
  world->git_url_ = git_proxy->url();
  world->git_ca_ = git_proxy->ca_pem();
  TRY(world->start_hub());
  for (int n = 0; n < clusters; ++n)
    TRY(world->add_cluster(n).within(cluster_name(n)));
  return world;
}

Result<testing::FaultProxy*> FaultWorld::add_proxy(const std::string& upstream) {
  proxies_.push_back(TRY(testing::FaultProxy::start(ctx_, upstream, seed_ + proxies_.size())));
  return proxies_.back().get();
}

Result<> FaultWorld::run(const std::string& name, std::vector<std::string> args) {
  Process& process = processes_[name];
  args[0] = cat(program_folder(), "/", args[0]);
  process.command.args = std::move(args);
  process.command.env = sys::all_env();
  return tend();
}

Result<> FaultWorld::tend() {
  for (auto& [name, process] : processes_) {
    if (process.child && !process.child->exit_code()) continue;
    sys::Stream out = sys::env("FLEET_TEST_LOG") ? sys::Stream::Inherit : sys::Stream::Null;
    process.child = TRY(sys::Child::start(
        process.command, {sys::Stream::Null, out, out}, sys::Child::Lifetime::DieWithParent));
  }
  return {};
}

Result<std::unique_ptr<kube::Client>> FaultWorld::run_api(const std::string& name) {
  const std::string file = folder_.file(name + ".kubeconfig");
  TRY(run(name,
          {"fleet",
           "playground",
           "--store",
           "sqlite",
           "--data-dir",
           folder_.file(name),
           "--listen",
           cat("127.0.0.1:", TRY(free_port(ctx_))),
           "--kubeconfig-out",
           file}));
  std::unique_ptr<kube::Client> client;
  const bool ready = eventually(ctx_, kStartSeconds, [&] {
    auto access = kube::load_kubeconfig({.path = file});
    if (!access.ok()) return false;
    auto made = kube::make_http_client(*access);
    if (!made.ok()) return false;
    client = std::move(made).value();
    auto answer = client->raw(ctx_, {.path = "/readyz"});
    return answer.ok() && answer->status == 200;
  });
  if (!ready) return Error(Code::Timeout, cat(name, " did not get ready"));
  return client;
}

Result<std::string> FaultWorld::proxied_kubeconfig(const std::string& name,
                                                   kube::Client& api,
                                                   const std::string& url) {
  auto* proxy = TRY(add_proxy(url));
  kube::Access access{.server = proxy->url(), .ca = proxy->ca_pem()};
  access.token = Secret<>(TRY(admin_token(ctx_, api)));
  std::string file = folder_.file(name + "-proxied.kubeconfig");
  TRY(sys::write_file(file, yaml::print(kube::make_kubeconfig(access, "proxied"))));
  return file;
}

Result<> FaultWorld::start_hub() {
  hub_ = TRY(run_api("hub"));
  hub_url_ = TRY(kube::load_kubeconfig({.path = folder_.file("hub.kubeconfig")})).server;
  std::vector<Value> manifests = server::hub_manifests();
  manifests.push_back(server::controller_config(hub_url_, ""));
  TRY(apply(ctx_, *hub_, manifests));
  std::string file = TRY(proxied_kubeconfig("controllers", *hub_, hub_url_));
  return run("controllers",
             {"fleetcontroller",
              cat("--kubeconfig=", file),
              cat("--namespace=", kSystem),
              "--leader-elect=false"});
}

Result<> FaultWorld::add_cluster(int n) {
  const std::string name = cluster_name(n);
  Cluster cluster{name, TRY(run_api(name))};
  const std::string url =
      TRY(kube::load_kubeconfig({.path = folder_.file(name + ".kubeconfig")})).server;
  std::string file = TRY(proxied_kubeconfig(name, *cluster.client, url));
  TRY(server::prepare_registration(
      ctx_, *hub_, *cluster.client, {name, server::kDefaultWorkspace, kSystem, {{"name", name}}}));
  auto* way_to_hub = TRY(add_proxy(hub_url_));
  Value body = Value::object();
  body.set({"data", "apiServerURL"}, codec::base64_encode(way_to_hub->url()));
  body.set({"data", "apiServerCA"}, codec::base64_encode(way_to_hub->ca_pem()));
  TRY(cluster.client->patch(ctx_,
                            core("secrets", "Secret"),
                            {kSystem, "fleet-agent-bootstrap"},
                            kube::Patch::merge(body)));
  // Absence is looked into every second instead of every quarter of an hour.
  Value config = Value::object({{"clientID", name}, {"garbageCollectionInterval", "1s"}});
  Value map = Value::object();
  map.set({"data", "config"}, json::print(config, json::Keys::AsWritten));
  TRY(cluster.client->patch(
      ctx_, core("configmaps", "ConfigMap"), {kSystem, "fleet-agent"}, kube::Patch::merge(map)));
  clusters_.push_back(std::move(cluster));
  return run("agent-" + name,
             {"fleetagent",
              cat("--kubeconfig=", file),
              cat("--namespace=", kSystem),
              "--checkin-interval=2s",
              "--leader-elect=false"});
}

Result<> FaultWorld::add_gitrepo(const std::string& name,
                                 const std::string& repository,
                                 const std::vector<std::string>& paths) {
  Object repo = Object::make(gitrepos().gvk(), {server::kDefaultWorkspace, name});
  repo.set({"spec", "repo"}, cat(git_url_, "/", repository));
  repo.set({"spec", "caBundle"}, codec::base64_encode(git_ca_));
  repo.set({"spec", "branch"}, "main");
  repo.set({"spec", "pollingInterval"}, "1s");
  for (const std::string& path : paths)
    repo.edit().edit({"spec", "paths"}).push_back(path);
  repo.set({"spec", "targets"},
           Value::array({Value::object({{"clusterSelector", Value::object()}})}));
  TRY(hub_->create(ctx_, gitrepos(), repo));
  return {};
}

void FaultWorld::set_rate(int one_in) {
  for (auto& proxy : proxies_)
    proxy->set_rate(one_in);
}

int FaultWorld::injected() const {
  int sum = 0;
  for (const auto& proxy : proxies_)
    sum += proxy->injected();
  return sum;
}

std::string FaultWorld::counts() const {
  std::string out;
  for (size_t kind = 0; kind < testing::kFaultKinds; ++kind) {
    int sum = 0;
    for (const auto& proxy : proxies_)
      sum += proxy->counts()[kind];
    out += cat(out.empty() ? "" : ", ", testing::to_string(static_cast<testing::Fault>(kind)));
    out += cat(" ", sum);
  }
  return out;
}

std::vector<std::string> FaultWorld::process_names() const {
  std::vector<std::string> out;
  for (const auto& [name, process] : processes_)
    out.push_back(name);
  return out;
}

Result<> FaultWorld::kill(const std::string& process) {
  Process& victim = processes_[process];
  if (!victim.child) return {};
  victim.child->signal_group(SIGKILL);
  TRY(victim.child->wait(ctx_));
  victim.child.reset();
  return tend();
}

Result<> FaultWorld::drop_connections(size_t proxy) {
  return proxies_[proxy]->drop_all();
}

}  // namespace fleet::e2e
