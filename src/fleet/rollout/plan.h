// The next step of a rollout, never more: which targets are staged, which are released.
//
// Targets × what is deployed → partitions, one after another, each with a budget of clusters that
// may be down. As Fleet 0.16, including what its documents say otherwise: a target in no manual
// partition is never updated. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "fleet/api/bundle.h"
#include "fleet/target/target.h"

namespace fleet::rollout {

inline constexpr int kMaxNew = 50;                   // BundleDeployments created in one step
inline constexpr int kAutoPartitionThreshold = 200;  // fewer targets make one partition

// How many of `count` a limit allows; the first limit given counts, 100% if none.
// A percentage is rounded down, but never to zero; a whole number given as text is not capped.
// Errors: Invalid: "invalid maxUnavailable, must be int or percentage (ending with %): x".
Result<int> limit(int count,
                  const std::optional<api::IntOrString>& first,
                  const std::optional<api::IntOrString>& second = std::nullopt);

struct Partition {
  api::PartitionStatus status;
  std::vector<size_t> members;  // indexes of targets, in their order
};

// Order: as given; two runs over the same targets give the same partitions.
Result<std::vector<Partition>> partition(std::span<const target::Target> targets,
                                         const api::Bundle& bundle);

// The counts of all targets, before anything changes: what Bundle.status.summary says.
api::BundleSummary summarize(std::span<const target::Target> targets);
int unavailable(std::span<const target::Target> targets);
bool is_unavailable(const api::BundleDeployment& deployment);

// Starts the bundle's status anew from the targets: summary, unavailable, maxUnavailable.
Result<> reset_status(api::BundleStatus& status,
                      std::span<const target::Target> targets,
                      const api::Bundle& bundle);

// The step: gives targets their BundleDeployments, stages and releases within the budgets, and
// says so in `status`. Targets must all be of `bundle`.
Result<> update(api::BundleStatus& status,
                std::span<target::Target> targets,
                const api::Bundle& bundle);

}  // namespace fleet::rollout
