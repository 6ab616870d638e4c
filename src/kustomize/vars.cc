#include "kustomize/vars.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/strings.h"
#include "kustomize/paths.h"
#include "kustomize/walk.h"

namespace fleet::kustomize {
namespace {

using yaml::Node;
using yaml::Tag;

Gvk gvk_of(const VarTarget& target) {
  Gvk gvk{target.group, target.version, target.kind};
  auto parts = split(target.api_version, '/');
  if (target.api_version.empty()) return gvk;
  if (parts.size() == 2) gvk.group = parts[0];
  if (parts.size() <= 2) gvk.version = parts.back();
  return gvk;
}

std::string field_of(const Var& var) {
  return var.fieldref.field_path.empty() ? "metadata.name" : var.fieldref.field_path;
}

// As Go prints the struct with %v; a target prints as its gvk does.
std::string go_text(const Var& var, bool defaulted, bool with_path = true) {
  const std::string path = defaulted && with_path ? field_of(var) : var.fieldref.field_path;
  const Gvk gvk =
      defaulted ? gvk_of(var.objref) : Gvk{var.objref.group, var.objref.version, var.objref.kind};
  return cat("{", var.name, " ", gvk.text(), " {", path, "}}");
}

class Replacer {
 public:
  explicit Replacer(std::map<std::string, Node> values)
      : values_(std::move(values)) {}

  Result<> set(Node& node) {
    if (node.is_null()) return {};
    if (node.is_scalar()) {
      if (node.is_string()) replace(node);
      return {};
    }
    if (node.is_mapping()) {
      for (size_t i = 0; i < node.pairs(); i++) {
        if (!node.key(i).is_string()) {
          return Error(Code::Invalid,
                       cat("invalid map key: value='",
                           node.key(i).text(),
                           "', tag='",
                           node.key(i).tag_text(),
                           "'"));
        }
        if (node.value(i).is_string()) replace(node.value(i));
      }
      return {};
    }
    for (Node& item : node.children()) {
      if (!item.is_string()) return Error(Code::Invalid, "invalid value type expect a string");
      replace(item);
    }
    return {};
  }

  Strings unused() const {
    Strings names;
    for (const auto& [name, value] : values_) {
      if (!used_.contains(name)) names.push_back(name);
    }
    return names;
  }

 private:
  // The value of a name, or nothing; maps and lists have none.
  const Node* value_of(std::string_view name) {
    auto found = values_.find(std::string(name));
    if (found == values_.end() || !found->second.is_scalar()) return nullptr;
    used_.insert(found->first);
    return &found->second;
  }

  void replace(Node& node) {
    const std::string input(node.text());
    std::string out;
    size_t kept = 0;
    for (size_t i = 0; i + 1 < input.size(); i++) {
      if (input[i] != '$') continue;
      out += input.substr(kept, i - kept);
      const char next = input[i + 1];
      const size_t close = next == '(' ? input.find(')', i + 2) : std::string::npos;
      if (next == '$') {
        out += '$';
        i += 1;
      } else if (close == std::string::npos) {
        out += '$';
        out += next;
        i += 1;
      } else {
        const std::string name = input.substr(i + 2, close - i - 2);
        const Node* value = value_of(name);
        if (i == 0 && close + 1 == input.size()) {
          if (value != nullptr) {
            node = Node::scalar(value->text(), value->tag());
          } else {
            node = Node::string(input);
          }
          return;
        }
        out += value == nullptr ? cat("$(", name, ")") : std::string(value->text());
        i = close;
      }
      kept = i + 1;
    }
    out += input.substr(kept);
    node = Node::string(out);
  }

  std::map<std::string, Node> values_;
  std::set<std::string> used_;
};

}  // namespace

Result<> match_vars(ResMap& resources, const std::vector<Var>& vars) {
  for (const Var& var : vars) {
    Id wanted;
    wanted.gvk = gvk_of(var.objref);
    wanted.name = var.objref.name;
    wanted.ns = var.objref.ns;
    wanted.cluster_scoped = is_cluster_scoped(wanted.gvk.api_version(), wanted.gvk.kind);
    const bool exact = !wanted.ns.empty() || wanted.cluster_scoped;
    std::vector<Resource*> matched;
    for (Resource& resource : resources.all()) {
      if (resource.is_empty()) continue;
      const auto ids = resource.all_ids();
      const bool fits = std::ranges::any_of(ids, [&](const Id& id) {
        return exact ? id.same_as(wanted) : id.gvk == wanted.gvk && id.name == wanted.name;
      });
      if (fits) matched.push_back(&resource);
    }
    if (matched.size() > 1) {
      return Error(Code::Invalid,
                   cat("found ",
                       matched.size(),
                       " resId matches for var ",
                       go_text(var, true, false),
                       " (unable to disambiguate)"));
    }
    if (matched.size() == 1) matched[0]->vars.push_back(var.name);
  }
  return {};
}

Result<> add_vars(std::vector<Var>& known, const std::vector<Var>& more) {
  for (const Var& var : more) {
    if (std::ranges::any_of(known, [&](const Var& one) { return one.name == var.name; })) {
      return Error(Code::Invalid, cat("var '", var.name, "' already encountered"));
    }
    known.push_back(var);
  }
  return {};
}

std::string vars_text(const std::vector<Var>& vars) {
  Strings texts;
  for (const Var& var : vars)
    texts.push_back(go_text(var, false));
  return cat("merging vars [", join(texts, " "), "]");
}

Result<> resolve_vars(ResMap& resources,
                      const std::vector<Var>& vars,
                      const FieldSpecs& specs,
                      Strings& warnings) {
  if (vars.empty()) return {};
  std::map<std::string, const Resource*> givers;
  for (const Resource& resource : resources.all()) {
    for (const std::string& name : resource.vars)
      givers.try_emplace(name, &resource);
  }
  std::vector<Var> sorted = vars;
  std::ranges::sort(sorted, {}, &Var::name);
  std::map<std::string, Node> values;
  for (const Var& var : sorted) {
    auto giver = givers.find(var.name);
    if (giver == givers.end()) {
      return Error(Code::Invalid,
                   cat("var '",
                       go_text(var, true),
                       "' cannot be mapped to a field in the set of known resources"));
    }
    const Node* value = lookup_dotted(giver->second->node, field_of(var));
    if (value == nullptr) {
      return Error(Code::Invalid,
                   cat("field specified in var '",
                       go_text(var, true),
                       "' not found in corresponding resource"));
    }
    values[var.name] = *value;
  }
  Replacer replacer(std::move(values));
  ReadySpecs ready(specs);
  for (Resource& resource : resources.all()) {
    if (resource.is_empty()) continue;
    TRY(ready.apply(resource, Make::Nothing, [&](Node& node) { return replacer.set(node); }));
  }
  const Strings unused = replacer.unused();
  if (!unused.empty())
    warnings.push_back(cat("well-defined vars that were never replaced: ", join(unused, ",")));
  return {};
}

}  // namespace fleet::kustomize
