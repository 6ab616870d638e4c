// Many states → one state, counts, and a sentence for people.
//
// As Fleet 0.16. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "fleet/api/bundledeployment.h"
#include "fleet/api/summary_types.h"
#include "kube/meta/condition.h"

namespace fleet::summary {

// How many entries a summary names.
inline constexpr size_t kMaxNonReady = 10;

// Counts one more deployment in a state; names it, with its details, unless it is Ready or the list
// is full. desired_ready is the caller's to count.
void add_state(api::BundleSummary& summary,
               std::string_view name,
               std::string_view state,
               std::string_view message,
               const std::vector<api::ModifiedStatus>& modified,
               const std::vector<api::NonReadyStatus>& non_ready);
// Adds another summary. As upstream its whole list is appended while there are fewer than ten.
void add_summary(api::BundleSummary& left, const api::BundleSummary& right);
void add_counts(api::ResourceCounts& left, const api::ResourceCounts& right);

bool is_ready(const api::BundleSummary& summary);
// The worst state among the entries named, "" if there are none.
std::string worst_state(const api::BundleSummary& summary);

// The state of one BundleDeployment by its spec and status.
std::string_view deployment_state(const api::BundleDeployment& deployment);
// Why it is so: the message of Deployed, Installed or Monitored.
std::string deployment_message(const api::BundleDeployment& deployment);

// "NotReady(2) [Cluster ws/c1: why]; deployment.apps ns/web [progressing] …"; "" when all is well.
// `kind` is the word for what the entries are: Cluster or Bundle.
std::string ready_message(const api::BundleSummary& summary, std::string_view kind);
// The condition Ready: True, or False with that message (and the reason it had).
void set_ready_condition(std::vector<kube::Condition>& conditions,
                         std::string_view kind,
                         const api::BundleSummary& summary,
                         TimePoint now);

// One line each, as messages show them: "configmap.v1 ns/cm missing".
std::string describe(const api::ModifiedStatus& status);
std::string describe(const api::NonReadyStatus& status);
std::string describe(const api::ObjectSummary& summary);

}  // namespace fleet::summary
