// A whole Fleet in one process: hub, controllers, downstream clusters with simulated nodes, agents.
//
// Everything is real but the git host, whose commits are file trees in memory. Agents talk to both
// API servers over HTTPS and register with a token, as anywhere.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "agent/agent.h"
#include "controller/reconcilers/controllers.h"
#include "kube/apiserver/server.h"
#include "sys/guarded.h"
#include "sys/thread.h"

namespace fleet::cluster_tests {

using FileMap = std::map<std::string, std::string>;

// Commits of one repository, by the order in which they were made.
class MemoryGit final : public gitjob::GitSource {
 public:
  // The new commit's id.
  std::string commit(const FileMap& files);
  void set_broken(bool broken) { broken_ = broken; }
  int polls() const { return polls_; }

  Result<std::string> latest_commit(const Context& ctx, const gitjob::GitQuery& query) override;
  Result<FileTree> checkout(const Context& ctx,
                            const gitjob::GitQuery& query,
                            const std::string& commit) override;

 private:
  struct State {
    std::map<std::string, FileTree> trees;
    std::string head;
  };
  Guarded<State> state_;
  std::atomic<bool> broken_ = false;
  std::atomic<int> polls_ = 0;
};

struct Downstream {
  std::string name;
  std::unique_ptr<kube::ApiServer> api;
  Thread nodes;
  Thread agent;

  kube::Client& client() { return api->client(); }
};

class FleetTest : public testing::Test {
 protected:
  FleetTest();
  ~FleetTest() override;

  void start_hub();
  // Tokens made from now on send agents to agent_hub_url_.
  void move_agents_to_proxy();
  // A registered cluster with its agent. `hub_url` and `hub_ca` may name a proxy before the hub.
  Downstream& add_cluster(const std::string& name,
                          const std::map<std::string, std::string>& labels);
  void start_agent(Downstream& cluster);
  void stop_agent(Downstream& cluster);

  void add_repo(const std::string& name, const std::function<void(kube::Object&)>& edit = {});

  // Looks until it holds or a minute is over.
  testing::AssertionResult eventually(const std::function<bool()>& holds, const std::string& what);
  kube::Object get(kube::Client& client, const kube::Resource& resource, const kube::Key& key);
  bool exists(kube::Client& client, const kube::Resource& resource, const kube::Key& key);
  // "Ready" of the GitRepo's deployments, or what is wrong: for eventually.
  std::string deployment_states();  // of all BundleDeployments, for messages
  std::string repo_state(const std::string& name);
  testing::AssertionResult repo_is_ready(const std::string& name, int clusters);

  kube::Client& hub() { return hub_->client(); }

  Context ctx_ = Context::background();
  MemoryGit git_;
  std::unique_ptr<kube::ApiServer> hub_;
  std::string agent_hub_url_;  // where agents find the hub; empty: the hub itself
  std::string agent_hub_ca_;
  std::vector<std::unique_ptr<Downstream>> clusters_;

 private:
  gitjob::NoCharts charts_;
  std::unique_ptr<controller::Controllers> controllers_;
  std::unique_ptr<StopScope> controllers_scope_;
  Thread controllers_thread_;

  void run_controllers();
};

kube::Resource config_maps();
kube::Resource deployments();
kube::Resource secrets();

}  // namespace fleet::cluster_tests
