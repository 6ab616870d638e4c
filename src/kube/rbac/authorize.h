// RBAC: from roles, bindings and a request to "allowed", or why not.
//
// `RuleBook` is an index over the four kinds of rbac.authorization.k8s.io/v1; it is changed one
// object at a time, and copied in O(1) parts, so that a server can swap books. Pure.
// Threads: const access from any number of them.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "data/value/value.h"
#include "kube/meta/key.h"

namespace fleet::kube::rbac {

struct User {
  std::string name;
  std::vector<std::string> groups;
};

// What is asked. Non-resource requests have only verb and path.
struct Request {
  User user;
  std::string verb;
  bool is_resource = true;
  std::string group;
  std::string resource;
  std::string subresource;
  std::string ns;    // empty: cluster-wide
  std::string name;  // empty: the collection
  std::string path;
};

struct Rule {
  std::vector<std::string> verbs;
  std::vector<std::string> groups;
  std::vector<std::string> resources;
  std::vector<std::string> names;
  std::vector<std::string> paths;

  static Rule from(const data::Value& value);
  data::Value to_value() const;
  bool allows(const Request& request) const;

  friend bool operator==(const Rule&, const Rule&) = default;
};
using Rules = std::vector<Rule>;

struct Decision {
  bool allowed = false;
  // `RBAC: allowed by ClusterRoleBinding "x" of ClusterRole "y" to User "z"`; for a refusal what
  // could not be read, mostly empty.
  std::string reason;
};

class RuleBook {
 public:
  // Objects as stored; `null` takes the one with that key away.
  void set_role(const Key& key, const data::Value* role);
  void set_cluster_role(std::string_view name, const data::Value* role);
  void set_binding(const Key& key, const data::Value* binding);
  void set_cluster_binding(std::string_view name, const data::Value* binding);

  Decision authorize(const Request& request) const;
  // All rules that a user has in a namespace (cluster-wide ones included), and errors on the way:
  // what SelfSubjectRulesReview answers.
  struct UserRules {
    Rules rules;
    std::vector<std::string> errors;
  };
  UserRules rules_of(const User& user, std::string_view ns) const;

  // The rules of a role that a binding names. NotFound in kube-apiserver's words.
  Result<Rules> rules_of_role(const data::Value& role_ref, std::string_view ns) const;

  // A ClusterRole with an aggregationRule gets the rules of all that match, in order of names.
  // True when `role` changed.
  bool aggregate(data::Value& cluster_role) const;

 private:
  struct Subject {
    std::string kind;
    std::string name;
    std::string ns;
  };
  struct Binding {
    std::vector<Subject> subjects;
    data::Value role_ref;
  };
  struct ClusterRole {
    data::Value labels;
    std::shared_ptr<const Rules> rules;
  };
  static std::shared_ptr<const Rules> rules_from(const data::Value& role);
  static Binding binding_from(const data::Value& binding);
  static const Subject* applies(const Binding& binding, const User& user, std::string_view ns);
  // Calls `visit(rules, subject, binding, name, ns)` for all bindings of the user until it says
  // true; what cannot be resolved goes to `errors`.
  template <typename Visit>
  void visit(const User& user,
             std::string_view ns,
             std::vector<std::string>& errors,
             Visit&& visit) const;

  std::map<Key, std::shared_ptr<const Rules>> roles_;
  std::map<std::string, ClusterRole, std::less<>> cluster_roles_;
  std::map<Key, std::shared_ptr<const Binding>> bindings_;
  std::map<std::string, std::shared_ptr<const Binding>, std::less<>> cluster_bindings_;
  // Names of cluster-wide bindings by whom they are for: "u:NAME" or "g:GROUP".
  std::map<std::string, std::set<std::string>, std::less<>> by_subject_;
};

// The text of a 403: `User "u" cannot get resource "pods" in API group "" in the namespace "n"`.
std::string refusal(const Request& request, std::string_view reason = {});

// True when `have` allows all that `want` does; else the rules that are missing, as kube-apiserver
// lists them.
struct Missing {
  Rules rules;
  bool none() const { return rules.empty(); }
};
Missing missing_rules(const Rules& have, const Rules& want);
// Whether a user may write a role with these rules: has them all, or the verb `escalate`. The
// text of the refusal, or empty.
std::string check_escalation(const RuleBook& book,
                             const User& user,
                             std::string_view ns,
                             const Rules& wanted,
                             bool cluster_role,
                             std::string_view name);
// The same for a binding to a role: has its rules, or the verb `bind` on it.
std::string check_bind(const RuleBook& book,
                       const User& user,
                       std::string_view ns,
                       const data::Value& role_ref);

// cluster-admin, admin, edit, view, system:* and their bindings, as objects to be created.
std::vector<data::Value> bootstrap_objects();

}  // namespace fleet::kube::rbac
