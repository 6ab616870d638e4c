#include "server/playgrounds.h"

#include <array>

#include "base/strings.h"
#include "kube/client/http_client.h"
#include "kube/client/kubeconfig.h"
#include "server/manifests.h"
#include "sys/environment.h"
#include "sys/files.h"

namespace fleet::server {
namespace {

constexpr Duration kPoll = std::chrono::milliseconds(50);
constexpr Duration kRetry = std::chrono::seconds(2);

// A client of the cluster behind a kubeconfig file, once that is written and its API answers.
Result<std::unique_ptr<kube::Client>> wait_for_api(const Context& ctx, const std::string& path) {
  while (true) {
    if (sys::path_exists(path)) {
      auto access = TRY(kube::load_kubeconfig({.path = path}));
      auto client = TRY(kube::make_http_client(access));
      auto version = client->raw(ctx, {.path = "/version"});
      if (version.ok() && version->status == 200) return client;
    }
    TRY(ctx.sleep(kPoll));
  }
}

}  // namespace

OwnCluster local_cluster() {
  return {"local", kLocalWorkspace, "cattle-fleet-local-system", {{"name", "local"}}};
}

OwnCluster playground_cluster(int n) {
  constexpr std::array kEnvironments = {"dev", "test", "prod"};
  OwnCluster out;
  out.name = cat("playground-", n + 1);
  out.workspace = kDefaultWorkspace;
  out.agent_namespace = kSystemNamespace;
  out.labels = {{"env", kEnvironments[static_cast<size_t>(n) % kEnvironments.size()]},
                {"name", out.name}};
  return out;
}

Playgrounds::Playgrounds(const Context& ctx, const ServerOptions& options, SelfCommand self)
    : ctx_(ctx),
      options_(options),
      self_(std::move(self)),
      children_(ctx) {
  for (int n = 0; n < options.playground; ++n) {
    One one;
    one.cluster = playground_cluster(n);
    one.folder = cat(options.data_dir, "/playground/", one.cluster.name);
    one.kubeconfig = one.folder + "/admin.kubeconfig";
    ones_.push_back(std::move(one));
  }
  if (options.local_agent) {
    ones_.push_back({local_cluster(), {}, options.data_dir + "/admin.kubeconfig"});
  }
}

ChildSpec Playgrounds::child(const std::string& name, std::vector<std::string> words) const {
  ChildSpec spec;
  spec.name = name;
  spec.command.args = self_;
  spec.command.args.insert(spec.command.args.end(), words.begin(), words.end());
  spec.command.env = sys::all_env();
  return spec;
}

Result<> Playgrounds::bring_up(const Context& ctx, kube::Client& hub, const One& one) {
  auto client = TRY(wait_for_api(ctx, one.kubeconfig));
  return prepare_registration(ctx, hub, *client, one.cluster);
}

void Playgrounds::register_and_run_agent(kube::Client& hub, const One& one) {
  while (true) {
    Result<> up = bring_up(ctx_, hub, one);
    if (up.ok()) break;
    ctx_.log().warn("cannot register a cluster yet",
                    {{"cluster", one.cluster.name}, {"error", up.error()}});
    if (!ctx_.sleep(kRetry).ok()) return;
  }
  Children agent(ctx_);
  agent.keep_running(
      child("agent-" + one.cluster.name,
            {"agent", "--kubeconfig", one.kubeconfig, "--namespace", one.cluster.agent_namespace}));
  agent.join();
}

void Playgrounds::start(kube::Client& hub) {
  std::string store = options_.store == Store::Sqlite ? "sqlite" : "memory";
  for (const One& one : ones_) {
    const std::string& name = one.cluster.name;
    if (!one.folder.empty()) {
      std::vector<std::string> words = {"playground", "--data-dir", one.folder, "--store", store};
      words.insert(words.end(), {"--kubeconfig-out", one.kubeconfig});
      children_.keep_running(child(name, std::move(words)));
    }
    threads_.emplace_back("register-" + name, [this, &hub, &one](const std::stop_token&) {
      register_and_run_agent(hub, one);
    });
  }
}

void Playgrounds::join() {
  children_.join();
  for (Thread& thread : threads_)
    thread.join();
}

}  // namespace fleet::server
