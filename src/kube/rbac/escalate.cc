// Who may grant what: nobody gives away more than he has.
#include <algorithm>
#include <map>
#include <set>

#include "base/strings.h"
#include "kube/rbac/authorize.h"

namespace fleet::kube::rbac {
namespace {

constexpr std::string_view kGroup = "rbac.authorization.k8s.io";

bool has(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// Wanted rules taken apart: one verb, group, resource and name (or one verb and path) each.
Rules taken_apart(const Rule& rule) {
  Rules out;
  for (const std::string& verb : rule.verbs) {
    for (const std::string& path : rule.paths) {
      out.push_back(Rule{{verb}, {}, {}, {}, {path}});
    }
    for (const std::string& group : rule.groups) {
      for (const std::string& resource : rule.resources) {
        if (rule.names.empty()) out.push_back(Rule{{verb}, {group}, {resource}, {}, {}});
        for (const std::string& name : rule.names) {
          out.push_back(Rule{{verb}, {group}, {resource}, {name}, {}});
        }
      }
    }
  }
  return out;
}

bool covers(const Rule& have, const Rule& want) {
  auto all = [](const std::vector<std::string>& mine, const std::string& word) {
    return has(mine, "*") || has(mine, word);
  };
  if (!all(have.verbs, want.verbs[0])) return false;
  if (!want.paths.empty()) {
    const std::string& wanted = want.paths[0];
    return std::any_of(have.paths.begin(), have.paths.end(), [&](const std::string& path) {
      if (path == "*" || path == wanted) return true;
      return path.ends_with('*') && wanted.starts_with(trim_right(path, "*"));
    });
  }
  if (!all(have.groups, want.groups[0])) return false;
  const std::string& resource = want.resources[0];
  bool fits = all(have.resources, resource);
  if (!fits) {
    auto parts = cut(resource, "/");
    fits = parts && has(have.resources, cat("*/", parts->after));
  }
  if (!fits) return false;
  return have.names.empty() || (!want.names.empty() && has(have.names, want.names[0]));
}

// Rules that differ in their verbs only are shown as one.
Rules compacted(const Rules& rules) {
  Rules out;
  for (const Rule& rule : rules) {
    auto same = std::find_if(out.begin(), out.end(), [&](const Rule& one) {
      return one.groups == rule.groups && one.resources == rule.resources &&
             one.names == rule.names && one.paths == rule.paths;
    });
    if (same == out.end()) {
      out.push_back(rule);
    } else if (!has(same->verbs, rule.verbs[0])) {
      same->verbs.push_back(rule.verbs[0]);
    }
  }
  return out;
}

std::string quoted(const std::vector<std::string>& list) {
  std::vector<std::string> out;
  for (const std::string& text : list) {
    out.push_back(quote(text));
  }
  return cat("[", join(out, " "), "]");
}

std::string shown(const Rule& rule) {
  std::vector<std::string> parts;
  auto add = [&](std::string_view name, const std::vector<std::string>& list) {
    if (!list.empty()) parts.push_back(cat(name, ":", quoted(list)));
  };
  add("APIGroups", rule.groups);
  add("Resources", rule.resources);
  add("NonResourceURLs", rule.paths);
  add("ResourceNames", rule.names);
  add("Verbs", rule.verbs);
  return cat("{", join(parts, ", "), "}");
}

std::string complaint(const RuleBook& book,
                      const User& user,
                      std::string_view ns,
                      const Rules& wanted) {
  auto mine = book.rules_of(user, ns);
  Missing missing = missing_rules(mine.rules, wanted);
  if (missing.none()) return {};
  std::set<std::string> lines;
  for (const Rule& rule : missing.rules) {
    lines.insert(shown(rule));
  }
  std::string out = cat("user ",
                        quote(user.name),
                        " (groups=",
                        quoted(user.groups),
                        ") is attempting to grant RBAC permissions not currently held:\n",
                        join(lines, "\n"));
  if (!mine.errors.empty()) out += cat("; resolution errors: [", join(mine.errors, ", "), "]");
  return out;
}

bool may(const RuleBook& book,
         const User& user,
         std::string_view verb,
         std::string_view resource,
         std::string_view ns,
         std::string_view name) {
  Request request;
  request.user = user;
  request.verb = verb;
  request.group = kGroup;
  request.resource = resource;
  request.ns = ns;
  request.name = name;
  return book.authorize(request).allowed;
}

}  // namespace

Missing missing_rules(const Rules& have, const Rules& want) {
  Rules missing;
  for (const Rule& rule : want) {
    for (const Rule& part : taken_apart(rule)) {
      bool covered = std::any_of(
          have.begin(), have.end(), [&](const Rule& mine) { return covers(mine, part); });
      if (!covered) missing.push_back(part);
    }
  }
  return {compacted(missing)};
}

std::string check_escalation(const RuleBook& book,
                             const User& user,
                             std::string_view ns,
                             const Rules& wanted,
                             bool cluster_role,
                             std::string_view name) {
  std::string text = complaint(book, user, ns, wanted);
  if (text.empty()) return text;
  std::string_view resource = cluster_role ? "clusterroles" : "roles";
  return may(book, user, "escalate", resource, ns, name) ? std::string() : text;
}

std::string check_bind(const RuleBook& book,
                       const User& user,
                       std::string_view ns,
                       const data::Value& role_ref) {
  bool is_role = role_ref["kind"].as_string() == "Role";
  std::string_view resource = is_role ? "roles" : "clusterroles";
  if (may(book, user, "bind", resource, ns, role_ref["name"].as_string())) return {};
  auto rules = book.rules_of_role(role_ref, ns);
  if (!rules.ok()) return rules.error().message();
  return complaint(book, user, ns, *rules);
}

}  // namespace fleet::kube::rbac
