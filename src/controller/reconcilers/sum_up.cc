// Many deployments → the status of the GitRepo they came from.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/strings.h"
#include "controller/reconcilers/gitrepo_reconciler.h"
#include "fleet/api/labels.h"
#include "fleet/api/states.h"
#include "fleet/summary/summarize.h"
#include "kube/meta/condition.h"

namespace fleet::controller {
namespace {

using Deployments = std::vector<std::shared_ptr<const api::BundleDeployment>>;

// One object of all clusters; kinds and names decide.
using Name = std::tuple<std::string, std::string, std::string, std::string>;

std::string cluster_id(const api::BundleDeployment& deployment) {
  return cat(deployment.metadata.label(api::label::kClusterNamespace),
             "/",
             deployment.metadata.label(api::label::kCluster));
}

std::string type_of(const std::string& api_version, const std::string& kind) {
  auto parts = cut(api_version, "/");
  return parts ? cat(parts->before, ".", to_lower(kind)) : to_lower(kind);
}

void add_cluster(api::PerClusterState& states, std::string_view state, const std::string& cluster) {
  if (state == "Ready") states.ready.push_back(cluster);
  if (state == "WaitApplied") states.wait_applied.push_back(cluster);
  if (state == "Pending") states.pending.push_back(cluster);
  if (state == "Modified") states.modified.push_back(cluster);
  if (state == "Orphaned") states.orphaned.push_back(cluster);
  if (state == "Missing") states.missing.push_back(cluster);
  if (state == "Unknown") states.unknown.push_back(cluster);
  if (state == "NotReady" || state == "updating" || state == "error")
    states.not_ready.push_back(cluster);
}

// The objects of one deployment and the state of each.
std::map<Name, std::string> states_of(const api::BundleDeployment& deployment) {
  std::map<Name, std::string> states;
  std::string general(summary::deployment_state(deployment));
  if (general == api::state::kNotReady || general == api::state::kModified) {
    general = deployment.status.incomplete_state ? "Unknown" : "Ready";
  }
  for (const auto& r : deployment.status.resources) {
    states[{r.kind, r.api_version, r.namespace_, r.name}] = general;
  }
  for (const auto& r : deployment.status.non_ready_status) {
    states[{r.kind, r.api_version, r.namespace_, r.name}] = r.summary.state;
  }
  for (const auto& r : deployment.status.modified_status) {
    states[{r.kind, r.api_version, r.namespace_, r.name}] = r.missing ? "Missing"
                                                            : r.extra ? "Orphaned"
                                                                      : "Modified";
  }
  return states;
}

void set_resources(api::StatusBase& status, const Deployments& deployments) {
  std::map<Name, api::Resource> resources;
  Deployments by_cluster = deployments;
  std::stable_sort(by_cluster.begin(), by_cluster.end(), [](const auto& a, const auto& b) {
    return cluster_id(*a) < cluster_id(*b);
  });
  status.resource_counts = {};
  status.per_cluster_resource_counts.clear();
  for (const auto& deployment : by_cluster) {
    const std::string cluster = cluster_id(*deployment);
    summary::add_counts(status.resource_counts, deployment->status.resource_counts);
    summary::add_counts(status.per_cluster_resource_counts[cluster],
                        deployment->status.resource_counts);
    for (const auto& [name, state] : states_of(*deployment)) {
      api::Resource& resource = resources[name];
      std::tie(resource.kind, resource.api_version, resource.namespace_, resource.name) = name;
      resource.type = type_of(resource.api_version, resource.kind);
      resource.id = resource.namespace_.empty() ? resource.name
                                                : cat(resource.namespace_, "/", resource.name);
      resource.incomplete_state = resource.incomplete_state || deployment->status.incomplete_state;
      if (resource.state.empty() || resource.state == api::state::kReady) resource.state = state;
      add_cluster(resource.per_cluster_state, state, cluster);
    }
  }
  status.resources.clear();
  for (auto& [name, resource] : resources)
    status.resources.push_back(std::move(resource));
  std::sort(status.resources.begin(), status.resources.end(), [](const auto& a, const auto& b) {
    return cat(a.type, "/", a.id) < cat(b.type, "/", b.id);
  });
}

void set_counts(api::StatusBase& status, const Deployments& deployments) {
  status.summary = {};
  status.display = {};
  std::map<std::string, bool> clusters;
  int worst = 0;
  for (const auto& deployment : deployments) {
    const std::string_view state = summary::deployment_state(*deployment);
    const std::string message = summary::deployment_message(*deployment);
    summary::add_state(status.summary,
                       deployment->metadata.name,
                       state,
                       message,
                       deployment->status.modified_status,
                       deployment->status.non_ready_status);
    ++status.summary.desired_ready;
    auto [cluster, fresh] = clusters.try_emplace(cluster_id(*deployment), true);
    cluster->second = cluster->second && state == api::state::kReady;
    if (api::state_rank(state) <= worst) continue;
    worst = api::state_rank(state);
    status.display.state = state;
    status.display.message = message;
    status.display.error = !message.empty();
  }
  status.desired_ready_clusters = static_cast<int>(clusters.size());
  status.ready_clusters = static_cast<int>(
      std::count_if(clusters.begin(), clusters.end(), [](const auto& c) { return c.second; }));
  if (status.display.state != api::state::kReady) return;
  status.display = {};
}

}  // namespace

void sum_up(api::GitRepo& repo,
            const Deployments& deployments,
            const std::vector<std::shared_ptr<const api::Bundle>>& bundles,
            TimePoint now) {
  Deployments sorted = deployments;
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return a->metadata.uid < b->metadata.uid;
  });
  api::StatusBase& status = repo.status.base;
  set_counts(status, sorted);
  set_resources(status, sorted);
  summary::set_ready_condition(status.conditions, "Bundle", status.summary, now);
  status.display.ready_bundle_deployments =
      cat(status.summary.ready, "/", status.summary.desired_ready);
  if (repo.status.git_job_status != "Current") status.display.state = "GitUpdating";
  // What kept a bundle from being deployed at all is shown here, too.
  auto by_uid = bundles;
  std::sort(by_uid.begin(), by_uid.end(), [](const auto& a, const auto& b) {
    return a->metadata.uid < b->metadata.uid;
  });
  for (const auto& bundle : by_uid) {
    const kube::Condition* ready = kube::find_condition(bundle->status.conditions, "Ready");
    if (ready == nullptr || !ready->is_false()) continue;
    kube::edit_condition(status.conditions, "Ready") = *ready;
    break;
  }
}

}  // namespace fleet::controller
