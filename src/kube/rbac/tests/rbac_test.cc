#include <gtest/gtest.h>

#include "kube/rbac/authorize.h"

namespace fleet::kube::rbac {
namespace {

using data::Value;

Value rule(Value verbs, Value groups, Value resources) {
  return Value::object({{"verbs", verbs}, {"apiGroups", groups}, {"resources", resources}});
}

Value role(Value rules) {
  return Value::object({{"rules", rules}});
}

Value binding(const char* kind, const char* name, const char* subject_kind, const char* subject) {
  Value out;
  out.set("roleRef", Value::object({{"kind", kind}, {"name", name}}));
  out.set("subjects",
          Value::array(
              {Value::object({{"kind", subject_kind}, {"name", subject}, {"namespace", "ns"}})}));
  return out;
}

Request request(const char* verb, const char* resource, const char* ns) {
  Request out;
  out.user = {"ann", {"devs", "system:authenticated"}};
  out.verb = verb;
  out.resource = resource;
  out.ns = ns;
  return out;
}

RuleBook book() {
  RuleBook out;
  Value reader =
      role(Value::array({rule(Value::array({"get"}), Value::array({""}), Value::array({"pods"}))}));
  out.set_role({"ns", "reader"}, &reader);
  Value one = binding("Role", "reader", "User", "ann");
  out.set_binding({"ns", "b"}, &one);
  return out;
}

TEST(Authorize, ARoleReachesItsNamespaceOnly) {
  Decision here = book().authorize(request("get", "pods", "ns"));
  EXPECT_TRUE(here.allowed);
  EXPECT_EQ(here.reason,
            "RBAC: allowed by RoleBinding \"b/ns\" of Role \"reader\" to User \"ann\"");
  EXPECT_FALSE(book().authorize(request("get", "pods", "other")).allowed);
  EXPECT_FALSE(book().authorize(request("list", "pods", "ns")).allowed);
  EXPECT_FALSE(book().authorize(request("get", "pods", "")).allowed);
}

TEST(Authorize, ABindingToNothingIsNamed) {
  RuleBook rules;
  Value dangling = binding("ClusterRole", "gone", "Group", "devs");
  rules.set_cluster_binding("b", &dangling);
  Decision decision = rules.authorize(request("get", "pods", "ns"));
  EXPECT_FALSE(decision.allowed);
  EXPECT_EQ(decision.reason, "RBAC: clusterrole.rbac.authorization.k8s.io \"gone\" not found");
  rules.set_cluster_binding("b", nullptr);
  EXPECT_EQ(rules.authorize(request("get", "pods", "ns")).reason, "");
}

TEST(Authorize, ServiceAccountsAndSubresources) {
  RuleBook rules;
  Value logs = role(Value::array(
      {rule(Value::array({"get"}), Value::array({""}), Value::array({"*/log", "pods/exec"}))}));
  rules.set_cluster_role("logs", &logs);
  Value one = binding("ClusterRole", "logs", "ServiceAccount", "sa");
  rules.set_cluster_binding("b", &one);
  Request asked = request("get", "pods", "any");
  asked.user = {"system:serviceaccount:ns:sa", {}};
  EXPECT_FALSE(rules.authorize(asked).allowed);
  asked.subresource = "log";
  EXPECT_TRUE(rules.authorize(asked).allowed);
  asked.subresource = "status";
  EXPECT_FALSE(rules.authorize(asked).allowed);
}

TEST(Authorize, NamesAndPaths) {
  Rule named{{"get"}, {""}, {"secrets"}, {"a"}, {}};
  Request asked = request("get", "secrets", "ns");
  EXPECT_FALSE(named.allows(asked));
  asked.name = "a";
  EXPECT_TRUE(named.allows(asked));
  Rule paths{{"get"}, {}, {}, {}, {"/healthz", "/api/*"}};
  asked.is_resource = false;
  asked.path = "/api/v1";
  EXPECT_TRUE(paths.allows(asked));
  asked.path = "/healthz/x";
  EXPECT_FALSE(paths.allows(asked));
}

TEST(Refusal, SaysWhoWhatAndWhere) {
  EXPECT_EQ(refusal(request("get", "pods", "ns")),
            "User \"ann\" cannot get resource \"pods\" in API group \"\" in the namespace \"ns\"");
  EXPECT_EQ(refusal(request("list", "nodes", ""), "RBAC: x"),
            "User \"ann\" cannot list resource \"nodes\" in API group \"\" at the cluster scope: "
            "RBAC: x");
}

TEST(Escalation, NobodyGrantsWhatHeDoesNotHave) {
  Rules wanted{{{"get", "list"}, {""}, {"pods"}, {}, {}}};
  std::string text = check_escalation(book(), {"ann", {"devs"}}, "ns", wanted, false, "r");
  EXPECT_EQ(text,
            "user \"ann\" (groups=[\"devs\"]) is attempting to grant RBAC permissions not "
            "currently held:\n{APIGroups:[\"\"], Resources:[\"pods\"], Verbs:[\"list\"]}");
  wanted[0].verbs = {"get"};
  EXPECT_EQ(check_escalation(book(), {"ann", {}}, "ns", wanted, false, "r"), "");
}

TEST(Bind, NeedsTheRulesOrTheVerb) {
  RuleBook rules = book();
  Value all =
      role(Value::array({rule(Value::array({"*"}), Value::array({"*"}), Value::array({"*"}))}));
  rules.set_cluster_role("all", &all);
  Value reference = Value::object({{"kind", "ClusterRole"}, {"name", "all"}});
  EXPECT_NE(check_bind(rules, {"ann", {}}, "ns", reference), "");
  Value root = binding("ClusterRole", "all", "User", "root");
  rules.set_cluster_binding("root", &root);
  EXPECT_EQ(check_bind(rules, {"root", {}}, "", reference), "");
}

TEST(Bootstrap, AdminsHoldWhatEditorsHold) {
  RuleBook rules;
  for (const Value& object : bootstrap_objects()) {
    std::string name = object.at({"metadata", "name"}).to_string();
    if (object["kind"].as_string() == "ClusterRole") {
      rules.set_cluster_role(name, &object);
    } else {
      rules.set_cluster_binding(name, &object);
    }
  }
  Request asked = request("delete", "anything", "ns");
  asked.user = {"root", {"system:masters"}};
  EXPECT_TRUE(rules.authorize(asked).allowed);
  Value one = binding("ClusterRole", "admin", "User", "ann");
  rules.set_binding({"ns", "b"}, &one);
  EXPECT_TRUE(rules.authorize(request("get", "configmaps", "ns")).allowed);
  EXPECT_TRUE(rules.authorize(request("delete", "pods", "ns")).allowed);
  Request roles = request("create", "rolebindings", "ns");
  roles.group = "rbac.authorization.k8s.io";
  EXPECT_TRUE(rules.authorize(roles).allowed);
  EXPECT_FALSE(rules.authorize(request("get", "nodes", "")).allowed);
}

}  // namespace
}  // namespace fleet::kube::rbac
