// From a commit to objects on clusters, and their status back.
#include "base/strings.h"
#include "cluster/fleet_fixture.h"
#include "fleet/api/bundle.h"
#include "fleet/api/bundledeployment.h"
#include "fleet/api/cluster.h"
#include "fleet/api/gitrepo.h"
#include "fleet/api/names.h"

namespace fleet::cluster_tests {
namespace {

std::string config_map(const std::string& name, const std::string& value) {
  return cat("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ",
             name,
             "\ndata:\n  a: \"",
             value,
             "\"\n");
}

class PipelineTest : public FleetTest {};

TEST_F(PipelineTest, APlainManifestReachesACluster) {
  start_hub();
  Downstream& one = add_cluster("one", {{"env", "dev"}});
  git_.commit({{"app/cm.yaml", config_map("cm", "1")}});
  add_repo("sample", [](kube::Object& repo) {
    repo.set({"spec", "paths"}, data::Value::array({"app"}));
  });
  ASSERT_TRUE(repo_is_ready("sample", 1));
  EXPECT_EQ(get(one.client(), config_maps(), {"default", "cm"}).at({"data", "a"}).as_string(), "1");
  EXPECT_TRUE(exists(one.client(), secrets(), {"default", "sh.helm.release.v1.sample-app.v1"}));

  // The next commit changes it; the one after takes it away and brings another.
  git_.commit({{"app/cm.yaml", config_map("cm", "2")}});
  ASSERT_TRUE(repo_is_ready("sample", 1));
  ASSERT_TRUE(eventually(
      [&] {
        return get(one.client(), config_maps(), {"default", "cm"}).at({"data", "a"}).as_string() ==
               "2";
      },
      "the second commit is deployed"));
  git_.commit({{"app/other.yaml", config_map("other", "3")}});
  ASSERT_TRUE(eventually(
      [&] {
        return exists(one.client(), config_maps(), {"default", "other"}) &&
               !exists(one.client(), config_maps(), {"default", "cm"});
      },
      "the third commit replaces it"));
}

TEST_F(PipelineTest, TargetsChooseClustersAndValues) {
  start_hub();
  Downstream& dev = add_cluster("dev", {{"env", "dev"}});
  Downstream& prod = add_cluster("prod", {{"env", "prod"}});
  git_.commit(
      {{"chart/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"},
       {"chart/values.yaml", "greeting: hello\n"},
       {"chart/templates/cm.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\ndata:\n  text: {{ "
        ".Values.greeting }} {{ .Values.where }}\n"},
       {"chart/fleet.yaml",
        "helm:\n  values:\n    where: ${ .ClusterLabels.env }\n"
        "targetCustomizations:\n- name: prod\n  clusterSelector: {matchLabels: {env: prod}}\n"
        "  helm: {values: {greeting: welcome}}\n"}});
  add_repo("web", [](kube::Object& repo) {
    repo.set({"spec", "paths"}, data::Value::array({"chart"}));
  });
  ASSERT_TRUE(repo_is_ready("web", 2));
  EXPECT_EQ(get(dev.client(), config_maps(), {"default", "web"}).at({"data", "text"}).as_string(),
            "hello dev");
  EXPECT_EQ(get(prod.client(), config_maps(), {"default", "web"}).at({"data", "text"}).as_string(),
            "welcome prod");
}

TEST_F(PipelineTest, AWorkloadIsReadyWhenItsPodsAre) {
  start_hub();
  Downstream& one = add_cluster("one", {});
  git_.commit(
      {{"web.yaml",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 2\n"
        "  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n"
        "    spec:\n      containers: [{name: web, image: nginx}]\n"}});
  add_repo("web");
  ASSERT_TRUE(repo_is_ready("web", 1));
  EXPECT_EQ(
      get(one.client(), deployments(), {"default", "web"}).at({"status", "readyReplicas"}).as_int(),
      2);
}

TEST_F(PipelineTest, ACommitTouchesOnlyTheBundlesItChanges) {
  start_hub();
  add_cluster("one", {});
  FileMap files;
  for (const char* name : {"a", "b", "c"}) {
    files[cat(name, "/fleet.yaml")] = "defaultNamespace: default\n";
    files[cat(name, "/cm.yaml")] = config_map(name, "1");
  }
  git_.commit(files);
  add_repo("many");
  ASSERT_TRUE(repo_is_ready("many", 1));
  auto version = [&](const char* name) {
    const kube::Key key{"fleet-default", cat("many-", name)};
    return std::string(get(hub(), api::Bundle::kKind.resource(), key).resource_version());
  };
  const std::string a = version("a");
  const std::string b = version("b");
  ASSERT_FALSE(a.empty());
  files["b/cm.yaml"] = config_map("b", "2");
  git_.commit(files);
  ASSERT_TRUE(repo_is_ready("many", 1));
  EXPECT_EQ(version("a"), a);
  EXPECT_NE(version("b"), b);
}

TEST_F(PipelineTest, ABrokenCommitLeavesWhatRuns) {
  start_hub();
  Downstream& one = add_cluster("one", {});
  git_.commit({{"cm.yaml", config_map("cm", "1")}});
  add_repo("sample");
  ASSERT_TRUE(repo_is_ready("sample", 1));
  git_.commit({{"cm.yaml", config_map("cm", "2")}, {"fleet.yaml", "helm: [not, a, map]\n"}});
  ASSERT_TRUE(eventually([&] { return contains(repo_state("sample"), "Stalled True"); },
                         "the GitRepo says so"))
      << repo_state("sample");
  EXPECT_TRUE(contains(repo_state("sample"), "fleet.yaml")) << repo_state("sample");
  EXPECT_EQ(get(one.client(), config_maps(), {"default", "cm"}).at({"data", "a"}).as_string(), "1");
  git_.commit({{"cm.yaml", config_map("cm", "3")}});
  ASSERT_TRUE(repo_is_ready("sample", 1));
  EXPECT_TRUE(eventually(
      [&] {
        return get(one.client(), config_maps(), {"default", "cm"}).at({"data", "a"}).as_string() ==
               "3";
      },
      "the good commit is deployed"));
}

TEST_F(PipelineTest, DriftIsSeenAndCorrectedWhenAsked) {
  start_hub();
  Downstream& one = add_cluster("one", {});
  git_.commit({{"cm.yaml", config_map("cm", "1")}});
  add_repo("sample");
  ASSERT_TRUE(repo_is_ready("sample", 1));
  auto change = [&] {
    ASSERT_TRUE(one.client()
                    .patch(ctx_,
                           config_maps(),
                           {"default", "cm"},
                           kube::Patch::merge(
                               data::Value::object({{"data", data::Value::object({{"a", "x"}})}})))
                    .ok());
  };
  change();
  ASSERT_TRUE(
      eventually([&] { return contains(repo_state("sample"), "state Modified"); }, "drift is seen"))
      << repo_state("sample");
  auto correct = [&](kube::Object& repo) -> Result<bool> {
    repo.set({"spec", "correctDrift", "enabled"}, true);
    return true;
  };
  ASSERT_TRUE(kube::change_object(
                  ctx_, hub(), api::GitRepo::kKind.resource(), {"fleet-default", "sample"}, correct)
                  .ok());
  ASSERT_TRUE(eventually(
      [&] {
        return get(one.client(), config_maps(), {"default", "cm"}).at({"data", "a"}).as_string() ==
               "1";
      },
      "drift is corrected"))
      << repo_state("sample");
  ASSERT_TRUE(repo_is_ready("sample", 1));
}

TEST_F(PipelineTest, CopiedSecretsArriveWithTheDeployment) {
  start_hub();
  Downstream& one = add_cluster("one", {});
  kube::Object secret = kube::Object::make(secrets().gvk(), {"fleet-default", "shared"});
  secret.set({"data", "key"}, "djE=");
  ASSERT_TRUE(hub().create(ctx_, secrets(), secret).ok());
  git_.commit({{"cm.yaml", config_map("cm", "1")},
               {"fleet.yaml",
                "defaultNamespace: apps\ndownstreamResources:\n- {kind: Secret, name: shared}\n"}});
  add_repo("sample");
  ASSERT_TRUE(repo_is_ready("sample", 1));
  EXPECT_EQ(get(one.client(), secrets(), {"apps", "shared"}).at({"data", "key"}).as_string(),
            "djE=");
}

TEST_F(PipelineTest, ADependencyIsWaitedFor) {
  start_hub();
  Downstream& one = add_cluster("one", {});
  auto files = [](const char* annotations) {
    return FileMap{
        {"db/fleet.yaml", "defaultNamespace: apps\n"},
        {"db/web.yaml",
         cat("apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: db\n  annotations: {",
             annotations,
             "}\nspec:\n  selector: {matchLabels: {app: db}}\n  template:\n"
             "    metadata: {labels: {app: db}}\n"
             "    spec:\n      containers: [{name: db, image: db}]\n")},
        {"app/fleet.yaml", "defaultNamespace: apps\ndependsOn: [{name: sample-db}]\n"},
        {"app/cm.yaml", config_map("app", "1")}};
  };
  git_.commit(files("playground.fleet.dev/fail: CrashLoopBackOff"));
  add_repo("sample");
  ASSERT_TRUE(eventually(
      [&] {
        return contains(deployment_states(), "dependent bundle(s) are not ready: [sample-db]");
      },
      "the dependency is named"))
      << repo_state("sample") << deployment_states();
  EXPECT_FALSE(exists(one.client(), config_maps(), {"apps", "app"}));
  git_.commit(files(""));
  ASSERT_TRUE(repo_is_ready("sample", 1));
  EXPECT_TRUE(exists(one.client(), config_maps(), {"apps", "app"}));
}

TEST_F(PipelineTest, ARolloutStopsAtItsBudget) {
  start_hub();
  std::vector<Downstream*> clusters;
  for (const char* name : {"a", "b", "c"})
    clusters.push_back(&add_cluster(name, {}));
  auto files = [](const char* image, bool fails) {
    return FileMap{
        {"fleet.yaml", "defaultNamespace: apps\nrolloutStrategy: {maxUnavailable: 1}\n"},
        {"web.yaml",
         cat("apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  annotations: {",
             fails ? "playground.fleet.dev/fail: ImagePullBackOff" : "",
             "}\nspec:\n"
             "  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: "
             "web}}\n"
             "    spec:\n      containers: [{name: web, image: ",
             image,
             "}]\n")}};
  };
  git_.commit(files("web:1", false));
  add_repo("sample");
  ASSERT_TRUE(repo_is_ready("sample", 3));
  git_.commit(files("web:2", true));
  auto moved = [&] {
    int count = 0;
    for (Downstream* cluster : clusters) {
      const kube::Object web = get(cluster->client(), deployments(), {"apps", "web"});
      count += web.at({"spec", "template", "spec", "containers", 0, "image"}).as_string() == "web:2"
                   ? 1
                   : 0;
    }
    return count;
  };
  ASSERT_TRUE(
      eventually([&] { return contains(repo_state("sample"), "NotReady"); }, "the first one fails"))
      << repo_state("sample");
  EXPECT_EQ(moved(), 1);
  git_.commit(files("web:3", false));
  ASSERT_TRUE(repo_is_ready("sample", 3));
}

TEST_F(PipelineTest, AChartBringsItsKindsAndRunsItsHooks) {
  start_hub();
  Downstream& one = add_cluster("one", {});
  git_.commit(
      {{"Chart.yaml", "apiVersion: v2\nname: op\nversion: 1.0.0\n"},
       {"crds/widgets.yaml",
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
        "metadata: {name: widgets.example.com}\nspec:\n  group: example.com\n  scope: Namespaced\n"
        "  names: {plural: widgets, singular: widget, kind: Widget, listKind: WidgetList}\n"
        "  versions:\n  - name: v1\n    served: true\n    storage: true\n    schema:\n"
        "      openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}\n"},
       {"templates/widget.yaml",
        "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\nspec: {size: 3}\n"},
       {"templates/hook.yaml",
        "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: prepare\n  annotations:\n"
        "    helm.sh/hook: pre-install\nspec:\n  template:\n    spec:\n      restartPolicy: Never\n"
        "      containers: [{name: prepare, image: prepare}]\n"}});
  add_repo("op");
  ASSERT_TRUE(repo_is_ready("op", 1));
  const kube::Resource widgets{{"example.com", "v1", "widgets"}, "Widget", true};
  const kube::Resource jobs{{"batch", "v1", "jobs"}, "Job", true};
  EXPECT_EQ(get(one.client(), widgets, {"default", "w"}).at({"spec", "size"}).as_int(), 3);
  EXPECT_EQ(get(one.client(), jobs, {"default", "prepare"}).at({"status", "succeeded"}).as_int(),
            1);
}

}  // namespace
}  // namespace fleet::cluster_tests
