// Names that changed are followed to where they are used.
//
// Only what has a history can have changed its name, so candidates are found by their earlier
// names.
#include <algorithm>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "base/strings.h"
#include "data/yaml/yaml.h"
#include "kustomize/output.h"
#include "kustomize/transform.h"
#include "kustomize/walk.h"

namespace fleet::kustomize {
namespace {

using yaml::Node;

// What is asked of a candidate, computed once.
struct Candidate {
  const Resource* resource = nullptr;
  Id current;
  std::vector<Id> earlier;
  std::string original_ns;

  bool was_selected(const Gvk& gvk) const {
    return std::ranges::any_of(earlier, [&](const Id& id) { return id.gvk.is_selected(gvk); });
  }
};

bool same_ending(const Strings& a, const Strings& b) {
  const Strings& shorter = a.size() < b.size() ? a : b;
  const Strings& longer = a.size() < b.size() ? b : a;
  if (shorter.empty()) return longer.empty();
  return std::equal(shorter.rbegin(), shorter.rend(), longer.rbegin());
}

bool affixes_agree(const Resource& a, const Resource& b, bool empty_agrees) {
  const bool no_prefix = a.prefixes.empty() || b.prefixes.empty();
  const bool no_suffix = a.suffixes.empty() || b.suffixes.empty();
  if (empty_agrees && no_prefix && no_suffix) return true;
  if (empty_agrees && no_prefix) return same_ending(a.suffixes, b.suffixes);
  if (empty_agrees && no_suffix) return same_ending(a.prefixes, b.prefixes);
  return same_ending(a.prefixes, b.prefixes) && same_ending(a.suffixes, b.suffixes);
}

// The resources that the rules may be about, by their earlier names.
class Candidates {
 public:
  Candidates(const ResMap& resources, const std::vector<Gvk>& targets) {
    for (const Resource& resource : resources.all()) {
      if (resource.is_empty()) continue;
      note_space(resource);
      if (resource.history.empty()) continue;
      Candidate one;
      one.earlier = resource.previous_ids();
      if (std::ranges::none_of(targets, [&](const Gvk& gvk) { return one.was_selected(gvk); }))
        continue;
      one.resource = &resource;
      one.current = resource.current_id();
      one.original_ns = one.earlier.front().effective_ns();
      all_.push_back(std::move(one));
    }
    for (size_t i = 0; i < all_.size(); i++) {
      for (const Id& id : all_[i].earlier) {
        note(by_name_[id.name], i);
        note(by_place_[place(id.name, all_[i].current.effective_ns())], i);
      }
    }
  }

  // Those that had the name, wherever they are.
  void add_named(std::string_view name, std::vector<size_t>& out) const {
    add(by_name_, std::string(name), out);
  }
  // Those that had the name and are in a namespace now; kNoNamespace: cluster-scoped ones.
  void add_named_in(std::string_view name, std::string_view ns, std::vector<size_t>& out) const {
    add(by_place_, place(name, ns), out);
  }
  const Candidate& at(size_t index) const { return all_[index]; }
  bool is_original_space(std::string_view ns) const { return original_spaces_.contains(ns); }

 private:
  void note_space(const Resource& resource) {
    const Id original = resource.original_id();
    if (!original_spaces_.contains(original.effective_ns()))
      original_spaces_.emplace(original.effective_ns());
  }

  using Index = std::unordered_map<std::string, std::vector<size_t>>;

  static std::string place(std::string_view name, std::string_view ns) {
    return cat(name, "\n", ns);
  }
  static void note(std::vector<size_t>& places, size_t at) {
    if (places.empty() || places.back() != at) places.push_back(at);
  }
  static void add(const Index& index, const std::string& key, std::vector<size_t>& out) {
    auto found = index.find(key);
    if (found != index.end()) out.insert(out.end(), found->second.begin(), found->second.end());
  }

  std::vector<Candidate> all_;
  Index by_name_;
  Index by_place_;
  std::set<std::string, std::less<>> original_spaces_;
};

// One referrer and one rule.
class Fixer {
 public:
  Fixer(const Candidates& candidates, Resource& referrer)
      : candidates_(candidates),
        referrer_(referrer),
        id_(referrer.current_id()) {
    if (referrer.kind() == "RoleBinding") note_subject_namespaces();
  }

  Result<> fix(const FieldSpec& spec, const std::vector<std::string>& path, const Gvk& target) {
    spec_ = &spec;
    target_ = &target;
    auto result =
        walk(referrer_.node, path, 0, false, Make::Nothing, [&](Node& node) { return set(node); });
    if (result.ok()) return {};
    return std::move(result)
        .within(cat("considering field '", spec.path, "' of object ", id_.text()))
        .within(cat("updating name reference in '", spec.path, "' field of '", id_.text(), "'"));
  }

 private:
  void note_subject_namespaces() {
    const Node* subjects = referrer_.node.find("subjects");
    if (subjects == nullptr) return;
    for (const Node& subject : subjects->children()) {
      if (subject.member_text("kind") == "ServiceAccount") {
        subject_spaces_.insert(std::string(subject.member_text("namespace")));
      }
    }
  }

  Result<> set(Node& node) {
    if (node.is_null()) return {};
    if (node.is_scalar()) return set_scalar(node);
    if (node.is_mapping()) return set_map(node);
    for (Node& item : node.children()) {
      if (item.is_scalar()) {
        TRY(set_scalar(item));
      } else if (item.is_mapping()) {
        TRY(set_map(item));
      } else {
        return Error(Code::Invalid, "node is expected to be a scalar or a map");
      }
    }
    return {};
  }

  Result<> set_scalar(Node& node) {
    const Candidate* found = TRY(choose(node.text(), std::nullopt, false));
    if (found == nullptr || found->current.name == node.text()) return {};
    node = Node::plain(found->current.name);
    return {};
  }

  Result<> set_map(Node& node) {
    const Node* name = node.find("name");
    if (name == nullptr) return Error(Code::Invalid, "path config error; no 'name' field in node");
    std::optional<std::string> ns;
    if (const Node* written = node.find("namespace")) ns = std::string(written->text());
    const std::string old(name->text());
    const Candidate* found = TRY(choose(old, ns, true));
    if (found == nullptr) return {};
    const std::string new_ns(found->resource->ns());
    if (found->current.name == old && new_ns.empty()) return {};
    node.set("name", Node::plain(found->current.name));
    if (!new_ns.empty()) node.set("namespace", Node::plain(new_ns));
    return {};
  }

  // Everything for cluster-scoped referrers; else what is cluster-scoped, near, or named by a
  // subject.
  bool may_be_referred(const Candidate& one) const {
    if (id_.cluster_scoped || one.current.cluster_scoped) return true;
    if (one.current.effective_ns() == id_.effective_ns()) return true;
    return !subject_spaces_.empty() && subject_spaces_.contains(one.current.ns);
  }

  bool is_near(const Candidate& one) const {
    return id_.cluster_scoped || one.current.cluster_scoped ||
           one.current.gvk.kind == "ServiceAccount" ||
           one.current.effective_ns() == id_.effective_ns();
  }

  // The candidates of a name that may be near, in their order; none that is not can be meant.
  std::vector<size_t> near(std::string_view name) const {
    std::vector<size_t> found;
    if (id_.cluster_scoped) {
      candidates_.add_named(name, found);
      return found;
    }
    candidates_.add_named_in(name, kNoNamespace, found);
    candidates_.add_named_in(name, id_.effective_ns(), found);
    for (const std::string& ns : subject_spaces_)
      candidates_.add_named_in(name, ns.empty() ? kDefaultNamespace : std::string_view(ns), found);
    std::ranges::sort(found);
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
  }

  // A roleRef names group and kind of what it means.
  bool fits_role_ref(const Candidate& one) const {
    if (!spec_->path.ends_with("roleRef/name")) return true;
    const Node* ref = referrer_.node.find("roleRef");
    if (ref == nullptr) return true;
    const Node* group = ref->find("apiGroup");
    const Node* kind = ref->find("kind");
    if (group == nullptr || kind == nullptr) return true;
    return one.was_selected(Gvk{std::string(group->text()), "", std::string(kind->text())});
  }

  Result<const Candidate*> choose(std::string_view name,
                                  const std::optional<std::string>& ns,
                                  bool with_ns) {
    const std::vector<size_t> named = near(name);
    if (named.empty()) return nullptr;
    const bool original_space = ns && candidates_.is_original_space(*ns);
    std::vector<const Candidate*> left;
    for (size_t index : named) {
      const Candidate& one = candidates_.at(index);
      if (!may_be_referred(one) || !one.was_selected(*target_) || !fits_role_ref(one) ||
          !is_near(one))
        continue;
      if (ns && (original_space ? one.original_ns != *ns : one.current.effective_ns() != *ns))
        continue;
      left.push_back(&one);
    }
    if (left.size() == 1) return left[0];
    std::erase_if(left, [&](const Candidate* one) {
      return !affixes_agree(*one->resource, referrer_, true);
    });
    if (left.size() > 1) {
      std::erase_if(left, [&](const Candidate* one) {
        return !affixes_agree(*one->resource, referrer_, false);
      });
    }
    if (left.empty()) return nullptr;
    if (left.size() == 1) return left[0];
    const bool identical = std::ranges::all_of(left, [&](const Candidate* one) {
      return one->current.name == left[0]->current.name &&
             (!with_ns || one->resource->ns() == left[0]->resource->ns());
    });
    if (identical) return left[0];
    return ambiguous(left);
  }

  Error ambiguous(const std::vector<const Candidate*>& left) const {
    Strings ids;
    for (const Candidate* one : left)
      ids.push_back(one->current.text());
    auto text = [](const Resource& resource) {
      auto object = object_of(resource);
      return object.ok() ? yaml::print(*object) : std::string();
    };
    std::string details =
        cat("\n**** Too many possible referral targets to referrer:\n", text(referrer_), "\n");
    for (size_t i = 0; i < left.size(); i++) {
      details += cat("--- possible referral ", i, ":\n", text(*left[i]->resource), "\n");
    }
    return Error(Code::Invalid,
                 cat("found multiple possible referrals: ", join(ids, ", "), "\n", details));
  }

  const Candidates& candidates_;
  Resource& referrer_;
  Id id_;
  const FieldSpec* spec_ = nullptr;
  const Gvk* target_ = nullptr;
  std::set<std::string> subject_spaces_;
};

// Subjects of role bindings that speak of a namespace must name one.
Result<> check_subjects(const ResMap& resources) {
  for (const Resource& resource : resources.all()) {
    if (resource.is_empty() || resource.kind() != "RoleBinding") continue;
    const Node* subjects = resource.node.find("subjects");
    if (subjects == nullptr || !subjects->is_sequence()) continue;
    for (const Node& subject : subjects->children()) {
      const Node* ns = subject.find("namespace");
      if (ns == nullptr || subject.member_text("kind") != "ServiceAccount") continue;
      if (ns->is_string()) continue;
      return Error(Code::Invalid,
                   cat("Invalid Input: namespace is blank for resource ",
                       quote(resource.current_id().text()),
                       "\n"));
    }
  }
  return {};
}

// The places where one kind may be referred to.
struct Rule {
  Gvk target;
  const FieldSpec* spec;
  std::vector<std::string> path;
};

// The kinds that objects have, or had before: few, however many objects there are.
class Kinds {
 public:
  // Answers the number of the kind.
  size_t add(std::string_view api_version, std::string_view kind) {
    if (!names_.empty() && names_[last_].first == api_version && names_[last_].second == kind)
      return last_;
    auto [at, fresh] = numbers_.try_emplace(cat(api_version, "\n", kind), names_.size());
    if (fresh) names_.emplace_back(api_version, kind);
    return last_ = at->second;
  }
  bool any_is_for(const FieldSpec& spec) const {
    return std::ranges::any_of(
        names_, [&](const auto& one) { return is_for(spec, one.first, one.second); });
  }
  size_t size() const { return names_.size(); }
  const std::pair<std::string, std::string>& at(size_t number) const { return names_[number]; }

 private:
  std::vector<std::pair<std::string, std::string>> names_;
  std::unordered_map<std::string, size_t> numbers_;
  size_t last_ = 0;
};

// The rules that could say something about these resources.
std::vector<Rule> live_rules(const std::vector<NameReference>& references,
                             const Kinds& renamed,
                             const Kinds& referrers) {
  std::vector<Rule> rules;
  for (const NameReference& reference : references) {
    FieldSpec target;
    target.group = reference.group;
    target.version = reference.version;
    target.kind = reference.kind;
    if (!renamed.any_is_for(target)) continue;
    for (const FieldSpec& spec : reference.specs) {
      if (referrers.any_is_for(spec))
        rules.push_back({reference.gvk(), &spec, split_path(spec.path)});
    }
  }
  return rules;
}

}  // namespace

Result<> fix_references(ResMap& resources, const std::vector<NameReference>& references) {
  TRY(check_subjects(resources));
  Kinds renamed;
  Kinds referrers;
  for (const Resource& resource : resources.all()) {
    if (resource.is_empty()) continue;
    const std::string_view api_version = resource.node.member_text("apiVersion");
    referrers.add(api_version, resource.original_kind());
    for (const Earlier& earlier : resource.history)
      renamed.add(api_version, earlier.kind);
  }
  const std::vector<Rule> rules = live_rules(references, renamed, referrers);
  if (rules.empty()) return {};
  std::vector<Gvk> targets;
  for (const Rule& rule : rules)
    targets.push_back(rule.target);
  const Candidates candidates(resources, targets);
  std::vector<std::vector<const Rule*>> by_kind(referrers.size());
  for (size_t kind = 0; kind < referrers.size(); kind++) {
    for (const Rule& rule : rules) {
      if (is_for(*rule.spec, referrers.at(kind).first, referrers.at(kind).second))
        by_kind[kind].push_back(&rule);
    }
  }
  for (Resource& resource : resources.all()) {
    if (resource.is_empty()) continue;
    const size_t kind =
        referrers.add(resource.node.member_text("apiVersion"), resource.original_kind());
    if (by_kind[kind].empty()) continue;
    Fixer fixer(candidates, resource);
    for (const Rule* rule : by_kind[kind])
      TRY(fixer.fix(*rule->spec, rule->path, rule->target));
  }
  return {};
}

}  // namespace fleet::kustomize
