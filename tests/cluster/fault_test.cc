// A hub behind a proxy that lies, drops and refuses: everything converges, nothing is deleted.
#include "base/strings.h"
#include "cluster/fleet_fixture.h"
#include "support/fault_proxy.h"

namespace fleet::cluster_tests {
namespace {

constexpr uint64_t kSeed = 20261124;
constexpr int kOneIn = 4;
constexpr int kRounds = 8;
constexpr int kWantedFaults = 200;

std::string config_map(const std::string& name, int value) {
  return cat("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ",
             name,
             "}\ndata: {a: \"",
             value,
             "\"}\n");
}

FileMap files_of(int round) {
  return {{"kept/fleet.yaml", "defaultNamespace: default\n"},
          {"kept/cm.yaml", config_map("kept", 0)},
          {"moving/fleet.yaml", "defaultNamespace: default\n"},
          {"moving/cm.yaml", config_map("moving", round)}};
}

class FaultTest : public FleetTest {
 protected:
  std::string uid_of(Downstream& cluster, const char* name) {
    return std::string(get(cluster.client(), config_maps(), {"default", name}).uid());
  }
};

TEST_F(FaultTest, NothingIsDeletedAndEverythingConverges) {
  start_hub();
  auto proxy = testing::FaultProxy::start(ctx_, hub_->url(), kSeed).value();
  agent_hub_url_ = proxy->url();
  agent_hub_ca_ = proxy->ca_pem();
  move_agents_to_proxy();
  for (const char* name : {"one", "two", "three"})
    add_cluster(name, {});
  git_.commit(files_of(0));
  add_repo("faults");
  ASSERT_TRUE(repo_is_ready("faults", 3));
  std::map<std::string, std::string> uids;
  for (auto& cluster : clusters_) {
    for (const char* name : {"kept", "moving"})
      uids[cluster->name + name] = uid_of(*cluster, name);
  }
  proxy->set_rate(kOneIn);
  for (int round = 1; round <= kRounds || proxy->injected() < kWantedFaults; ++round) {
    ASSERT_LT(round, 200) << "too few faults were injected";
    git_.commit(files_of(round));
    Downstream& victim = *clusters_[static_cast<size_t>(round) % clusters_.size()];
    stop_agent(victim);
    start_agent(victim);
    ASSERT_TRUE(ctx_.sleep(std::chrono::milliseconds(500)).ok());
  }
  proxy->set_rate(0);
  EXPECT_TRUE(repo_is_ready("faults", 3));
  for (auto& cluster : clusters_) {
    for (const char* name : {"kept", "moving"}) {
      EXPECT_EQ(uid_of(*cluster, name), uids[cluster->name + name]) << cluster->name << " " << name;
    }
  }
  EXPECT_GE(proxy->injected(), kWantedFaults);
}

}  // namespace
}  // namespace fleet::cluster_tests
