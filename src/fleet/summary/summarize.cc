#include "fleet/summary/summarize.h"

#include <algorithm>
#include <utility>

#include "base/strings.h"
#include "fleet/api/states.h"

namespace fleet::summary {

namespace {

// How many details of one entry a message shows.
constexpr size_t kMaxDetails = 4;

int api::BundleSummary::*counter(std::string_view state) {
  using S = api::BundleSummary;
  if (state == api::state::kModified) return &S::modified;
  if (state == api::state::kPending) return &S::pending;
  if (state == api::state::kWaitApplied) return &S::wait_applied;
  if (state == api::state::kErrApplied) return &S::err_applied;
  if (state == api::state::kNotReady) return &S::not_ready;
  if (state == api::state::kOutOfSync) return &S::out_of_sync;
  if (state == api::state::kReady) return &S::ready;
  return nullptr;
}

const kube::Condition* condition(const api::BundleDeployment& deployment, std::string_view type) {
  return kube::find_condition(deployment.status.conditions, type);
}

std::string condition_message(const api::BundleDeployment& deployment, std::string_view type) {
  const kube::Condition* found = condition(deployment, type);
  return found ? found->message : std::string();
}

std::string describe_object(std::string_view api_version,
                            std::string_view kind,
                            std::string_view namespace_name,
                            std::string_view name) {
  std::string out = to_lower(kind);
  if (!api_version.empty()) out += cat(".", api_version.substr(0, api_version.find('/')));
  out += ' ';
  if (!namespace_name.empty()) out += cat(namespace_name, "/");
  return out + std::string(name);
}

// What one state contributes: its first entry, with some of its details.
void describe_state(const api::BundleSummary& summary,
                    std::string_view state,
                    std::string_view kind,
                    std::vector<std::string>& pieces) {
  int count = summary.*counter(state);
  if (count <= 0) return;
  auto entry = std::ranges::find(summary.non_ready_resources, state, &api::NonReadyResource::state);
  if (entry == summary.non_ready_resources.end()) return;
  std::string why = entry->message.empty() ? "" : cat(": ", entry->message);
  pieces.push_back(cat(state, "(", count, ") [", kind, " ", entry->name, why, "]"));
  for (size_t i = 0; i < std::min(kMaxDetails, entry->modified_status.size()); ++i) {
    pieces.push_back(describe(entry->modified_status[i]));
  }
  for (size_t i = 0; i < std::min(kMaxDetails, entry->non_ready_status.size()); ++i) {
    pieces.push_back(describe(entry->non_ready_status[i]));
  }
}

}  // namespace

void add_state(api::BundleSummary& summary,
               std::string_view name,
               std::string_view state,
               std::string_view message,
               const std::vector<api::ModifiedStatus>& modified,
               const std::vector<api::NonReadyStatus>& non_ready) {
  if (auto count = counter(state)) ++(summary.*count);
  bool is_named = !name.empty() && state != api::state::kReady;
  if (!is_named || summary.non_ready_resources.size() >= kMaxNonReady) return;
  summary.non_ready_resources.push_back({.name = std::string(name),
                                         .state = std::string(state),
                                         .message = std::string(message),
                                         .modified_status = modified,
                                         .non_ready_status = non_ready});
}

void add_summary(api::BundleSummary& left, const api::BundleSummary& right) {
  for (std::string_view state : api::state::kAll) {
    left.*counter(state) += right.*counter(state);
  }
  left.desired_ready += right.desired_ready;
  if (left.non_ready_resources.size() >= kMaxNonReady) return;
  left.non_ready_resources.insert(left.non_ready_resources.end(),
                                  right.non_ready_resources.begin(),
                                  right.non_ready_resources.end());
}

void add_counts(api::ResourceCounts& left, const api::ResourceCounts& right) {
  using C = api::ResourceCounts;
  for (auto count : {&C::ready,
                     &C::desired_ready,
                     &C::wait_applied,
                     &C::modified,
                     &C::orphaned,
                     &C::missing,
                     &C::unknown,
                     &C::not_ready}) {
    left.*count += right.*count;
  }
}

bool is_ready(const api::BundleSummary& summary) {
  return summary.desired_ready == summary.ready;
}

std::string worst_state(const api::BundleSummary& summary) {
  std::string worst;
  for (const api::NonReadyResource& entry : summary.non_ready_resources) {
    if (api::state_rank(entry.state) > api::state_rank(worst)) worst = entry.state;
  }
  return worst;
}

std::string_view deployment_state(const api::BundleDeployment& deployment) {
  const api::BundleDeploymentSpec& spec = deployment.spec;
  const api::BundleDeploymentStatus& status = deployment.status;
  if (status.applied_deployment_id != spec.deployment_id) {
    const kube::Condition* deployed = condition(deployment, "Deployed");
    return deployed && deployed->is_false() ? api::state::kErrApplied : api::state::kWaitApplied;
  }
  if (!status.ready) return api::state::kNotReady;
  if (spec.deployment_id != spec.staged_deployment_id) return api::state::kOutOfSync;
  if (!status.non_modified) return api::state::kModified;
  return api::state::kReady;
}

std::string deployment_message(const api::BundleDeployment& deployment) {
  std::string message = condition_message(deployment, "Deployed");
  bool is_applied = deployment.status.applied_deployment_id == deployment.spec.deployment_id;
  if (message.empty() && is_applied) message = condition_message(deployment, "Installed");
  if (message.empty()) message = condition_message(deployment, "Monitored");
  return message;
}

std::string ready_message(const api::BundleSummary& summary, std::string_view kind) {
  std::vector<std::string> pieces;
  for (std::string_view state : api::state::kAll) {
    if (state != api::state::kReady) describe_state(summary, state, kind, pieces);
  }
  std::ranges::sort(pieces);
  return join(pieces, "; ");
}

void set_ready_condition(std::vector<kube::Condition>& conditions,
                         std::string_view kind,
                         const api::BundleSummary& summary,
                         TimePoint now) {
  std::string message = ready_message(summary, kind);
  kube::set_status(conditions, "Ready", message.empty() ? "True" : "False", now);
  kube::set_message(conditions, "Ready", message, now);
  if (message.empty()) kube::set_reason(conditions, "Ready", "", now);
}

std::string describe(const api::ModifiedStatus& status) {
  std::string object =
      describe_object(status.api_version, status.kind, status.namespace_, status.name);
  if (status.missing) return object + (status.exist ? " is not owned by us" : " missing");
  if (status.extra) return object + " extra";
  return cat(object, " modified ", status.patch);
}

std::string describe(const api::NonReadyStatus& status) {
  std::string object =
      describe_object(status.api_version, status.kind, status.namespace_, status.name);
  return cat(object, " ", describe(status.summary));
}

std::string describe(const api::ObjectSummary& summary) {
  if (!summary.transitioning && !summary.error) return summary.state;
  // As upstream, an error alone has no opening bracket.
  std::string out = summary.transitioning ? "[progressing" : "";
  if (summary.error) out += summary.transitioning ? ",error" : "error";
  out += ']';
  if (!summary.message.empty()) out += cat(" ", join(summary.message, ", "));
  return out;
}

}  // namespace fleet::summary
