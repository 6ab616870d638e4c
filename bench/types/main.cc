// What the API's types cost: reading, defaulting and checking objects, rules, and who may do what.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>

#include "base/strings.h"
#include "fleet/api/crds.h"
#include "kube/builtin/rules.h"
#include "kube/cel/program.h"
#include "kube/crd/structural.h"
#include "kube/rbac/authorize.h"

namespace {

using namespace fleet;  // NOLINT(google-build-using-namespace): a program
using data::Value;

void print(const char* figure, double value) {
  std::printf("bench types %s ours=%.4g peer=none ratio=1\n", figure, value);
}

// Calls a second.
double rate(const std::function<void()>& call) {
  using Clock = std::chrono::steady_clock;
  int64_t count = 0;
  auto start = Clock::now();
  while (Clock::now() - start < std::chrono::milliseconds(700)) {
    for (int i = 0; i < 10; ++i)
      call();
    count += 10;
  }
  return static_cast<double>(count) / std::chrono::duration<double>(Clock::now() - start).count();
}

double resident_mib() {
  std::ifstream status("/proc/self/status");
  std::string line;
  while (std::getline(status, line)) {
    if (line.starts_with("VmRSS:")) return std::strtod(line.c_str() + 6, nullptr) / 1024;
  }
  return 0;
}

Value bundle_deployment() {
  Value out =
      Value::object({{"apiVersion", "fleet.cattle.io/v1alpha1"}, {"kind", "BundleDeployment"}});
  out.set({"metadata", "name"}, "app");
  out.set({"metadata", "namespace"}, "cluster-ns");
  for (const char* options : {"options", "stagedOptions"}) {
    out.set({"spec", options, "defaultNamespace"}, "default");
    out.set({"spec", options, "helm", "values", "replicas"}, 3);
    out.set({"spec", options, "helm", "releaseName"}, "app");
    out.set({"spec", options, "correctDrift", "enabled"}, true);
  }
  out.set({"spec", "deploymentID"}, "s-0123456789:abcdef");
  out.set({"spec", "stagedDeploymentID"}, "s-0123456789:abcdef");
  return out;
}

Value deployment() {
  Value container = Value::object({{"name", "web"}, {"image", "nginx:1.27"}});
  container.set("ports", Value::array({Value::object({{"containerPort", 80}})}));
  Value out = Value::object({{"apiVersion", "apps/v1"}, {"kind", "Deployment"}});
  out.set({"metadata", "name"}, "web");
  out.set({"spec", "selector", "matchLabels", "app"}, "web");
  out.set({"spec", "template", "metadata", "labels", "app"}, "web");
  out.set({"spec", "template", "spec", "containers"}, Value::array({container}));
  return out;
}

void measure_custom() {
  auto crds = api::crds();
  print("crds_compiled_per_s", 14 * rate([&] {
                                 for (const Value& crd : crds)
                                   (void)kube::crd::Definition::compile(crd).errors.size();
                               }));
  for (const Value& crd : crds) {
    if (crd.at({"spec", "names", "kind"}).as_string() != "BundleDeployment") continue;
    auto definition = kube::crd::Definition::compile(crd).definition;
    const auto& version = definition.versions[0];
    const Value object = bundle_deployment();
    print("bundledeployments_checked_per_s", rate([&] {
            Value copy = object;
            std::vector<std::string> unknown;
            version.prune(copy, unknown);
            version.set_defaults(copy);
            (void)version.validate(copy, nullptr).size();
          }));
  }
}

void measure_builtin() {
  const auto& kind = *kube::builtin::find_kind({"apps", "v1", "Deployment"});
  const Value object = deployment();
  print("deployments_checked_per_s", rate([&] {
          Value copy = object;
          std::vector<std::string> unknown;
          (void)kube::builtin::read_strictly(kind, copy, unknown).ok();
          kube::builtin::set_defaults(kind, copy);
          (void)kube::builtin::validate(kind, copy, nullptr).size();
        }));
}

void measure_rules() {
  auto program = kube::cel::Program::compile(
      "self == '0' || (self.matches('^([0-9]+([.][0-9]+)?(ns|us|ms|s|m|h))+$') && "
      "duration(self) <= duration('2562047h'))",
      {"self", "oldSelf"});
  const Value text = "1h30m";
  if (!program.ok()) return;
  print("cel_duration_rule_per_s", rate([&] {
          (void)program->evaluate({{"self", &text, false}}, kube::cel::Program::Limits{}).ok();
        }));
}

void measure_rbac() {
  kube::rbac::RuleBook book;
  for (const Value& object : kube::rbac::bootstrap_objects()) {
    std::string name = object.at({"metadata", "name"}).to_string();
    if (object["kind"].as_string() == "ClusterRole") {
      book.set_cluster_role(name, &object);
    } else {
      book.set_cluster_binding(name, &object);
    }
  }
  Value role;
  role.set("rules",
           Value::array({Value::object({{"verbs", Value::array({"get", "list", "watch"})},
                                        {"apiGroups", Value::array({"fleet.cattle.io"})},
                                        {"resources", Value::array({"contents"})}})}));
  book.set_cluster_role("content", &role);
  for (int i = 0; i < 10'000; ++i) {
    Value binding;
    binding.set("roleRef", Value::object({{"kind", "ClusterRole"}, {"name", "content"}}));
    binding.set("subjects",
                Value::array({Value::object({{"kind", "ServiceAccount"},
                                             {"name", cat("agent-", i)},
                                             {"namespace", cat("cluster-", i)}})}));
    book.set_cluster_binding(cat("agent-", i), &binding);
  }
  kube::rbac::Request request;
  request.user = {"system:serviceaccount:cluster-77:agent-77", {"system:authenticated"}};
  request.verb = "get";
  request.group = "fleet.cattle.io";
  request.resource = "contents";
  print("rbac_decisions_per_s_of_10000_bindings",
        rate([&] { (void)book.authorize(request).allowed; }));
}

}  // namespace

int main() {
  double before = resident_mib();
  kube::builtin::columns(*kube::builtin::find_kind({"", "v1", "Pod"}));
  Value pod = Value::object({{"spec", Value::object()}});
  kube::builtin::set_defaults(*kube::builtin::find_kind({"", "v1", "Pod"}), pod);
  print("rss_mib_of_builtin_tables", resident_mib() - before);
  before = resident_mib();
  std::vector<kube::crd::Definition> definitions;
  for (const Value& crd : api::crds())
    definitions.push_back(kube::crd::Definition::compile(crd).definition);
  print("rss_mib_of_14_crds", resident_mib() - before);
  measure_custom();
  measure_builtin();
  measure_rules();
  measure_rbac();
  return 0;
}
