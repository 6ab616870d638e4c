#include "e2e/world.h"

#include <signal.h>

#include "base/strings.h"
#include "kube/client/http_client.h"
#include "kube/client/kubeconfig.h"
#include "sys/environment.h"

namespace fleet::e2e {
namespace {

constexpr Duration kLook = std::chrono::milliseconds(20);
constexpr int kStartSeconds = 60;

Result<std::unique_ptr<kube::Client>> client_of(const std::string& kubeconfig) {
  return kube::make_http_client(TRY(kube::load_kubeconfig({.path = kubeconfig})));
}

// A port that was free a moment ago: the hub keeps it over restarts.
Result<int> free_port(const Context& ctx) {
  auto probe = TRY(git::HttpHost::start(ctx, {.folder = "/tmp"}));
  return probe->port();
}

}  // namespace

std::string program_folder() {
  return dir_name(sys::program_path());
}

bool eventually(const Context& ctx, int seconds, const std::function<bool()>& holds) {
  Context patient = ctx.with_timeout(std::chrono::seconds(seconds));
  while (!holds()) {
    if (!patient.sleep(kLook).ok()) return holds();
  }
  return true;
}

World::World(Context ctx, sys::TempFolder folder)
    : ctx_(std::move(ctx)),
      folder_(std::move(folder)) {}

World::~World() {
  if (server_) {
    auto ended = server_->terminate(ctx_, std::chrono::seconds(10));
    if (!ended.ok()) server_->signal_group(SIGKILL);
  }
}

std::string World::cluster_name(int n) {
  return cat("playground-", n + 1);
}

std::string World::cluster_kubeconfig(int n) const {
  return folder_.file(cat("hub/playground/", cluster_name(n), "/admin.kubeconfig"));
}

Result<std::unique_ptr<World>> World::start(int clusters) {
  Context ctx = Context::background();
  auto folder = TRY(sys::TempFolder::make("fleet-e2e"));
  std::unique_ptr<World> world(new World(ctx, std::move(folder)));
  world->git_ = TRY(Repositories::start(ctx, world->folder_.path()));
  world->port_ = TRY(free_port(ctx));
  world->cluster_total_ = clusters;
  TRY(world->start_hub());
  return world;
}

Result<> World::start_hub() {
  sys::Command command;
  command.args = {program_folder() + "/fleet",
                  "server",
                  "--data-dir",
                  folder_.file("hub"),
                  "--listen",
                  cat("127.0.0.1:", port_),
                  "--playground",
                  cat(cluster_total_)};
  command.env = sys::all_env();
  server_ = TRY(sys::Child::start(command));
  return connect(cluster_total_);
}

Result<> World::connect(int clusters) {
  clusters_.clear();
  auto answers = [&](const std::string& kubeconfig, std::unique_ptr<kube::Client>& client) {
    if (!sys::path_exists(kubeconfig)) return false;
    auto made = client_of(kubeconfig);
    if (!made.ok()) return false;
    auto ready = (*made)->raw(ctx_, {.path = "/readyz"});
    if (!ready.ok() || ready->status != 200) return false;
    client = std::move(*made);
    return true;
  };
  if (!eventually(ctx_, kStartSeconds, [&] { return answers(kubeconfig(), hub_); })) {
    return Error(Code::Timeout, "the hub did not get ready");
  }
  for (int n = 0; n < clusters; ++n) {
    clusters_.emplace_back();
    if (!eventually(ctx_, kStartSeconds, [&] {
          return answers(cluster_kubeconfig(n), clusters_.back());
        })) {
      return Error(Code::Timeout, cat(cluster_name(n), " did not get ready"));
    }
  }
  return {};
}

Result<> World::kill_hub() {
  server_->signal_group(SIGKILL);
  TRY(server_->wait(ctx_));
  server_.reset();
  return {};
}

Result<> World::kill_agent(int n) {
  std::string mark = cluster_kubeconfig(n);
  for (const std::string& name : TRY(sys::list_folder("/proc"))) {
    auto pid = parse_int(name);
    if (!pid) continue;
    auto words = sys::read_file(cat("/proc/", *pid, "/cmdline"));
    bool is_agent =
        words.ok() && contains(*words, std::string_view("\0agent\0", 7)) && contains(*words, mark);
    if (is_agent) ::kill(static_cast<pid_t>(*pid), SIGKILL);
  }
  return {};
}

Result<std::string> World::commit(const std::string& repository, const Changes& changes) {
  return git_->commit(ctx_, repository, changes);
}

Result<std::string> World::commit_folder(const std::string& repository, const std::string& folder) {
  return git_->commit_folder(ctx_, repository, folder);
}

Result<> World::add_gitrepo(const std::string& name,
                            const std::string& repository,
                            const std::vector<std::string>& paths) {
  kube::Resource gitrepos{{"fleet.cattle.io", "v1alpha1", "gitrepos"}, "GitRepo", true};
  kube::Object repo = kube::Object::make(gitrepos.gvk(), {"fleet-default", name});
  repo.set({"spec", "repo"}, url(repository));
  repo.set({"spec", "branch"}, "main");
  repo.set({"spec", "pollingInterval"}, "2s");
  for (const std::string& path : paths)
    repo.edit().edit({"spec", "paths"}).push_back(path);
  repo.set({"spec", "targets"},
           data::Value::array({data::Value::object({{"clusterSelector", data::Value::object()}})}));
  TRY(hub_->create(ctx_, gitrepos, repo));
  return {};
}

}  // namespace fleet::e2e
