#include "server/manifests.h"

#include "codec/base64.h"
#include "data/json/print.h"
#include "fleet/api/crds.h"

namespace fleet::server {
namespace {

using data::Value;

Value texts(std::initializer_list<Value> items) {
  return Value::array(items);
}

Value object(std::string_view api_version, std::string_view kind, std::string_view name) {
  return Value::object(
      {{"apiVersion", api_version}, {"kind", kind}, {"metadata", Value::object({{"name", name}})}});
}

Value rule(std::string_view group, Value resources, Value verbs) {
  return Value::object({{"apiGroups", texts({Value(group)})},
                        {"resources", std::move(resources)},
                        {"verbs", std::move(verbs)}});
}

Value cluster_role(std::string_view name, std::initializer_list<Value> rules) {
  Value role = object("rbac.authorization.k8s.io/v1", "ClusterRole", name);
  role.set("rules", Value::array(rules));
  return role;
}

}  // namespace

std::vector<Value> hub_manifests() {
  std::vector<Value> out = api::crds();
  for (const char* name :
       {kSystemNamespace, kRegistrationNamespace, kLocalWorkspace, kDefaultWorkspace}) {
    out.push_back(object("v1", "Namespace", name));
  }
  out.push_back(cluster_role(
      "fleet-bundle-deployment",
      {rule("fleet.cattle.io", texts({"bundledeployments"}), texts({"get", "list", "watch"})),
       rule("fleet.cattle.io", texts({"bundledeployments/status"}), texts({"update", "patch"})),
       rule("", texts({"secrets", "configmaps"}), texts({"get"}))}));
  out.push_back(cluster_role("fleet-content",
                             {rule("fleet.cattle.io", texts({"contents"}), texts({"get"}))}));
  return out;
}

Value controller_config(const std::string& url, const std::string& ca_pem) {
  Value config = Value::object({{"apiServerURL", url},
                                {"apiServerCA", codec::base64_encode(ca_pem)},
                                {"agentTLSMode", "strict"},
                                {"systemNamespace", kSystemNamespace}});
  Value map = object("v1", "ConfigMap", "fleet-controller");
  map.set({"metadata", "namespace"}, kSystemNamespace);
  map.set({"data", "config"},
          json::print_indented(config, json::Keys::AsWritten, {"", "  "}, json::Html::Plain));
  return map;
}

}  // namespace fleet::server
