#include "cluster/fleet_fixture.h"

#include <chrono>
#include <utility>

#include "base/strings.h"
#include "fleet/api/bundledeployment.h"
#include "fleet/api/gitrepo.h"
#include "kube/client/kubeconfig.h"
#include "kube/meta/condition.h"
#include "playground/nodes.h"
#include "server/manifests.h"
#include "server/registration.h"
#include "sys/environment.h"

namespace fleet::cluster_tests {
namespace {

constexpr Duration kPatience = std::chrono::seconds(60);
constexpr Duration kLook = std::chrono::milliseconds(50);
constexpr const char* kWorkspace = "fleet-default";

}  // namespace

kube::Resource config_maps() {
  return {{"", "v1", "configmaps"}, "ConfigMap", true};
}
kube::Resource deployments() {
  return {{"apps", "v1", "deployments"}, "Deployment", true};
}
kube::Resource secrets() {
  return {{"", "v1", "secrets"}, "Secret", true};
}

std::string MemoryGit::commit(const FileMap& files) {
  FileTree tree;
  for (const auto& [path, text] : files)
    EXPECT_TRUE(tree.add(path, text).ok());
  return state_.with([&](State& s) {
    const std::string number = cat(s.trees.size() + 1);
    s.head = std::string(40 - number.size(), 'c') + number;
    s.trees[s.head] = tree;
    return s.head;
  });
}

Result<std::string> MemoryGit::latest_commit(const Context&, const gitjob::GitQuery& query) {
  ++polls_;
  if (broken_) return Error(Code::ServiceUnavailable, "dial tcp: connection refused");
  const std::string head = state_.with([](const State& s) { return s.head; });
  if (head.empty())
    return Error(Code::NotFound, cat("commit not found for branch: ", query.branch));
  return head;
}

Result<FileTree> MemoryGit::checkout(const Context&,
                                     const gitjob::GitQuery&,
                                     const std::string& commit) {
  if (broken_) return Error(Code::ServiceUnavailable, "dial tcp: connection refused");
  return state_.with([&](const State& s) -> Result<FileTree> {
    auto it = s.trees.find(commit);
    if (it == s.trees.end()) return Error(Code::NotFound, "no such commit");
    return it->second;
  });
}

FleetTest::FleetTest() {
  if (!sys::env("FLEET_TEST_LOG")) return;
  ctx_ = ctx_.with_log(Log::to_fd(2, LogFormat::Text, LogLevel::Debug));
}

FleetTest::~FleetTest() {
  for (auto& cluster : clusters_) {
    stop_agent(*cluster);
    cluster->nodes.request_stop();
    cluster->nodes = Thread();
  }
  if (controllers_scope_) controllers_scope_->stop();
  controllers_thread_ = Thread();
  controllers_.reset();
  for (auto& cluster : clusters_)
    cluster->api->stop(Duration::zero());
  if (hub_) hub_->stop(Duration::zero());
}

void FleetTest::start_hub() {
  kube::ApiServerOptions options;
  options.manifests = server::hub_manifests();
  auto opened = kube::ApiServer::open(ctx_, std::move(options));
  ASSERT_TRUE(opened.ok()) << opened.error().message();
  hub_ = std::move(opened).value();
  Result<> served = hub_->serve(ctx_, {});
  ASSERT_TRUE(served.ok()) << served.error().message();
  run_controllers();
}

void FleetTest::move_agents_to_proxy() {
  controllers_scope_->stop();
  controllers_thread_ = Thread();
  controllers_.reset();
  run_controllers();
}

void FleetTest::run_controllers() {
  controller::Hub where;
  where.api_server_url = agent_hub_url_.empty() ? hub_->url() : agent_hub_url_;
  where.api_server_ca = agent_hub_ca_.empty() ? hub_->ca_pem() : agent_hub_ca_;
  controller::ControllerOptions how;
  how.gitrepo.polling_interval = std::chrono::milliseconds(200);
  controllers_ =
      std::make_unique<controller::Controllers>(hub(), git_, charts_, where, system_clock(), how);
  controllers_scope_ = std::make_unique<StopScope>(ctx_);
  controllers_thread_ = Thread("controllers", [this](const std::stop_token&) {
    Result<> done = controllers_->run(controllers_scope_->context());
    EXPECT_TRUE(done.ok()) << done.error().message();
  });
}

Downstream& FleetTest::add_cluster(const std::string& name,
                                   const std::map<std::string, std::string>& labels) {
  auto cluster = std::make_unique<Downstream>();
  cluster->name = name;
  cluster->api = kube::ApiServer::open(ctx_, {}).value();
  EXPECT_TRUE(cluster->api->serve(ctx_, {}).ok());
  kube::Client* client = &cluster->client();
  cluster->nodes = Thread("nodes", [this, client](std::stop_token stop) {
    Result<> done = playground::run(
        ctx_.with_stop(std::move(stop)), *client, {.ready_delay = std::chrono::milliseconds(20)});
    (void)done.ok();
  });
  Result<> prepared = server::prepare_registration(
      ctx_, hub(), *client, {name, kWorkspace, "cattle-fleet-system", labels});
  EXPECT_TRUE(prepared.ok()) << prepared.error().message();
  clusters_.push_back(std::move(cluster));
  start_agent(*clusters_.back());
  return *clusters_.back();
}

void FleetTest::start_agent(Downstream& cluster) {
  agent::AgentOptions options;
  options.local = kube::parse_kubeconfig(cluster.api->admin_kubeconfig().value()).value();
  options.ns = "cattle-fleet-system";
  options.leader_election = false;
  options.register_pause = std::chrono::milliseconds(500);
  options.drift_delay = std::chrono::milliseconds(50);
  options.garbage_collection = std::chrono::seconds(1);
  options.checkin_interval = std::chrono::seconds(1);
  cluster.agent = Thread("agent", [this, options](std::stop_token stop) {
    Result<> done = agent::run_agent(ctx_.with_stop(std::move(stop)), options);
    const bool stopped = done.ok() || done.error().code() == Code::Cancelled;
    EXPECT_TRUE(stopped) << done.error().message();
  });
}

void FleetTest::stop_agent(Downstream& cluster) {
  cluster.agent = Thread();
}

void FleetTest::add_repo(const std::string& name, const std::function<void(kube::Object&)>& edit) {
  kube::Object repo = kube::Object::make(api::GitRepo::kKind.gvk(), {kWorkspace, name});
  repo.set({"spec", "repo"}, "http://git.example/repo");
  repo.set({"spec", "branch"}, "main");
  repo.set({"spec", "pollingInterval"}, "200ms");
  repo.set({"spec", "targets"},
           data::Value::array({data::Value::object(
               {{"name", "all"}, {"clusterSelector", data::Value::object()}})}));
  if (edit) edit(repo);
  Result<kube::Object> made = hub().create(ctx_, api::GitRepo::kKind.resource(), repo);
  ASSERT_TRUE(made.ok()) << made.error().message();
}

testing::AssertionResult FleetTest::eventually(const std::function<bool()>& holds,
                                               const std::string& what) {
  const Context limited = ctx_.with_timeout(kPatience);
  while (!holds()) {
    if (!limited.sleep(kLook).ok()) return testing::AssertionFailure() << "never: " << what;
  }
  return testing::AssertionSuccess();
}

kube::Object FleetTest::get(kube::Client& client,
                            const kube::Resource& resource,
                            const kube::Key& key) {
  Result<kube::Object> found = client.get(ctx_, resource, key);
  return found.ok() ? std::move(found).value() : kube::Object();
}

bool FleetTest::exists(kube::Client& client, const kube::Resource& resource, const kube::Key& key) {
  return client.get(ctx_, resource, key).ok();
}

std::string FleetTest::repo_state(const std::string& name) {
  const kube::Object repo = get(hub(), api::GitRepo::kKind.resource(), {kWorkspace, name});
  std::string out = cat("commit ",
                        repo.at({"status", "commit"}).as_string(),
                        " clusters ",
                        repo.at({"status", "readyClusters"}).as_int(),
                        "/",
                        repo.at({"status", "desiredReadyClusters"}).as_int(),
                        " state ",
                        repo.at({"status", "display", "state"}).as_string());
  for (const data::Value& c : repo.at({"status", "conditions"}).items()) {
    out += cat(
        "\n  ", c["type"].as_string(), " ", c["status"].as_string(), " ", c["message"].as_string());
  }
  return out;
}

std::string FleetTest::deployment_states() {
  std::string out;
  auto list = hub().list(ctx_, api::BundleDeployment::kKind.resource());
  if (!list.ok()) return list.error().message();
  for (const kube::Object& deployment : list->items) {
    out += cat("\n  ", deployment.key().str());
    for (const data::Value& c : deployment.at({"status", "conditions"}).items()) {
      out += cat("\n    ",
                 c["type"].as_string(),
                 " ",
                 c["status"].as_string(),
                 " ",
                 c["message"].as_string());
    }
  }
  return out;
}

testing::AssertionResult FleetTest::repo_is_ready(const std::string& name, int clusters) {
  auto ready = [&] {
    const kube::Object repo = get(hub(), api::GitRepo::kKind.resource(), {kWorkspace, name});
    const data::Value& status = repo["status"];
    const std::string head = git_.latest_commit(ctx_, {}).value_or("");
    return status["commit"].as_string() == head &&
           status["gitJobStatus"].as_string() == "Current" &&
           status["readyClusters"].as_int() == clusters &&
           status["desiredReadyClusters"].as_int() == clusters &&
           kube::has_condition(repo.value(), "Ready");
  };
  testing::AssertionResult result = eventually(ready, cat(name, " is ready on ", clusters));
  if (!result) result << "\n" << repo_state(name);
  return result;
}

}  // namespace fleet::cluster_tests
