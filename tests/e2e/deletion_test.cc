// Deletion is sacred: exactly what was asked for goes, and nothing else, whatever dies meanwhile.
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "base/strings.h"
#include "e2e/kinds.h"
#include "e2e/world.h"

namespace fleet::e2e {
namespace {

using kube::Object;

Changes three_maps() {
  Changes files = {{"app/fleet.yaml", "defaultNamespace: apps\n"}};
  for (const char* name : {"a", "b", "c"}) {
    files.emplace(cat("app/", name, ".yaml"),
                  cat("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ",
                      name,
                      "\ndata:\n  value: one\n"));
  }
  return files;
}

// uids of the ConfigMaps in `apps`, by name; nothing when the cluster does not answer.
std::optional<std::map<std::string, std::string>> maps_on(World& w, int cluster) {
  auto list = w.cluster(cluster).list(w.ctx(), core("configmaps", "ConfigMap"), {.ns = "apps"});
  if (!list.ok()) return std::nullopt;
  std::map<std::string, std::string> out;
  for (const Object& map : list->items) {
    if (map.name() != "kube-root-ca.crt") out.emplace(map.name(), map.uid());
  }
  return out;
}

bool ready(World& w, int64_t deployments) {
  auto repo = w.hub().get(w.ctx(), gitrepos(), {"fleet-default", "apps"});
  return repo.ok() && all_ready(*repo, deployments);
}

Result<> remove_repo(World& w) {
  TRY(w.hub().remove(w.ctx(), gitrepos(), {"fleet-default", "apps"}));
  return {};
}

TEST(Deletion, AGitRepoTakesItsObjectsAndNoOthers) {
  auto world = World::start(2);
  ASSERT_TRUE(world.ok()) << world.error().message();
  World& w = **world;
  ASSERT_TRUE(w.commit("apps", three_maps()).ok());
  ASSERT_TRUE(w.add_gitrepo("apps", "apps", {"app"}).ok());
  ASSERT_TRUE(eventually(w.ctx(), 60, [&] { return ready(w, 2); }));
  Object mine = Object::make({"", "v1", "ConfigMap"}, {"apps", "mine"});
  ASSERT_TRUE(w.cluster(0).create(w.ctx(), core("configmaps", "ConfigMap"), mine).ok());

  ASSERT_TRUE(remove_repo(w).ok());
  EXPECT_TRUE(eventually(w.ctx(), 30, [&] {
    auto first = maps_on(w, 0);
    auto second = maps_on(w, 1);
    return first && second && first->size() == 1 && first->contains("mine") && second->empty();
  }));
  EXPECT_TRUE(eventually(w.ctx(), 30, [&] {
    auto left = w.hub().list(w.ctx(), bundles(), {.ns = "fleet-default"});
    return left.ok() && left->items.empty();
  }));
}

TEST(Deletion, KeepResourcesKeepsThem) {
  auto world = World::start(1);
  ASSERT_TRUE(world.ok()) << world.error().message();
  World& w = **world;
  Changes files = three_maps();
  files["app/fleet.yaml"] = "defaultNamespace: apps\nkeepResources: true\n";
  ASSERT_TRUE(w.commit("apps", files).ok());
  ASSERT_TRUE(w.add_gitrepo("apps", "apps", {"app"}).ok());
  ASSERT_TRUE(eventually(w.ctx(), 60, [&] { return ready(w, 1); }));
  auto before = maps_on(w, 0);
  ASSERT_TRUE(remove_repo(w).ok());
  ASSERT_TRUE(eventually(w.ctx(), 30, [&] {
    auto left = w.hub().list(w.ctx(), deployments_of_bundles());
    return left.ok() && left->items.empty();
  }));
  EXPECT_EQ(maps_on(w, 0), before);
}

TEST(Deletion, KillsAtAnyMomentDeleteNothing) {
  constexpr int kKills = 24;
  auto world = World::start(3);
  ASSERT_TRUE(world.ok()) << world.error().message();
  World& w = **world;
  ASSERT_TRUE(w.commit("apps", three_maps()).ok());
  ASSERT_TRUE(w.add_gitrepo("apps", "apps", {"app"}).ok());
  ASSERT_TRUE(eventually(w.ctx(), 60, [&] { return ready(w, 3); }));
  std::vector<std::map<std::string, std::string>> before;
  for (int n = 0; n < 3; ++n)
    before.push_back(maps_on(w, n).value());

  std::mt19937 random(20261124);
  for (int kill = 0; kill < kKills; ++kill) {
    SCOPED_TRACE(cat("kill ", kill));
    // A commit is under way whenever something dies.
    Changes change = {
        {"app/a.yaml",
         cat("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  value: \"",
             kill,
             "\"\n")}};
    ASSERT_TRUE(w.commit("apps", change).ok());
    ASSERT_TRUE(w.ctx().sleep(std::chrono::milliseconds(random() % 1500)).ok());
    if (kill % 4 == 0) {
      ASSERT_TRUE(w.kill_hub().ok());
      ASSERT_TRUE(w.start_hub().ok());
    } else {
      ASSERT_TRUE(w.kill_agent(static_cast<int>(random() % 3)).ok());
    }
  }
  auto converged = [&] {
    for (int n = 0; n < 3; ++n) {
      auto map = w.cluster(n).get(w.ctx(), core("configmaps", "ConfigMap"), {"apps", "a"});
      if (!map.ok() || map->at({"data", "value"}).to_string() != std::to_string(kKills - 1))
        return false;
    }
    return ready(w, 3);
  };
  EXPECT_TRUE(eventually(w.ctx(), 90, converged));
  // The same objects as before, by uid: none was deleted and made again.
  for (int n = 0; n < 3; ++n)
    EXPECT_EQ(maps_on(w, n), before[static_cast<size_t>(n)]);
}

TEST(Deletion, ASecondHubOnTheSameFolderIsRefused) {
  auto world = World::start(0);
  ASSERT_TRUE(world.ok()) << world.error().message();
  sys::Command second;
  second.args = {program_folder() + "/fleet",
                 "server",
                 "--data-dir",
                 (*world)->folder() + "/hub",
                 "--listen",
                 "127.0.0.1:0"};
  auto finished = sys::run((*world)->ctx().with_timeout(std::chrono::seconds(10)), second);
  ASSERT_TRUE(finished.ok()) << finished.error().message();
  EXPECT_EQ(finished->exit_code, 1);
  EXPECT_TRUE(contains(finished->errors, "held by process")) << finished->errors;
}

}  // namespace
}  // namespace fleet::e2e
