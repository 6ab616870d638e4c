// Two hundred faults on every way and to every process, while commits go on: nothing is deleted
// that no commit removed, and in the end everything is Ready.
//
// FLEET_FAULT_SEED and FLEET_FAULTS give another seed and another number.
#include <iostream>
#include <random>

#include <gtest/gtest.h>

#include "base/strings.h"
#include "data/json/print.h"
#include "e2e/fault_world.h"
#include "e2e/kinds.h"
#include "e2e/world.h"
#include "sys/environment.h"

namespace fleet::e2e {
namespace {

using kube::Object;

constexpr int kClusters = 3;
constexpr int kBundles = 3;
constexpr int kFaultRate = 6;     // one request in so many goes wrong
constexpr int kFaultsARound = 8;  // waited for, at most kRoundSeconds
constexpr int kRoundSeconds = 4;
constexpr int kMaxRounds = 200;

std::string config_map(std::string_view name, std::string_view value) {
  return cat("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ",
             name,
             "\ndata:\n  value: \"",
             value,
             "\"\n");
}

std::string deployment(std::string_view name) {
  return cat("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ",
             name,
             "}\nspec:\n  replicas: 2\n  selector: {matchLabels: {app: ",
             name,
             "}}\n  template:\n    metadata: {labels: {app: ",
             name,
             "}}\n    spec: {containers: [{name: main, image: nginx}]}\n");
}

Changes good(std::string_view value) {
  return {{"kept/fleet.yaml", "defaultNamespace: apps\n"},
          {"kept/a.yaml", config_map("kept", "one")},
          {"kept/b.yaml", deployment("kept")},
          {"moving/fleet.yaml", "defaultNamespace: apps\n"},
          {"moving/a.yaml", config_map("moving", value)},
          {"moving/b.yaml", deployment("moving")},
          {"chart/fleet.yaml",
           cat("defaultNamespace: apps\nhelm: {values: {value: \"", value, "\"}}\n")},
          {"chart/Chart.yaml", "apiVersion: v2\nname: chart\nversion: 1.0.0\n"},
          {"chart/values.yaml", "value: none\n"},
          {"chart/templates/a.yaml", config_map("chart", "{{ .Values.value }}")}};
}

struct Step {
  const char* what;
  Changes changes;  // on top of a good commit
};

// What commits do besides a new value. Whatever is called `extra` comes and goes on purpose.
std::vector<Step> steps() {
  return {
      {"a new value", {}},
      {"an object comes", {{"moving/extra.yaml", config_map("extra", "one")}}},
      {"an object goes", {{"moving/extra.yaml", std::nullopt}}},
      {"a bundle comes",
       {{"extra/fleet.yaml", "defaultNamespace: apps\n"},
        {"extra/a.yaml", config_map("extra-bundle", "one")}}},
      {"a bundle goes", {{"extra", std::nullopt}}},
      {"broken YAML", {{"moving/a.yaml", "kind: [ConfigMap\n"}}},
      {"a wrong type", {{"moving/fleet.yaml", "helm: 5\n"}}},
      {"a missing chart", {{"moving/fleet.yaml", "helm: {chart: ./nowhere}\n"}}},
      {"a template that fails", {{"chart/templates/a.yaml", "{{ fail \"no\" }}\n"}}},
      {"nothing is left",
       {{"kept", std::nullopt},
        {"moving", std::nullopt},
        {"chart", std::nullopt},
        {"extra", std::nullopt}}},
  };
}

using Uids = std::map<std::string, std::string>;

// uids by kind and name; nothing when the server does not answer.
std::optional<Uids> look(const Context& ctx,
                         kube::Client& client,
                         const std::vector<kube::Resource>& kinds) {
  Uids out;
  for (const kube::Resource& kind : kinds) {
    auto list = client.list(ctx, kind);
    if (!list.ok()) return std::nullopt;
    for (const Object& object : list->items)
      out.emplace(cat(kind.kind, " ", object.key().str()), object.uid());
  }
  return out;
}

std::vector<kube::Resource> hub_kinds() {
  return {gitrepos(),
          bundles(),
          deployments_of_bundles(),
          clusters(),
          {{"fleet.cattle.io", "v1alpha1", "contents"}, "Content", false},
          {{"", "v1", "namespaces"}, "Namespace", false}};
}

std::vector<kube::Resource> cluster_kinds() {
  return {core("configmaps", "ConfigMap"),
          {{"apps", "v1", "deployments"}, "Deployment", true},
          {{"", "v1", "namespaces"}, "Namespace", false}};
}

class Faults {
 public:
  Faults(FaultWorld& world, uint64_t seed)
      : world_(world),
        random_(seed) {}

  // What is there now must be there in the end, but for the Contents of what changes.
  void remember() {
    sure_.push_back(look(world_.ctx(), world_.hub(), hub_kinds()).value());
    std::string unchanging;
    auto deployments = world_.hub().list(world_.ctx(), deployments_of_bundles()).value();
    for (const Object& d : deployments.items) {
      if (d.name() == "faults-kept") unchanging = d.label("fleet.cattle.io/content-name");
    }
    ASSERT_FALSE(unchanging.empty());
    std::erase_if(sure_.back(), [&](const auto& entry) {
      return entry.first.starts_with("Content ") && !entry.first.ends_with(unchanging);
    });
    for (int n = 0; n < kClusters; ++n)
      sure_.push_back(look(world_.ctx(), world_.cluster(n), cluster_kinds()).value());
    ASSERT_TRUE(sure_[1].contains("Deployment apps/kept"));
  }

  // Compares what answers just now.
  void compare(const std::string& when) {
    for (size_t i = 0; i < sure_.size(); ++i) {
      auto now = i == 0
                     ? look(world_.ctx(), world_.hub(), hub_kinds())
                     : look(world_.ctx(), world_.cluster(static_cast<int>(i) - 1), cluster_kinds());
      if (!now) continue;
      for (const auto& [name, uid] : sure_[i]) {
        auto found = now->find(name);
        if (found != now->end() && found->second == uid) continue;
        ++unrequested_;
        ADD_FAILURE() << when << ": " << name
                      << (i == 0 ? std::string(" on the hub") : cat(" on cluster-", i))
                      << (found == now->end() ? " is gone" : " is another one");
      }
    }
  }

  void fault() {
    ++faults_;
    const auto names = world_.process_names();
    if (random_() % 3 == 0) {
      --faults_;  // its proxy counts it
      EXPECT_TRUE(world_.drop_connections(random_() % world_.proxy_count()).ok());
    } else {
      EXPECT_TRUE(world_.kill(names[random_() % names.size()]).ok());
      ++kills_;
    }
  }

  int faults() const { return faults_ + world_.injected(); }
  int kills() const { return kills_; }
  int unrequested() const { return unrequested_; }
  size_t pick(size_t count) { return random_() % count; }

 private:
  FaultWorld& world_;
  std::mt19937_64 random_;
  std::vector<Uids> sure_;  // of the hub, then of each cluster
  int faults_ = 0;
  int kills_ = 0;
  int unrequested_ = 0;
};

std::string value_on(FaultWorld& w, int n, const std::string& name) {
  auto map = w.cluster(n).get(w.ctx(), core("configmaps", "ConfigMap"), {"apps", name});
  return map.ok() ? map->at({"data", "value"}).to_string() : map.error().message();
}

bool ready(FaultWorld& w, int64_t deployments, const std::string& commit, std::string_view value) {
  auto repo = w.hub().get(w.ctx(), gitrepos(), {"fleet-default", "faults"});
  if (!repo.ok() || !all_ready(*repo, deployments)) return false;
  if (repo->at({"status", "commit"}).as_string() != commit) return false;
  for (int n = 0; n < w.cluster_count(); ++n) {
    if (value_on(w, n, "moving") != value || value_on(w, n, "chart") != value) return false;
  }
  return true;
}

std::string why_not(FaultWorld& w) {
  std::string out;
  for (const kube::Resource& kind : {gitrepos(), bundles(), deployments_of_bundles()}) {
    auto list = w.hub().list(w.ctx(), kind);
    if (!list.ok()) return list.error().message();
    for (const Object& object : list->items) {
      out += cat(kind.kind, " ", object.key().str(), " ");
      out += json::print(object["status"], json::Keys::Sorted).substr(0, 1500) + "\n";
    }
  }
  return out;
}

uint64_t number_from(const char* name, uint64_t otherwise) {
  auto text = sys::env(name);
  return text ? parse_uint(*text).value_or(otherwise) : otherwise;
}

TEST(Faults, TwoHundredDeleteNothingAndEverythingGetsReady) {
  const uint64_t seed = number_from("FLEET_FAULT_SEED", std::random_device()());
  const auto wanted = static_cast<int>(number_from("FLEET_FAULTS", 200));
  std::cout << "FLEET_FAULT_SEED=" << seed << std::endl;
  auto world = FaultWorld::start(kClusters, seed);
  ASSERT_TRUE(world.ok()) << world.error().message();
  FaultWorld& w = **world;
  std::string commit = w.git().commit(w.ctx(), "faults", good("start")).value();
  ASSERT_TRUE(w.add_gitrepo("faults", "faults", {"*"}).ok());
  ASSERT_TRUE(eventually(w.ctx(), 60, [&] {
    return ready(w, kBundles * kClusters, commit, "start");
  })) << why_not(w);

  Faults faults(w, seed);
  ASSERT_NO_FATAL_FAILURE(faults.remember());
  const std::vector<Step> all = steps();
  w.set_rate(kFaultRate);
  int round = 0;
  for (; faults.faults() < wanted; ++round) {
    ASSERT_LT(round, kMaxRounds) << "too few faults: " << w.counts();
    Changes changes = good(cat("round ", round));
    const Step& step = all[faults.pick(all.size())];
    for (const auto& [path, text] : step.changes) {
      if (!text)
        std::erase_if(changes,
                      [&, gone = path + "/"](const auto& c) { return c.first.starts_with(gone); });
      changes[path] = text;
    }
    auto committed = w.git().commit(w.ctx(), "faults", changes);
    ASSERT_TRUE(committed.ok()) << committed.error().message();
    faults.fault();
    const int enough = faults.faults() + kFaultsARound;
    eventually(w.ctx(), kRoundSeconds, [&] { return faults.faults() >= enough; });
    ASSERT_TRUE(w.tend().ok());
    faults.compare(cat("round ", round, " (", step.what, ")"));
    ASSERT_FALSE(HasFailure());
  }
  w.set_rate(0);
  Changes last = good("end");
  last["moving/extra.yaml"] = std::nullopt;
  last["extra"] = std::nullopt;
  commit = w.git().commit(w.ctx(), "faults", last).value();
  EXPECT_TRUE(eventually(w.ctx(), 90, [&] {
    return w.tend().ok() && ready(w, kBundles * kClusters, commit, "end");
  })) << why_not(w);
  faults.compare("in the end");
  for (int n = 0; n < kClusters; ++n) {
    std::string left;
    EXPECT_TRUE(eventually(
        w.ctx(),
        120,
        [&] {
          auto maps = look(w.ctx(), w.cluster(n), {core("configmaps", "ConfigMap")});
          if (!maps) return false;
          left.clear();
          for (const char* name : {"ConfigMap apps/extra", "ConfigMap apps/extra-bundle"}) {
            if (maps->contains(name)) left += cat(" ", name);
          }
          return left.empty();
        }))
        << "what commits removed is still on cluster " << n << ":" << left;
  }
  std::cout << faults.faults() << " faults in " << round << " rounds: " << faults.kills()
            << " kills, " << w.counts() << "; " << faults.unrequested() << " unrequested deletions"
            << std::endl;
}

}  // namespace
}  // namespace fleet::e2e
