#include "kube/rbac/authorize.h"

#include <algorithm>

#include "base/strings.h"
#include "kube/meta/selector.h"

namespace fleet::kube::rbac {
namespace {

using data::Value;

constexpr std::string_view kGroup = "rbac.authorization.k8s.io";

bool has(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool has_or_all(const std::vector<std::string>& list, std::string_view word) {
  return has(list, "*") || has(list, word);
}

std::vector<std::string> texts(const Value& list) {
  std::vector<std::string> out;
  for (const Value& item : list.items()) {
    out.push_back(item.to_string());
  }
  return out;
}

void set_list(Value& out, std::string_view field, const std::vector<std::string>& list) {
  if (list.empty()) return;
  Value items = Value::array();
  for (const std::string& text : list) {
    items.push_back(text);
  }
  out.set(field, std::move(items));
}

std::string account_name(std::string_view ns, std::string_view name) {
  return cat("system:serviceaccount:", ns, ":", name);
}

}  // namespace

Rule Rule::from(const Value& value) {
  return {texts(value["verbs"]),
          texts(value["apiGroups"]),
          texts(value["resources"]),
          texts(value["resourceNames"]),
          texts(value["nonResourceURLs"])};
}

Value Rule::to_value() const {
  Value out = Value::object();
  out.set("verbs", Value::array());
  set_list(out, "verbs", verbs);
  set_list(out, "apiGroups", groups);
  set_list(out, "resources", resources);
  set_list(out, "resourceNames", names);
  set_list(out, "nonResourceURLs", paths);
  return out;
}

bool Rule::allows(const Request& request) const {
  if (!has_or_all(verbs, request.verb)) return false;
  if (!request.is_resource) {
    return std::any_of(paths.begin(), paths.end(), [&](const std::string& path) {
      if (path == "*" || path == request.path) return true;
      return path.ends_with('*') && request.path.starts_with(trim_right(path, "*"));
    });
  }
  if (!has_or_all(groups, request.group)) return false;
  bool fits = false;
  if (request.subresource.empty()) {
    fits = has_or_all(resources, request.resource);
  } else {
    fits = has_or_all(resources, cat(request.resource, "/", request.subresource)) ||
           has(resources, cat("*/", request.subresource));
  }
  return fits && (names.empty() || has(names, request.name));
}

std::shared_ptr<const Rules> RuleBook::rules_from(const Value& role) {
  auto out = std::make_shared<Rules>();
  for (const Value& rule : role["rules"].items()) {
    out->push_back(Rule::from(rule));
  }
  return out;
}

RuleBook::Binding RuleBook::binding_from(const Value& binding) {
  Binding out;
  out.role_ref = binding["roleRef"];
  for (const Value& subject : binding["subjects"].items()) {
    out.subjects.push_back({subject["kind"].to_string(),
                            subject["name"].to_string(),
                            subject["namespace"].to_string()});
  }
  return out;
}

void RuleBook::set_role(const Key& key, const Value* role) {
  if (role == nullptr) {
    roles_.erase(key);
  } else {
    roles_[key] = rules_from(*role);
  }
}

void RuleBook::set_cluster_role(std::string_view name, const Value* role) {
  if (role == nullptr) {
    auto at = cluster_roles_.find(name);
    if (at != cluster_roles_.end()) cluster_roles_.erase(at);
    return;
  }
  cluster_roles_[std::string(name)] = {role->at({"metadata", "labels"}), rules_from(*role)};
}

void RuleBook::set_binding(const Key& key, const Value* binding) {
  if (binding == nullptr) {
    bindings_.erase(key);
  } else {
    bindings_[key] = std::make_shared<const Binding>(binding_from(*binding));
  }
}

void RuleBook::set_cluster_binding(std::string_view name, const Value* binding) {
  auto key_of = [](const Subject& subject) {
    if (subject.kind == "Group") return "g:" + subject.name;
    if (subject.kind == "User") return "u:" + subject.name;
    return "u:" + account_name(subject.ns, subject.name);
  };
  std::string called(name);
  if (auto at = cluster_bindings_.find(name); at != cluster_bindings_.end()) {
    for (const Subject& subject : at->second->subjects) {
      auto entry = by_subject_.find(key_of(subject));
      if (entry == by_subject_.end()) continue;
      entry->second.erase(called);
      if (entry->second.empty()) by_subject_.erase(entry);
    }
    cluster_bindings_.erase(at);
  }
  if (binding == nullptr) return;
  auto made = std::make_shared<const Binding>(binding_from(*binding));
  for (const Subject& subject : made->subjects) {
    by_subject_[key_of(subject)].insert(called);
  }
  cluster_bindings_[called] = std::move(made);
}

const RuleBook::Subject* RuleBook::applies(const Binding& binding,
                                           const User& user,
                                           std::string_view ns) {
  for (const Subject& subject : binding.subjects) {
    bool fits = false;
    if (subject.kind == "User") {
      fits = subject.name == user.name;
    } else if (subject.kind == "Group") {
      fits = has(user.groups, subject.name);
    } else if (subject.kind == "ServiceAccount") {
      std::string_view home = subject.ns.empty() ? ns : std::string_view(subject.ns);
      fits = !home.empty() && user.name == account_name(home, subject.name);
    }
    if (fits) return &subject;
  }
  return nullptr;
}

template <typename Visit>
void RuleBook::visit(const User& user,
                     std::string_view ns,
                     std::vector<std::string>& errors,
                     Visit&& visit) const {
  std::set<std::string> names;
  auto collect = [&](std::string_view key) {
    auto at = by_subject_.find(key);
    if (at != by_subject_.end()) names.insert(at->second.begin(), at->second.end());
  };
  collect("u:" + user.name);
  for (const std::string& group : user.groups)
    collect("g:" + group);
  for (const std::string& name : names) {
    const Binding& binding = *cluster_bindings_.find(name)->second;
    const Subject* subject = applies(binding, user, "");
    if (subject == nullptr) continue;
    auto rules = rules_of_role(binding.role_ref, "");
    if (!rules.ok()) {
      errors.push_back(rules.error().message());
    } else if (visit(*rules, *subject, binding, name, std::string_view{})) {
      return;
    }
  }
  if (ns.empty()) return;
  for (auto at = bindings_.lower_bound(Key{std::string(ns), ""});
       at != bindings_.end() && at->first.ns == ns;
       ++at) {
    const Subject* subject = applies(*at->second, user, ns);
    if (subject == nullptr) continue;
    auto rules = rules_of_role(at->second->role_ref, ns);
    if (!rules.ok()) {
      errors.push_back(rules.error().message());
    } else if (visit(*rules, *subject, *at->second, at->first.name, ns)) {
      return;
    }
  }
}

Decision RuleBook::authorize(const Request& request) const {
  Decision out;
  std::vector<std::string> errors;
  visit(request.user,
        request.is_resource ? std::string_view(request.ns) : std::string_view{},
        errors,
        [&](const Rules& rules,
            const Subject& subject,
            const Binding& binding,
            const std::string& name,
            std::string_view ns) {
          bool allowed = std::any_of(
              rules.begin(), rules.end(), [&](const Rule& rule) { return rule.allows(request); });
          if (!allowed) return false;
          std::string_view home = subject.ns.empty() ? ns : std::string_view(subject.ns);
          std::string whom =
              subject.kind == "ServiceAccount" ? cat(subject.name, "/", home) : subject.name;
          out.allowed = true;
          out.reason = cat("RBAC: allowed by ",
                           ns.empty() ? "ClusterRoleBinding " : "RoleBinding ",
                           quote(ns.empty() ? name : cat(name, "/", ns)),
                           " of ",
                           binding.role_ref["kind"].as_string(),
                           " ",
                           quote(binding.role_ref["name"].as_string()),
                           " to ",
                           subject.kind,
                           " ",
                           quote(whom));
          return true;
        });
  if (!out.allowed && !errors.empty()) {
    out.reason =
        errors.size() == 1 ? cat("RBAC: ", errors[0]) : cat("RBAC: [", join(errors, ", "), "]");
  }
  return out;
}

RuleBook::UserRules RuleBook::rules_of(const User& user, std::string_view ns) const {
  UserRules out;
  visit(user,
        ns,
        out.errors,
        [&](const Rules& rules,
            const Subject&,
            const Binding&,
            const std::string&,
            std::string_view) {
          out.rules.insert(out.rules.end(), rules.begin(), rules.end());
          return false;
        });
  return out;
}

Result<Rules> RuleBook::rules_of_role(const Value& role_ref, std::string_view ns) const {
  std::string name = role_ref["name"].to_string();
  if (role_ref["kind"].as_string() == "Role") {
    auto at = roles_.find(Key{std::string(ns), name});
    if (at != roles_.end()) return *at->second;
    return Error(Code::NotFound, cat("role.", kGroup, " ", quote(name), " not found"));
  }
  auto at = cluster_roles_.find(name);
  if (at != cluster_roles_.end()) return *at->second.rules;
  return Error(Code::NotFound, cat("clusterrole.", kGroup, " ", quote(name), " not found"));
}

bool RuleBook::aggregate(Value& cluster_role) const {
  const Value selectors = cluster_role.at({"aggregationRule", "clusterRoleSelectors"});
  if (selectors.empty()) return false;
  const std::string self = cluster_role.at({"metadata", "name"}).to_string();
  Rules rules;
  for (const Value& selector : selectors.items()) {
    auto parsed = LabelSelector::from_value(selector);
    if (!parsed.ok()) continue;
    for (const auto& [name, role] : cluster_roles_) {
      if (name == self || !parsed->matches(role.labels)) continue;
      for (const Rule& rule : *role.rules) {
        if (std::find(rules.begin(), rules.end(), rule) == rules.end()) rules.push_back(rule);
      }
    }
  }
  Value list = Value::array();
  for (const Rule& rule : rules) {
    list.push_back(rule.to_value());
  }
  if (cluster_role["rules"] == list || (list.empty() && cluster_role["rules"].is_null())) {
    return false;
  }
  cluster_role.set("rules", std::move(list));
  return true;
}

std::string refusal(const Request& request, std::string_view reason) {
  std::string out;
  if (!request.is_resource) {
    out = cat(
        "User ", quote(request.user.name), " cannot ", request.verb, " path ", quote(request.path));
  } else {
    std::string resource = request.subresource.empty()
                               ? request.resource
                               : cat(request.resource, "/", request.subresource);
    out = cat("User ",
              quote(request.user.name),
              " cannot ",
              request.verb,
              " resource ",
              quote(resource),
              " in API group ",
              quote(request.group),
              request.ns.empty() ? std::string(" at the cluster scope")
                                 : cat(" in the namespace ", quote(request.ns)));
  }
  return reason.empty() ? out : cat(out, ": ", reason);
}

}  // namespace fleet::kube::rbac
