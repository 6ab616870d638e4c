// Which clusters a bundle goes to, and with which options. Read this first.
//
// A Bundle lists customizations first, then targets proper; the target restrictions say how many
// are targets proper. The first target proper that matches decides that the cluster is meant, the
// customizations decide the options.
// As Fleet 0.16. Errors: Invalid, for a selector that cannot be read. Pure.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "fleet/api/bundle.h"
#include "fleet/api/cluster.h"

namespace fleet::target {

// The groups of one cluster: name → labels.
using Groups = std::map<std::string, api::StringMap>;

// One entry's criteria, compiled. Without any criterion it matches nothing.
class ClusterMatcher {
 public:
  static Result<ClusterMatcher> compile(const api::ClusterCriteria& criteria);

  // With one group (or "" and no labels when the cluster is in none).
  bool matches(std::string_view cluster,
               const api::StringMap& cluster_labels,
               std::string_view group,
               const api::StringMap& group_labels) const;
  // With any of the cluster's groups.
  bool matches_any(std::string_view cluster,
                   const api::StringMap& cluster_labels,
                   const Groups& groups) const;

 private:
  std::string cluster_name_;
  std::string group_;
  std::optional<kube::LabelSelector> selector_;
  std::optional<kube::LabelSelector> group_selector_;
};

class BundleMatcher {
 public:
  // Lifetime: `bundle` outlives the matcher.
  static Result<BundleMatcher> compile(const api::BundleSpec& bundle);

  // The first target proper that matches under the restrictions; null: not a target.
  const api::BundleTarget* match(std::string_view cluster,
                                 const api::StringMap& labels,
                                 const Groups& groups) const;
  // The target by its name alone; null if there is none.
  const api::BundleTarget* named(std::string_view name) const;
  // The first customization that matches, or null.
  const api::BundleTarget* customization(std::string_view cluster,
                                         const api::StringMap& labels,
                                         const Groups& groups) const;
  // All of them, in order.
  std::vector<const api::BundleTarget*> customizations(std::string_view cluster,
                                                       const api::StringMap& labels,
                                                       const Groups& groups) const;

 private:
  struct Entry {
    const api::BundleTarget* target;
    ClusterMatcher matcher;
  };
  std::vector<Entry> customizations_;
  std::vector<Entry> targets_;
  std::vector<ClusterMatcher> restrictions_;
};

// Why a cluster is, or is not, a target, in one sentence for people: the same in CLI, UI and tests.
struct Decision {
  const api::BundleTarget* target = nullptr;  // null: not a target
  std::vector<const api::BundleTarget*> customizations;
  bool is_deployed = false;
  std::string reason;
};
Decision decide(const api::BundleSpec& bundle,
                const BundleMatcher& matcher,
                std::string_view cluster,
                const api::StringMap& labels,
                const Groups& groups);

}  // namespace fleet::target
