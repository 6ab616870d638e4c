// The real helm 4 and our agent work on the same release.
//
// Needs helm 4: HELM=, or `helm` on PATH; skipped without it.
#include <gtest/gtest.h>

#include "base/strings.h"
#include "data/json/parse.h"
#include "data/json/print.h"
#include "e2e/kinds.h"
#include "e2e/world.h"
#include "sys/environment.h"
#include "sys/process.h"

namespace fleet::e2e {
namespace {

using data::Value;

constexpr const char* kSkip = "needs helm 4: set HELM= or put it on PATH";

Changes chart(std::string_view greeting) {
  return {
      {"web/fleet.yaml",
       cat("defaultNamespace: apps\nhelm:\n  chart: chart\n  releaseName: web\n  values: "
           "{greeting: ",
           greeting,
           "}\n")},
      {"web/chart/Chart.yaml", "apiVersion: v2\nname: web\nversion: 0.1.0\nappVersion: \"1.0\"\n"},
      {"web/chart/values.yaml", "greeting: none\n"},
      {"web/chart/templates/map.yaml",
       "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {greeting: {{ "
       ".Values.greeting "
       "| quote }}}\n"},
      {"plain/fleet.yaml", "defaultNamespace: apps\n"},
      {"plain/map.yaml",
       "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: plain}\ndata: {value: one}\n"},
  };
}

class HelmTest : public testing::Test {
 protected:
  void SetUp() override {
    helm_ = sys::env("HELM").value_or("helm");
    sys::Command ask{.args = {helm_, "version", "--template", "{{.Version}}"}};
    ask.env = sys::all_env();
    auto version = sys::run(Context::background(), ask);
    if (!version.ok() || !version->output.starts_with("v4.")) GTEST_SKIP() << kSkip;
    auto world = World::start(1);
    ASSERT_TRUE(world.ok()) << world.error().message();
    world_ = std::move(*world);
  }

  // What helm prints; its complaint when it fails.
  std::string helm(std::vector<std::string> args) {
    args.insert(args.begin(), helm_);
    sys::Command command{.args = std::move(args), .folder = world_->folder()};
    command.env = sys::all_env();
    command.env["KUBECONFIG"] = world_->cluster_kubeconfig(0);
    auto done = sys::run(world_->ctx(), command);
    if (!done.ok()) return done.error().message();
    EXPECT_EQ(done->exit_code, 0) << join(command.args, " ") << ": " << done->errors;
    return done->output + (done->exit_code == 0 ? "" : done->errors);
  }
  Value helm_json(std::vector<std::string> args) {
    args.insert(args.end(), {"-o", "json"});
    const std::string text = helm(std::move(args));
    auto parsed = json::parse(text);
    EXPECT_TRUE(parsed.ok()) << text;
    return parsed.ok() ? *parsed : Value();
  }

  void commit_and_wait(std::string_view greeting) {
    const std::string commit = world_->commit("web", chart(greeting)).value();
    if (!added_) {
      ASSERT_TRUE(world_->add_gitrepo("web", "web", {"web", "plain"}).ok());
    }
    added_ = true;
    ASSERT_TRUE(eventually(world_->ctx(), 60, [&] {
      auto repo = world_->hub().get(world_->ctx(), gitrepos(), {"fleet-default", "web"});
      return repo.ok() && all_ready(*repo, 2) &&
             repo->at({"status", "commit"}).as_string() == commit && greets(greeting);
    })) << deployment();
  }

  kube::Object deployment_object() {
    auto list = world_->hub().list(world_->ctx(), deployments_of_bundles());
    if (!list.ok()) return {};
    for (const kube::Object& item : list->items) {
      if (item.name() == "web-web") return item;
    }
    return {};
  }
  std::string deployment() {
    return json::print(deployment_object()["status"], json::Keys::Sorted);
  }
  std::string greeting() {
    auto map =
        world_->cluster(0).get(world_->ctx(), core("configmaps", "ConfigMap"), {"apps", "web"});
    return map.ok() ? map->at({"data", "greeting"}).to_string() : map.error().message();
  }
  bool greets(std::string_view text) { return greeting() == text; }
  std::string release() { return deployment_object().at({"status", "release"}).to_string(); }
  bool is_modified() {
    const kube::Object object = deployment_object();
    return object.at({"status", "ready"}).as_bool() &&
           !object.at({"status", "nonModified"}).as_bool() &&
           object.at({"status", "modifiedStatus", 0, "name"}).as_string() == "web";
  }
  bool is_ready() {
    const kube::Object object = deployment_object();
    return object.at({"status", "ready"}).as_bool() &&
           object.at({"status", "nonModified"}).as_bool();
  }
  std::string chart_folder() const { return world_->folder() + "/checkouts/web/web/chart"; }

  std::string helm_;
  std::unique_ptr<World> world_;
  bool added_ = false;
};

TEST_F(HelmTest, ListsWhatOurAgentReleased) {
  commit_and_wait("hello");
  commit_and_wait("again");

  const Value list = helm_json({"ls", "-A"});
  std::map<std::string, Value> by_name;
  for (const Value& item : list.items())
    by_name[item["name"].to_string()] = item;
  ASSERT_TRUE(by_name.contains("web")) << json::print(list, json::Keys::Sorted);
  EXPECT_EQ(by_name["web"]["namespace"].as_string(), "apps");
  EXPECT_EQ(by_name["web"]["revision"].as_string(), "2");
  EXPECT_EQ(by_name["web"]["status"].as_string(), "deployed");
  EXPECT_EQ(by_name["web"]["chart"].as_string(), "web-0.1.0");
  EXPECT_EQ(by_name["web"]["app_version"].as_string(), "1.0");
  // A bundle of plain manifests is a release too.
  EXPECT_EQ(by_name["web-plain"]["status"].as_string(), "deployed");

  const Value history = helm_json({"history", "web", "-n", "apps"});
  ASSERT_EQ(history.size(), 2u);
  EXPECT_EQ(history[0]["revision"].as_int(), 1);
  EXPECT_EQ(history[0]["status"].as_string(), "superseded");
  EXPECT_EQ(history[1]["revision"].as_int(), 2);
  EXPECT_EQ(history[1]["status"].as_string(), "deployed");

  const std::string manifest = helm({"get", "manifest", "web", "-n", "apps"});
  EXPECT_TRUE(contains(manifest, "kind: ConfigMap")) << manifest;
  EXPECT_TRUE(contains(manifest, "greeting: again")) << manifest;
  EXPECT_TRUE(contains(helm({"get", "manifest", "web", "-n", "apps", "--revision", "1"}),
                       "greeting: hello"));
  EXPECT_EQ(helm_json({"get", "values", "web", "-n", "apps"})["greeting"].as_string(), "again");
  EXPECT_TRUE(contains(helm({"status", "web", "-n", "apps"}), "STATUS: deployed"));
}

TEST_F(HelmTest, AStrangersUpgradeIsDrift) {
  commit_and_wait("hello");
  // Server-side apply: without this flag helm is told whose the field is.
  helm({"upgrade",
        "web",
        chart_folder(),
        "-n",
        "apps",
        "--set",
        "greeting=stranger",
        "--force-conflicts"});
  EXPECT_TRUE(greets("stranger"));
  EXPECT_TRUE(eventually(world_->ctx(), 30, [&] { return is_modified(); })) << deployment();
  EXPECT_EQ(release(), "apps/web:1");  // what the agent deployed, not what someone else did
}

TEST_F(HelmTest, AStrangersRollbackIsDrift) {
  commit_and_wait("hello");
  commit_and_wait("again");
  helm({"rollback", "web", "1", "-n", "apps", "--force-conflicts"});
  EXPECT_TRUE(greets("hello"));
  EXPECT_TRUE(eventually(world_->ctx(), 30, [&] { return is_modified(); })) << deployment();
  EXPECT_EQ(release(), "apps/web:2");
}

TEST_F(HelmTest, WhatAStrangerUninstalledIsDeployedAgain) {
  commit_and_wait("hello");
  helm({"uninstall", "web", "-n", "apps"});
  EXPECT_TRUE(eventually(world_->ctx(), 30, [&] { return greets("hello") && is_ready(); }))
      << deployment();
  const Value list = helm_json({"ls", "-n", "apps", "--filter", "^web$"});
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0]["status"].as_string(), "deployed");
}

}  // namespace
}  // namespace fleet::e2e
