// Deletion is sacred: only what was ordered goes, and everything that was ordered does.
#include "base/strings.h"
#include "cluster/fleet_fixture.h"
#include "fleet/api/bundledeployment.h"
#include "fleet/api/cluster.h"
#include "fleet/api/gitrepo.h"
#include "fleet/api/names.h"

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

}  // namespace
}  // namespace fleet::cluster_tests
