// What a commit changes, and what a bad one leaves alone.
#include <map>

#include <gtest/gtest.h>

#include "base/strings.h"
#include "data/json/print.h"
#include "e2e/kinds.h"
#include "e2e/world.h"

namespace fleet::e2e {
namespace {

std::string config_map(std::string_view name, std::string_view value) {
  return cat("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ",
             name,
             "\ndata:\n  value: \"",
             value,
             "\"\n");
}

Changes ten_bundles() {
  Changes files;
  for (int n = 0; n < 10; ++n) {
    files.emplace(cat("app", n, "/fleet.yaml"), "defaultNamespace: apps\n");
    files.emplace(cat("app", n, "/config.yaml"), config_map(cat("app", n), "one"));
  }
  return files;
}

std::map<std::string, kube::Object> objects(World& world, const kube::Resource& kind) {
  std::map<std::string, kube::Object> out;
  auto list = world.hub().list(world.ctx(), kind);
  if (!list.ok()) return out;
  for (const kube::Object& object : list->items)
    out.emplace(object.key().str(), object);
  return out;
}

std::string value_on(World& world, int cluster, const std::string& name) {
  auto map =
      world.cluster(cluster).get(world.ctx(), core("configmaps", "ConfigMap"), {"apps", name});
  return map.ok() ? map->at({"data", "value"}).to_string() : map.error().message();
}

bool repo_ready(World& world, int64_t deployments, const std::string& commit) {
  auto repo = world.hub().get(world.ctx(), gitrepos(), {"fleet-default", "ten"});
  return repo.ok() && all_ready(*repo, deployments) &&
         repo->at({"status", "commit"}).as_string() == commit;
}

TEST(Commits, OneOfTenBundlesChangesAlone) {
  auto world = World::start(3);
  ASSERT_TRUE(world.ok()) << world.error().message();
  World& w = **world;
  std::string first = w.commit("ten", ten_bundles()).value();
  ASSERT_TRUE(w.add_gitrepo("ten", "ten", {"app*"}).ok());
  ASSERT_TRUE(eventually(w.ctx(), 60, [&] { return repo_ready(w, 30, first); }));

  auto bundles_before = objects(w, bundles());
  auto deployments_before = objects(w, deployments_of_bundles());
  std::string second = w.commit("ten", {{"app4/config.yaml", config_map("app4", "two")}}).value();
  ASSERT_TRUE(eventually(
      w.ctx(), 20, [&] { return value_on(w, 2, "app4") == "two" && repo_ready(w, 30, second); }));
  for (int n = 0; n < 3; ++n)
    EXPECT_EQ(value_on(w, n, "app4"), "two");

  auto expect_unchanged = [](const kube::Object& before, const kube::Object& after) {
    EXPECT_EQ(before.resource_version(), after.resource_version())
        << after.key().str() << "\nbefore " << json::print(before.value(), json::Keys::Sorted)
        << "\nafter  " << json::print(after.value(), json::Keys::Sorted);
  };
  for (const auto& [key, bundle] : objects(w, bundles())) {
    if (key != "fleet-default/ten-app4") expect_unchanged(bundles_before[key], bundle);
  }
  int changed = 0;
  for (const auto& [key, deployment] : objects(w, deployments_of_bundles())) {
    if (!key.ends_with("/ten-app4")) {
      expect_unchanged(deployments_before[key], deployment);
    } else if (deployment.resource_version() != deployments_before[key].resource_version()) {
      ++changed;
    }
  }
  EXPECT_EQ(changed, 3);
}

struct BadCommit {
  const char* what;
  const char* path;
  const char* text;
  const char* message_names;
};

constexpr BadCommit kBad[] = {
    {"broken YAML", "app0/config.yaml", "apiVersion: v1\nkind: [ConfigMap\n", "config.yaml"},
    {"a wrong type", "app0/fleet.yaml", "defaultNamespace: apps\nhelm: 5\n", "fleet.yaml"},
    {"a missing chart",
     "app0/fleet.yaml",
     "defaultNamespace: apps\nhelm: {chart: ./nowhere}\n",
     "nowhere"},
};

TEST(Commits, ABadOneLeavesWhatRunsAndAGoodOneHeals) {
  auto world = World::start(1);
  ASSERT_TRUE(world.ok()) << world.error().message();
  World& w = **world;
  Changes good = {{"app0/fleet.yaml", "defaultNamespace: apps\n"},
                  {"app0/config.yaml", config_map("app0", "one")}};
  std::string commit = w.commit("ten", good).value();
  ASSERT_TRUE(w.add_gitrepo("ten", "ten", {"app0"}).ok());
  ASSERT_TRUE(eventually(w.ctx(), 60, [&] { return repo_ready(w, 1, commit); }));
  for (const BadCommit& bad : kBad) {
    SCOPED_TRACE(bad.what);
    ASSERT_TRUE(w.commit("ten", {{bad.path, bad.text}}).ok());
    auto message = [&]() -> std::string {
      auto repo = w.hub().get(w.ctx(), gitrepos(), {"fleet-default", "ten"});
      if (!repo.ok()) return "";
      std::string all;
      for (const data::Value& c : repo->at({"status", "conditions"}).items()) {
        if (c["status"].as_string() != "True" || c["type"].as_string() == "Stalled")
          all += c["message"].to_string() + "\n";
      }
      return all;
    };
    EXPECT_TRUE(eventually(w.ctx(), 20, [&] { return contains(message(), bad.message_names); }))
        << message();
    EXPECT_EQ(value_on(w, 0, "app0"), "one");
    std::string healed = w.commit("ten", good).value();
    EXPECT_TRUE(eventually(w.ctx(), 20, [&] { return repo_ready(w, 1, healed); }));
  }
}

}  // namespace
}  // namespace fleet::e2e
