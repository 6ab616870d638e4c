#include "fleet/target/match.h"

#include <utility>

#include "base/strings.h"

namespace fleet::target {

namespace {

Result<std::optional<kube::LabelSelector>> compile_selector(
    const std::optional<api::LabelSelector>& selector) {
  if (!selector) return std::optional<kube::LabelSelector>();
  return std::optional<kube::LabelSelector>(TRY(selector->compile()));
}

std::string_view label_of(const api::StringMap& labels, std::string_view key) {
  auto found = labels.find(key);
  return found == labels.end() ? std::string_view{} : std::string_view(found->second);
}

// Calls `holds(group, labels)` for each group, or once without one when there is none.
template <typename Holds>
bool any_group(const Groups& groups, Holds holds) {
  static const api::StringMap kNoLabels;
  if (groups.empty()) return holds(std::string_view{}, kNoLabels);
  for (const auto& [group, labels] : groups) {
    if (holds(std::string_view(group), labels)) return true;
  }
  return false;
}

std::string name_of(const api::BundleTarget& target) {
  return target.name.empty() ? "without a name" : quote(target.name);
}

}  // namespace

Result<ClusterMatcher> ClusterMatcher::compile(const api::ClusterCriteria& criteria) {
  ClusterMatcher out;
  out.cluster_name_ = criteria.cluster_name;
  out.group_ = criteria.cluster_group;
  out.group_selector_ = TRY(compile_selector(criteria.cluster_group_selector));
  out.selector_ = TRY(compile_selector(criteria.cluster_selector));
  return out;
}

bool ClusterMatcher::matches(std::string_view cluster,
                             const api::StringMap& cluster_labels,
                             std::string_view group,
                             const api::StringMap& group_labels) const {
  bool has_criterion = !cluster_name_.empty() || !group_.empty() || selector_ || group_selector_;
  if (!has_criterion) return false;
  if (!cluster_name_.empty() && cluster_name_ != cluster &&
      cluster_name_ != label_of(cluster_labels, api::label::kClusterDisplayName)) {
    return false;
  }
  if (!group_.empty() && group_ != group) return false;
  if (group_selector_ && !group_selector_->matches(group_labels)) return false;
  return !selector_ || selector_->matches(cluster_labels);
}

bool ClusterMatcher::matches_any(std::string_view cluster,
                                 const api::StringMap& cluster_labels,
                                 const Groups& groups) const {
  return any_group(groups, [&](std::string_view group, const api::StringMap& labels) {
    return matches(cluster, cluster_labels, group, labels);
  });
}

Result<BundleMatcher> BundleMatcher::compile(const api::BundleSpec& bundle) {
  BundleMatcher out;
  size_t restrictions = bundle.target_restrictions.size();
  size_t targets = bundle.targets.size();
  // Without restrictions there are no customizations.
  size_t customizations = restrictions == 0 || restrictions > targets ? 0 : targets - restrictions;
  for (size_t i = 0; i < targets; ++i) {
    const api::BundleTarget& target = bundle.targets[i];
    Entry entry{&target, TRY(ClusterMatcher::compile(target.criteria()))};
    (i < customizations ? out.customizations_ : out.targets_).push_back(std::move(entry));
  }
  for (const api::BundleTargetRestriction& restriction : bundle.target_restrictions) {
    out.restrictions_.push_back(TRY(ClusterMatcher::compile(restriction)));
  }
  return out;
}

const api::BundleTarget* BundleMatcher::match(std::string_view cluster,
                                              const api::StringMap& labels,
                                              const Groups& groups) const {
  for (const Entry& entry : targets_) {
    // The restriction and the target must hold for the same group.
    bool is_match = any_group(groups, [&](std::string_view group, const api::StringMap& of_group) {
      bool is_allowed = restrictions_.empty();
      for (const ClusterMatcher& restriction : restrictions_) {
        is_allowed = is_allowed || restriction.matches(cluster, labels, group, of_group);
      }
      return is_allowed && entry.matcher.matches(cluster, labels, group, of_group);
    });
    if (is_match) return entry.target;
  }
  return nullptr;
}

const api::BundleTarget* BundleMatcher::named(std::string_view name) const {
  for (const auto* list : {&customizations_, &targets_}) {
    for (const Entry& entry : *list) {
      if (entry.target->name == name) return entry.target;
    }
  }
  return nullptr;
}

const api::BundleTarget* BundleMatcher::customization(std::string_view cluster,
                                                      const api::StringMap& labels,
                                                      const Groups& groups) const {
  for (const Entry& entry : customizations_) {
    if (entry.matcher.matches_any(cluster, labels, groups)) return entry.target;
  }
  return nullptr;
}

std::vector<const api::BundleTarget*> BundleMatcher::customizations(std::string_view cluster,
                                                                    const api::StringMap& labels,
                                                                    const Groups& groups) const {
  std::vector<const api::BundleTarget*> out;
  for (const Entry& entry : customizations_) {
    if (entry.matcher.matches_any(cluster, labels, groups)) out.push_back(entry.target);
  }
  return out;
}

Decision decide(const api::BundleSpec& bundle,
                const BundleMatcher& matcher,
                std::string_view cluster,
                const api::StringMap& labels,
                const Groups& groups) {
  Decision out;
  out.target = matcher.match(cluster, labels, groups);
  if (!out.target) {
    out.reason = bundle.target_restrictions.empty()
                     ? "no target matches this cluster"
                     : "no target of the GitRepo matches this cluster";
    return out;
  }
  if (out.target->do_not_deploy) {
    out.reason = cat("target ", name_of(*out.target), " matches and says doNotDeploy");
    return out;
  }
  if (bundle.target_customization_mode == api::kAllMatches) {
    out.customizations = matcher.customizations(cluster, labels, groups);
  } else if (const auto* first = matcher.customization(cluster, labels, groups)) {
    out.customizations.push_back(first);
  }
  std::vector<std::string> names;
  for (const api::BundleTarget* customization : out.customizations) {
    if (customization->do_not_deploy) {
      out.reason = cat("customization ", name_of(*customization), " says doNotDeploy");
      return out;
    }
    names.push_back(name_of(*customization));
  }
  out.is_deployed = true;
  out.reason = cat("target ", name_of(*out.target), " matches");
  if (!names.empty()) {
    out.reason += cat(names.size() == 1 ? ", customization " : ", customizations ",
                      join(names, ", "),
                      names.size() == 1 ? " applies" : " apply");
  }
  return out;
}

}  // namespace fleet::target
