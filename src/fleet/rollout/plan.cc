#include "fleet/rollout/plan.h"

#include <algorithm>
#include <utility>

#include "base/strings.h"
#include "fleet/api/states.h"
#include "fleet/summary/summarize.h"

namespace fleet::rollout {

namespace {

using target::Target;

const api::RolloutStrategy& strategy_of(std::span<const Target> targets,
                                        const api::Bundle& bundle) {
  static const api::RolloutStrategy kDefault;
  // As upstream: without targets the strategy is not looked at.
  bool is_used = !targets.empty() && bundle.spec.rollout_strategy.has_value();
  return is_used ? *bundle.spec.rollout_strategy : kDefault;
}

// The deployment as it will be once the new id is written: what the bundle's summary counts.
api::BundleDeployment effective(const Target& target) {
  api::BundleDeployment out = *target.deployment;
  out.spec.deployment_id = target.deployment_id;
  return out;
}

void count_target(api::BundleSummary& summary, const Target& target) {
  ++summary.desired_ready;
  std::string name = target.cluster_id();
  if (!target.deployment) {
    summary::add_state(summary, name, api::state::kPending, "", {}, {});
    return;
  }
  api::BundleDeployment deployment = effective(target);
  summary::add_state(summary,
                     name,
                     summary::deployment_state(deployment),
                     summary::deployment_message(deployment),
                     deployment.status.modified_status,
                     deployment.status.non_ready_status);
}

Result<Partition> make_partition(std::string name,
                                 std::vector<size_t> members,
                                 std::span<const Target> targets,
                                 const std::optional<api::IntOrString>& own,
                                 const std::optional<api::IntOrString>& general) {
  Partition out;
  out.status.name = std::move(name);
  out.status.count = static_cast<int>(members.size());
  out.status.max_unavailable = TRY(limit(out.status.count, own, general));
  for (size_t member : members) {
    const Target& target = targets[member];
    count_target(out.status.summary, target);
    if (target.deployment && is_unavailable(*target.deployment)) ++out.status.unavailable;
  }
  out.members = std::move(members);
  return out;
}

Result<std::vector<Partition>> by_hand(std::span<const Target> targets,
                                       const api::RolloutStrategy& strategy) {
  std::vector<Partition> out;
  for (const api::Partition& definition : strategy.partitions) {
    target::ClusterMatcher matcher =
        TRY(target::ClusterMatcher::compile({definition.name,
                                             definition.cluster_name,
                                             definition.cluster_selector,
                                             definition.cluster_group,
                                             definition.cluster_group_selector}));
    std::vector<size_t> members;
    for (size_t i = 0; i < targets.size(); ++i) {
      const api::ObjectMeta& cluster = targets[i].cluster->metadata;
      if (matcher.matches_any(cluster.name, cluster.labels, targets[i].groups))
        members.push_back(i);
    }
    out.push_back(TRY(make_partition(definition.name,
                                     std::move(members),
                                     targets,
                                     definition.max_unavailable,
                                     strategy.max_unavailable)));
  }
  return out;
}

// Consecutive slices of `size`; all in one when there are few.
Result<std::vector<Partition>> by_size(std::span<const Target> targets,
                                       const api::RolloutStrategy& strategy) {
  auto slice = [&](std::string name, size_t from, size_t to) {
    std::vector<size_t> members;
    for (size_t i = from; i < to; ++i) {
      members.push_back(i);
    }
    return make_partition(
        std::move(name), std::move(members), targets, strategy.max_unavailable, std::nullopt);
  };
  std::vector<Partition> out;
  const auto& size = strategy.auto_partition_size;
  int threshold = strategy.auto_partition_threshold.value_or(kAutoPartitionThreshold);
  bool is_one = (size && !size->is_string && size->number <= 0) || threshold <= 0 ||
                targets.size() < static_cast<size_t>(threshold);
  if (is_one) {
    out.push_back(TRY(slice("All", 0, targets.size())));
    return out;
  }
  auto step = static_cast<size_t>(TRY(limit(
      static_cast<int>(targets.size()), size, api::IntOrString::of(std::string_view("25%")))));
  for (size_t from = 0; from < targets.size(); from += step) {
    size_t to = std::min(targets.size(), from + step);
    out.push_back(TRY(slice(cat("Partition ", from, " - ", to), from, to)));
  }
  return out;
}

bool is_up_to_date(const Target& target) {
  return target.deployment &&
         target.deployment->spec.staged_deployment_id == target.deployment_id &&
         target.deployment->spec.deployment_id == target.deployment_id &&
         target.deployment->status.applied_deployment_id == target.deployment_id;
}

// Gives the target a BundleDeployment while new ones may be made, and stages what is wanted.
void stage(Target& target, const api::Bundle& bundle, int max_new, api::BundleStatus& status) {
  if (!target.deployment && status.newly_created < max_new) {
    ++status.newly_created;
    const api::ObjectMeta& cluster = target.cluster->metadata;
    api::BundleDeployment made;
    made.metadata.name = bundle.metadata.name;
    made.metadata.namespace_ = target.cluster->status.namespace_;
    made.metadata.labels =
        target::deployment_labels(bundle.metadata, cluster.namespace_, cluster.name);
    target.deployment = std::move(made);
  }
  if (!target.deployment) return;
  target.deployment->spec.staged_options = target.options;
  target.deployment->spec.staged_deployment_id = target.deployment_id;
}

// Releases what is staged if both budgets have room, or if nothing is lost by it.
void release(Target& target,
             const api::Bundle& bundle,
             api::BundleStatus& status,
             api::PartitionStatus& partition) {
  if (!target.deployment || target::is_paused(target, bundle)) return;
  api::BundleDeploymentSpec& spec = target.deployment->spec;
  if (spec.staged_deployment_id.empty()) return;
  if (spec.deployment_id == spec.staged_deployment_id) {
    // What silences drift is no part of the id and is passed on at once.
    spec.options.diff = spec.staged_options.diff;
    return;
  }
  bool is_down = is_unavailable(*target.deployment);
  bool has_room = status.unavailable < status.max_unavailable &&
                  partition.unavailable < partition.max_unavailable;
  if (!is_down && !has_room) return;
  if (!is_down) {
    ++status.unavailable;
    ++partition.unavailable;
  }
  spec.deployment_id = spec.staged_deployment_id;
  spec.options = spec.staged_options;
}

int behind_or_down(const Partition& partition, std::span<const Target> targets) {
  auto is_behind = [&](size_t member) {
    const Target& target = targets[member];
    return !is_up_to_date(target) || is_unavailable(*target.deployment);
  };
  return static_cast<int>(std::ranges::count_if(partition.members, is_behind));
}

}  // namespace

bool is_unavailable(const api::BundleDeployment& deployment) {
  return deployment.status.applied_deployment_id != deployment.spec.deployment_id ||
         !deployment.status.ready;
}

int unavailable(std::span<const Target> targets) {
  return static_cast<int>(std::ranges::count_if(targets, [](const Target& target) {
    return target.deployment && is_unavailable(*target.deployment);
  }));
}

api::BundleSummary summarize(std::span<const Target> targets) {
  api::BundleSummary out;
  for (const Target& target : targets) {
    count_target(out, target);
  }
  return out;
}

Result<std::vector<Partition>> partition(std::span<const Target> targets,
                                         const api::Bundle& bundle) {
  const api::RolloutStrategy& strategy = strategy_of(targets, bundle);
  return strategy.partitions.empty() ? by_size(targets, strategy) : by_hand(targets, strategy);
}

Result<> reset_status(api::BundleStatus& status,
                      std::span<const Target> targets,
                      const api::Bundle& bundle) {
  int count = static_cast<int>(targets.size());
  status.max_unavailable = TRY(limit(count, strategy_of(targets, bundle).max_unavailable));
  status.newly_created = 0;
  status.summary = summarize(targets);
  status.partitions.clear();
  status.unavailable = unavailable(targets);
  return {};
}

Result<> update(api::BundleStatus& status, std::span<Target> targets, const api::Bundle& bundle) {
  const api::RolloutStrategy& strategy = strategy_of(targets, bundle);
  int max_new = strategy.max_new.value_or(kMaxNew);
  std::vector<Partition> partitions = TRY(partition(targets, bundle));
  status.unavailable_partitions = 0;
  status.max_unavailable_partitions = TRY(limit(static_cast<int>(partitions.size()),
                                                strategy.max_unavailable_partitions,
                                                api::IntOrString::of(0)));
  // As upstream, the status of a partition is that from before the step; only the budgets see what
  // the step changes.
  for (const Partition& partition : partitions) {
    status.partitions.push_back(partition.status);
  }
  for (Partition& partition : partitions) {
    for (size_t member : partition.members) {
      stage(targets[member], bundle, max_new, status);
    }
    for (size_t member : partition.members) {
      release(targets[member], bundle, status, partition.status);
    }
    if (behind_or_down(partition, targets) > partition.status.max_unavailable) {
      ++status.unavailable_partitions;
    }
    if (status.unavailable_partitions > status.max_unavailable_partitions) break;
  }
  return {};
}

}  // namespace fleet::rollout
