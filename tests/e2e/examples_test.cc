// The sample repository, and the public Fleet examples, on three clusters.
//
// What lies on each cluster must equal what the recorded `fleet test` printed for it. The recorded
// object is sent through the cluster's API with dryRun, so that both have the same defaults.
#include <gtest/gtest.h>

#include "base/strings.h"
#include "data/json/print.h"
#include "data/yaml/yaml.h"
#include "e2e/kinds.h"
#include "e2e/world.h"
#include "kube/client/rest_mapper.h"
#include "sys/environment.h"

namespace fleet::e2e {
namespace {

using data::Value;
using kube::Object;

constexpr const char* kEnvironments[] = {"dev", "test", "prod"};

std::string corpus() {
  return sys::env("CORPUS").value_or("../shared/corpus") + "/fleet-cli";
}

struct Example {
  const char* name;
  std::vector<std::string> paths;
  bool per_environment;  // `fleet test -l env=...` was recorded for each
  bool is_compared;      // a rendering was recorded
};

const std::vector<Example>& examples() {
  static const std::vector<Example> kExamples = {
      {"hardened", {}, false, true},
      {"multi-cluster-helm", {}, true, true},
      {"multi-cluster-kustomize", {}, true, true},
      {"single-cluster-kustomize", {}, false, true},
      {"single-cluster-multi-gitrepo", {"frontend", "redis"}, false, false},
      {"multi-cluster-windows-helm", {}, true, false},
  };
  return kExamples;
}

// Without what the server, Helm and Fleet add, and what is given out to each object anew.
Value bare(const Object& object) {
  Value out = object.value();
  out.erase("status");
  Value metadata = Value::object({{"name", object.name()}, {"namespace", object.ns()}});
  for (std::string_view field : {"labels", "annotations"}) {
    Value kept = Value::object();
    for (const data::Member& m : object.metadata()[field].members()) {
      std::string_view key = m.key.view();
      bool added = contains(key, "helm.sh/") || contains(key, "objectset.rio.cattle.io/") ||
                   contains(key, "fleet.cattle.io/") || key == "app.kubernetes.io/managed-by" ||
                   key == "deployment.kubernetes.io/revision";
      if (!added) kept.set(m.key, m.value);
    }
    if (!kept.empty()) metadata.set(field, kept);
  }
  out.set("metadata", metadata);
  if (object.kind() == "Service") {
    Value& spec = out.edit("spec");
    for (std::string_view given : {"clusterIP", "clusterIPs", "healthCheckNodePort"})
      spec.erase(given);
    for (size_t i = 0; i < spec["ports"].size(); ++i)
      spec.edit({"ports", i}).erase("nodePort");
  }
  return out.sorted();
}

// What the cluster makes of a recorded object: its defaults, in a namespace of the test's own.
Result<Object> defaulted(World& w,
                         kube::Client& client,
                         kube::RestMapper& mapper,
                         const Object& recorded) {
  kube::Resource resource = TRY(mapper.resource_for(w.ctx(), recorded.gvk()));
  Object probe = recorded;
  probe.set_ns("defaults-probe");
  Object made = TRY(client.create(w.ctx(), resource, probe, {.dry_run = true}));
  made.set_ns(recorded.ns());
  return made;
}

void compare_cluster(World& w, int n, const std::string& recording) {
  auto text = sys::read_file(recording);
  ASSERT_TRUE(text.ok()) << text.error().message();
  auto documents = yaml::parse_all(*text);
  ASSERT_TRUE(documents.ok()) << documents.error().message();
  kube::Client& client = w.cluster(n);
  kube::RestMapper mapper(client);
  Object probe = Object::make({"", "v1", "Namespace"}, {"", "defaults-probe"});
  kube::Resource namespaces{{"", "v1", "namespaces"}, "Namespace", false};
  auto made = client.create(w.ctx(), namespaces, probe);
  ASSERT_TRUE(made.ok() || made.error().code() == Code::AlreadyExists) << made.error().message();
  int compared = 0;
  for (const Value& document : *documents) {
    Object recorded(document);
    if (recorded.name().empty()) continue;
    SCOPED_TRACE(cat(recorded.kind(), " ", recorded.key().str(), " on ", World::cluster_name(n)));
    auto resource = mapper.resource_for(w.ctx(), recorded.gvk());
    ASSERT_TRUE(resource.ok()) << resource.error().message();
    auto live = client.get(w.ctx(), *resource, recorded.key());
    ASSERT_TRUE(live.ok()) << live.error().message();
    auto want = defaulted(w, client, mapper, recorded);
    ASSERT_TRUE(want.ok()) << want.error().message();
    EXPECT_EQ(json::print_indented(bare(*live), json::Keys::Sorted, {"", " "}),
              json::print_indented(bare(*want), json::Keys::Sorted, {"", " "}));
    ++compared;
  }
  EXPECT_GT(compared, 0);
}

bool ready_on_all(World& w, const std::string& repo, int64_t deployments) {
  auto object = w.hub().get(w.ctx(), gitrepos(), {"fleet-default", repo});
  return object.ok() && all_ready(*object, deployments);
}

std::string why_not(World& w, const std::string& repo) {
  auto object = w.hub().get(w.ctx(), gitrepos(), {"fleet-default", repo});
  if (!object.ok()) return object.error().message();
  std::string out = json::print((*object)["status"], json::Keys::Sorted);
  auto list = w.hub().list(w.ctx(), deployments_of_bundles());
  if (!list.ok()) return out;
  for (const Object& deployment : list->items) {
    out += cat("\n",
               deployment.key().str(),
               " ",
               json::print(deployment.at({"status", "conditions"}), json::Keys::Sorted));
  }
  return out;
}

TEST(Examples, TheSampleRepositoryIsReadyEverywhere) {
  auto world = World::start(3);
  ASSERT_TRUE(world.ok()) << world.error().message();
  World& w = **world;
  ASSERT_TRUE(w.commit_folder("sample", "examples").ok());
  ASSERT_TRUE(w.add_gitrepo("sample", "sample", {"base", "web", "shop"}).ok());
  ASSERT_TRUE(eventually(w.ctx(), 60, [&] { return ready_on_all(w, "sample", 9); }))
      << why_not(w, "sample");
  for (int n = 0; n < 3; ++n) {
    auto web = w.cluster(n).get(
        w.ctx(), {{"apps", "v1", "deployments"}, "Deployment", true}, {"sample", "web"});
    ASSERT_TRUE(web.ok()) << web.error().message();
    EXPECT_EQ(web->at({"spec", "replicas"}).as_int(), n + 1);
    EXPECT_EQ(web->at({"spec", "template", "spec", "containers", 0, "env", 0, "value"}).to_string(),
              cat("hello from ", kEnvironments[n]));
  }
}

TEST(Examples, ThePublicOnesEqualTheirRecordings) {
  if (!sys::path_exists(corpus())) GTEST_SKIP() << "no recorded cases at " << corpus();
  auto world = World::start(3);
  ASSERT_TRUE(world.ok()) << world.error().message();
  World& w = **world;
  Value label = Value::object({{"windows.version", "win2022"}});
  for (int n = 0; n < 3; ++n) {
    Value body = Value::object({{"metadata", Value::object({{"labels", label}})}});
    kube::Key key{"fleet-default", World::cluster_name(n)};
    ASSERT_TRUE(eventually(w.ctx(), 30, [&] {
      return w.hub().patch(w.ctx(), clusters(), key, kube::Patch::merge(body)).ok();
    }));
  }
  for (const Example& example : examples()) {
    SCOPED_TRACE(example.name);
    std::string folder = cat(corpus(), "/examples-", example.name);
    ASSERT_TRUE(w.commit_folder(example.name, folder + "/in").ok());
    ASSERT_TRUE(w.add_gitrepo(example.name, example.name, example.paths).ok());
  }
  for (const Example& example : examples()) {
    SCOPED_TRACE(example.name);
    auto bundle_count = static_cast<int64_t>(std::max<size_t>(1, example.paths.size()));
    ASSERT_TRUE(eventually(w.ctx(), 90, [&] {
      return ready_on_all(w, example.name, 3 * bundle_count);
    })) << why_not(w, example.name);
    if (!example.is_compared) continue;
    for (int n = 0; n < 3; ++n) {
      int line = example.per_environment ? n + 2 : 2;
      compare_cluster(w, n, cat(corpus(), "/examples-", example.name, "/want/00", line, ".stdout"));
    }
  }
}

}  // namespace
}  // namespace fleet::e2e
