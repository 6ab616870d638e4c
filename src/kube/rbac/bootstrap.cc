// The roles and bindings that every API server has from its first start.
#include <array>
#include <string>

#include "base/strings.h"
#include "kube/rbac/authorize.h"

namespace fleet::kube::rbac {
namespace {

using data::Value;

// One rule: role, verbs, groups, resources; words with blanks between. "core" is the group "".
// Groups of "-" make the resources paths.
struct Row {
  std::string_view role;
  std::string_view verbs;
  std::string_view groups;
  std::string_view resources;
};

constexpr std::string_view kRead = "get list watch";
constexpr std::string_view kWrite = "create delete deletecollection patch update";

constexpr std::string_view kAppsRead =
    "controllerrevisions daemonsets daemonsets/status deployments deployments/scale "
    "deployments/status replicasets replicasets/scale replicasets/status statefulsets "
    "statefulsets/scale statefulsets/status";
constexpr std::string_view kAppsWrite =
    "daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale "
    "statefulsets statefulsets/scale";

constexpr std::array kRows = {
    Row{"cluster-admin", "*", "*", "*"},
    Row{"cluster-admin", "*", "-", "*"},

    Row{"system:aggregate-to-admin", "create", "authorization.k8s.io", "localsubjectaccessreviews"},
    Row{"system:aggregate-to-admin",
        "create delete deletecollection get list patch update watch",
        "rbac.authorization.k8s.io",
        "rolebindings roles"},

    Row{"system:aggregate-to-edit",
        kRead,
        "core",
        "pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy"},
    Row{"system:aggregate-to-edit", "impersonate", "core", "serviceaccounts"},
    Row{"system:aggregate-to-edit",
        kWrite,
        "core",
        "pods pods/attach pods/exec pods/portforward pods/proxy"},
    Row{"system:aggregate-to-edit", "create", "core", "pods/eviction"},
    Row{"system:aggregate-to-edit",
        kWrite,
        "core",
        "configmaps events persistentvolumeclaims replicationcontrollers "
        "replicationcontrollers/scale secrets serviceaccounts services services/proxy"},
    Row{"system:aggregate-to-edit", "create", "core", "serviceaccounts/token"},
    Row{"system:aggregate-to-edit", kWrite, "apps", kAppsWrite},
    Row{"system:aggregate-to-edit", kWrite, "autoscaling", "horizontalpodautoscalers"},
    Row{"system:aggregate-to-edit", kWrite, "batch", "cronjobs jobs"},
    Row{"system:aggregate-to-edit", kWrite, "policy", "poddisruptionbudgets"},
    Row{"system:aggregate-to-edit", kWrite, "networking.k8s.io", "ingresses networkpolicies"},
    Row{"system:aggregate-to-edit",
        "create delete deletecollection get list patch update watch",
        "coordination.k8s.io",
        "leases"},

    Row{"system:aggregate-to-view",
        kRead,
        "core",
        "configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods "
        "replicationcontrollers replicationcontrollers/scale serviceaccounts services "
        "services/status"},
    Row{"system:aggregate-to-view",
        kRead,
        "core",
        "bindings events limitranges namespaces/status pods/log pods/status "
        "replicationcontrollers/status resourcequotas resourcequotas/status"},
    Row{"system:aggregate-to-view", kRead, "core", "namespaces"},
    Row{"system:aggregate-to-view", kRead, "discovery.k8s.io", "endpointslices"},
    Row{"system:aggregate-to-view", kRead, "apps", kAppsRead},
    Row{"system:aggregate-to-view",
        kRead,
        "autoscaling",
        "horizontalpodautoscalers horizontalpodautoscalers/status"},
    Row{"system:aggregate-to-view", kRead, "batch", "cronjobs cronjobs/status jobs jobs/status"},
    Row{"system:aggregate-to-view",
        kRead,
        "policy",
        "poddisruptionbudgets poddisruptionbudgets/status"},
    Row{"system:aggregate-to-view",
        kRead,
        "networking.k8s.io",
        "ingresses ingresses/status networkpolicies"},

    Row{"system:basic-user",
        "create",
        "authorization.k8s.io",
        "selfsubjectaccessreviews selfsubjectrulesreviews"},
    Row{"system:basic-user", "create", "authentication.k8s.io", "selfsubjectreviews"},
    Row{"system:discovery",
        "get",
        "-",
        "/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/"},
    Row{"system:public-info-viewer", "get", "-", "/healthz /livez /readyz /version /version/"},
    Row{"system:monitoring",
        "get",
        "-",
        "/healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/*"},
    Row{"system:auth-delegator", "create", "authentication.k8s.io", "tokenreviews"},
    Row{"system:auth-delegator", "create", "authorization.k8s.io", "subjectaccessreviews"},
    Row{"system:service-account-issuer-discovery",
        "get",
        "-",
        "/.well-known/openid-configuration /.well-known/openid-configuration/ /openid/v1/jwks "
        "/openid/v1/jwks/"},
};

struct Aggregated {
  std::string_view role;
  std::string_view from;  // labels rbac.authorization.k8s.io/aggregate-to-FROM, blanks between
  std::string_view also;  // the role itself flows into this one
};
constexpr std::array kAggregated = {
    Aggregated{"admin", "admin", ""},
    Aggregated{"edit", "edit", "admin"},
    Aggregated{"view", "view", "edit"},
};

struct Bound {
  std::string_view role;
  std::string_view groups;
};
constexpr std::array kBound = {
    Bound{"cluster-admin", "system:masters"},
    Bound{"system:basic-user", "system:authenticated"},
    Bound{"system:discovery", "system:authenticated"},
    Bound{"system:monitoring", "system:monitoring"},
    Bound{"system:public-info-viewer", "system:authenticated system:unauthenticated"},
    Bound{"system:service-account-issuer-discovery", "system:serviceaccounts"},
};

Value words(std::string_view text) {
  Value out = Value::array();
  for (std::string_view word : split_fields(text)) {
    out.push_back(word == "core" ? std::string_view{} : word);
  }
  return out;
}

Value object_of(const char* kind, std::string_view name) {
  Value out = Value::object({{"apiVersion", "rbac.authorization.k8s.io/v1"}, {"kind", kind}});
  out.set({"metadata", "name"}, name);
  out.set({"metadata", "annotations", "rbac.authorization.kubernetes.io/autoupdate"}, "true");
  out.set({"metadata", "labels", "kubernetes.io/bootstrapping"}, "rbac-defaults");
  return out;
}

std::string aggregate_label(std::string_view to) {
  return cat("rbac.authorization.k8s.io/aggregate-to-", to);
}

Value rule_of(const Row& row) {
  Value rule = Value::object({{"verbs", words(row.verbs)}});
  if (row.groups == "-") {
    rule.set("nonResourceURLs", words(row.resources));
  } else {
    rule.set("apiGroups", words(row.groups));
    rule.set("resources", words(row.resources));
  }
  return rule;
}

void add_roles(std::vector<Value>& out) {
  for (const Row& row : kRows) {
    if (out.empty() || out.back().at({"metadata", "name"}).as_string() != row.role) {
      out.push_back(object_of("ClusterRole", row.role));
      constexpr std::string_view kPrefix = "system:aggregate-to-";
      if (row.role.starts_with(kPrefix)) {
        out.back().set({"metadata", "labels", aggregate_label(row.role.substr(kPrefix.size()))},
                       "true");
      }
    }
    out.back().edit("rules").push_back(rule_of(row));
  }
}

}  // namespace

std::vector<Value> bootstrap_objects() {
  std::vector<Value> out;
  add_roles(out);
  for (const Aggregated& row : kAggregated) {
    Value role = object_of("ClusterRole", row.role);
    if (!row.also.empty()) role.set({"metadata", "labels", aggregate_label(row.also)}, "true");
    Value selector;
    selector.set({"matchLabels", aggregate_label(row.from)}, "true");
    role.set({"aggregationRule", "clusterRoleSelectors"}, Value::array({selector}));
    out.push_back(std::move(role));
  }
  // What aggregates holds its rules from the start. Each takes in the one made after it, so from
  // the back: view, edit, admin.
  RuleBook book;
  for (const Value& role : out)
    book.set_cluster_role(role.at({"metadata", "name"}).as_string(), &role);
  for (size_t i = out.size(); i-- > out.size() - kAggregated.size();) {
    book.aggregate(out[i]);
    book.set_cluster_role(out[i].at({"metadata", "name"}).as_string(), &out[i]);
  }
  for (const Bound& row : kBound) {
    Value binding = object_of("ClusterRoleBinding", row.role);
    binding.set("roleRef",
                Value::object({{"apiGroup", "rbac.authorization.k8s.io"},
                               {"kind", "ClusterRole"},
                               {"name", row.role}}));
    for (std::string_view group : split_fields(row.groups)) {
      binding.edit("subjects")
          .push_back(Value::object(
              {{"apiGroup", "rbac.authorization.k8s.io"}, {"kind", "Group"}, {"name", group}}));
    }
    out.push_back(std::move(binding));
  }
  return out;
}

}  // namespace fleet::kube::rbac
