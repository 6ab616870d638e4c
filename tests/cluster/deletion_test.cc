// Deletion is sacred: only what was ordered goes, and everything that was ordered does.
#include "base/strings.h"
#include "cluster/fleet_fixture.h"
#include "fleet/api/bundledeployment.h"
#include "fleet/api/cluster.h"
#include "fleet/api/gitrepo.h"
#include "fleet/api/names.h"
#include "support/fault_proxy.h"

namespace fleet::cluster_tests {
namespace {

const char* const kConfigMap =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cm}\ndata: {a: \"1\"}\n";

class DeletionTest : public FleetTest {
 protected:
  Downstream& deploy_one(const std::function<void(kube::Object&)>& edit = {}) {
    start_hub();
    Downstream& one = add_cluster("one", {{"env", "dev"}});
    git_.commit({{"cm.yaml", kConfigMap}});
    add_repo("sample", edit);
    EXPECT_TRUE(repo_is_ready("sample", 1));
    return one;
  }
  void delete_repo() {
    ASSERT_TRUE(
        hub().remove(ctx_, api::GitRepo::kKind.resource(), {"fleet-default", "sample"}).ok());
    ASSERT_TRUE(eventually(
        [&] {
          return !exists(hub(), api::GitRepo::kKind.resource(), {"fleet-default", "sample"});
        },
        "the GitRepo is gone"));
  }
};

TEST_F(DeletionTest, ADeletedGitRepoTakesItsObjectsAlong) {
  Downstream& one = deploy_one();
  delete_repo();
  EXPECT_TRUE(eventually(
      [&] {
        return !exists(one.client(), config_maps(), {"default", "cm"});
      },
      "uninstalled"));
  EXPECT_TRUE(eventually(
      [&] {
        return !exists(one.client(), secrets(), {"default", "sh.helm.release.v1.sample.v1"});
      },
      "purged"));
}

TEST_F(DeletionTest, KeepResourcesKeeps) {
  Downstream& one = deploy_one([](kube::Object& repo) {
    repo.set({"spec", "keepResources"}, true);
  });
  delete_repo();
  EXPECT_TRUE(eventually(
      [&] {
        return !exists(one.client(), secrets(), {"default", "sh.helm.release.v1.sample.v1"});
      },
      "forgotten"));
  EXPECT_TRUE(exists(one.client(), config_maps(), {"default", "cm"}));
}

TEST_F(DeletionTest, AClusterThatIsNoTargetAnyMoreIsCleared) {
  Downstream& one = deploy_one([](kube::Object& repo) {
    repo.set({"spec", "targets", 0, "clusterSelector"},
             data::Value::object({{"matchLabels", data::Value::object({{"env", "dev"}})}}));
  });
  ASSERT_TRUE(
      hub()
          .patch(
              ctx_,
              api::Cluster::kKind.resource(),
              {"fleet-default", "one"},
              kube::Patch::merge(data::Value::object(
                  {{"metadata",
                    data::Value::object({{"labels", data::Value::object({{"env", "other"}})}})}})))
          .ok());
  EXPECT_TRUE(eventually(
      [&] {
        return !exists(one.client(), config_maps(), {"default", "cm"});
      },
      "uninstalled"));
}

TEST_F(DeletionTest, AnEmptyCommitDeletesNothing) {
  Downstream& one = deploy_one();
  git_.commit({{"README.md", "nothing here"}});
  ASSERT_TRUE(eventually(
      [&] {
        return contains(repo_state("sample"), "no resource found at the following paths to deploy");
      },
      "the GitRepo says so"));
  EXPECT_TRUE(exists(one.client(), config_maps(), {"default", "cm"}));
}

TEST_F(DeletionTest, AnObjectThatAnotherReleaseOwnsStays) {
  Downstream& one = deploy_one();
  ASSERT_TRUE(
      one.client()
          .patch(ctx_,
                 config_maps(),
                 {"default", "cm"},
                 kube::Patch::merge(data::Value::object(
                     {{"metadata",
                       data::Value::object(
                           {{"annotations",
                             data::Value::object({{"meta.helm.sh/release-name", "other"}})}})}})))
          .ok());
  delete_repo();
  EXPECT_TRUE(eventually(
      [&] {
        return !exists(one.client(), secrets(), {"default", "sh.helm.release.v1.sample.v1"});
      },
      "purged"));
  EXPECT_TRUE(exists(one.client(), config_maps(), {"default", "cm"}));
}

TEST_F(DeletionTest, AnAgentThatWasAwayHearsOfTheDeletionLater) {
  Downstream& one = deploy_one();
  stop_agent(one);
  delete_repo();
  EXPECT_TRUE(exists(one.client(), config_maps(), {"default", "cm"}));
  start_agent(one);
  EXPECT_TRUE(eventually(
      [&] {
        return !exists(one.client(), config_maps(), {"default", "cm"});
      },
      "uninstalled"));
}

TEST_F(DeletionTest, AForgottenClusterKeepsWhatRunsThere) {
  Downstream& one = deploy_one();
  const kube::Resource clusters = api::Cluster::kKind.resource();
  ASSERT_TRUE(hub().remove(ctx_, clusters, {"fleet-default", "one"}).ok());
  const std::string ns = api::cluster_namespace("fleet-default", "one");
  const kube::Resource namespaces{{"", "v1", "namespaces"}, "Namespace", false};
  ASSERT_TRUE(eventually(
      [&] {
        return !exists(hub(), namespaces, {"", ns});
      },
      "its namespace is gone"));
  // Several rounds of the agent's cleaning.
  ASSERT_TRUE(ctx_.sleep(std::chrono::seconds(3)).ok());
  EXPECT_TRUE(exists(one.client(), config_maps(), {"default", "cm"}));
}

TEST_F(DeletionTest, AHubThatIsAwayDeletesNothing) {
  Downstream& one = deploy_one();
  hub_->stop(Duration::zero());
  // The agent loses its watch, fails to list, and cleans up several times meanwhile.
  ASSERT_TRUE(ctx_.sleep(std::chrono::seconds(3)).ok());
  EXPECT_TRUE(exists(one.client(), config_maps(), {"default", "cm"}));
  EXPECT_TRUE(exists(one.client(), secrets(), {"default", "sh.helm.release.v1.sample.v1"}));
}

TEST_F(DeletionTest, APageThatIsNotTheHubsDeletesNothing) {
  start_hub();
  auto proxy = testing::FaultProxy::start(ctx_, hub_->url(), 1).value();
  agent_hub_url_ = proxy->url();
  agent_hub_ca_ = proxy->ca_pem();
  move_agents_to_proxy();
  Downstream& one = add_cluster("one", {});
  git_.commit({{"cm.yaml", kConfigMap}});
  add_repo("sample");
  ASSERT_TRUE(repo_is_ready("sample", 1));
  const std::string uid(get(one.client(), config_maps(), {"default", "cm"}).uid());
  ASSERT_FALSE(uid.empty());
  // Everything that the agent asks is answered 404 by the proxy itself: first a running agent,
  // whose watches end, then one that starts and knows nothing yet.
  proxy->set_only(testing::Fault::ForeignNotFound);
  proxy->set_rate(1);
  ASSERT_TRUE(proxy->drop_all().ok());
  for (const bool restarted : {false, true}) {
    if (restarted) {
      stop_agent(one);
      start_agent(one);
    }
    const int before = proxy->injected();
    ASSERT_TRUE(eventually([&] { return proxy->injected() >= before + 10; }, "it asks in vain"));
  }
  EXPECT_EQ(get(one.client(), config_maps(), {"default", "cm"}).uid(), uid);
  EXPECT_TRUE(exists(one.client(), secrets(), {"default", "sh.helm.release.v1.sample.v1"}));
  proxy->set_rate(0);
  git_.commit({{"cm.yaml", kConfigMap}, {"README.md", "again"}});
  EXPECT_TRUE(repo_is_ready("sample", 1));
  EXPECT_EQ(get(one.client(), config_maps(), {"default", "cm"}).uid(), uid);
}

}  // namespace
}  // namespace fleet::cluster_tests
