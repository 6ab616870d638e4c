// Tables fleet-rollout and fleet-summary: budgets, partitions, steps; states, counts, sentences.
#include <memory>
#include <string>
#include <vector>

#include "fleet/api/states.h"
#include "fleet/parts.h"
#include "fleet/rollout/plan.h"
#include "fleet/summary/summarize.h"

namespace fleet::conformance {
namespace {

using data::Value;

constexpr size_t kLongList = 12;
constexpr std::string_view kNew = "new";
constexpr std::string_view kOld = "old";

// A BundleDeployment with everything at `id`, ready or not.
api::BundleDeployment deployed(std::string_view id, bool is_ready) {
  api::BundleDeployment out;
  out.spec.deployment_id = id;
  out.spec.staged_deployment_id = id;
  out.status.applied_deployment_id = id;
  out.status.ready = is_ready;
  out.status.non_modified = true;
  return out;
}

std::optional<api::BundleDeployment> in_state(std::string_view states, size_t i) {
  if (states == "none") return std::nullopt;
  if (states == "new") return deployed(kNew, true);
  if (states == "unready") return deployed(kOld, false);
  if (states != "mixed") return deployed(kOld, true);
  api::BundleDeployment out;
  switch (i % 7) {
    case 1:
      return deployed(kOld, false);
    case 2:
      return std::nullopt;
    case 3:
      return deployed(kNew, true);
    case 4:
      out = deployed(kOld, true);
      out.status.applied_deployment_id = "older";
      return out;
    case 5:
      out = deployed(kNew, true);
      out.status.non_modified = false;
      return out;
    case 6:
      return deployed(kNew, false);
    default:
      return deployed(kOld, true);
  }
}

std::string cluster_name(size_t i) {
  std::string digits = std::to_string(i);
  return "c" + std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits;
}

std::vector<target::Target> make_targets(const Value& in) {
  constexpr const char* kEnvironments[] = {"dev", "test", "prod"};
  std::string states = in["states"].to_string();
  std::vector<target::Target> out;
  for (size_t i = 0; i < static_cast<size_t>(in["targets"].as_int()); ++i) {
    auto cluster = std::make_shared<api::Cluster>();
    cluster->metadata.name = cluster_name(i);
    cluster->metadata.namespace_ = "ws";
    cluster->metadata.labels = {{"env", kEnvironments[i % 3]}, {"n", std::to_string(i % 10)}};
    cluster->status.namespace_ = "cluster-" + cluster->metadata.name;
    cluster->spec.paused = states == "paused" && i % 2 == 0;
    target::Target target;
    if (i % 4 == 0) target.groups = {{"g", {{"tier", "one"}}}};
    target.cluster = cluster;
    target.deployment_id = kNew;
    target.deployment = in_state(states, i);
    out.push_back(std::move(target));
  }
  return out;
}

Result<api::Bundle> make_bundle(const Value& in) {
  api::Bundle out;
  out.metadata.name = "b";
  out.metadata.namespace_ = "ws";
  out.spec.rollout_strategy = TRY(data::decode<api::RolloutStrategy>(in["strategy"]));
  return out;
}

Value name_list(const std::vector<std::string>& names, bool is_nullable) {
  if (names.empty() && is_nullable) return Value();
  if (names.size() > kLongList) {
    return Value::object(
        {{"count", names.size()}, {"first", names.front()}, {"last", names.back()}});
  }
  Value out = Value::array();
  for (const std::string& name : names) {
    out.push_back(name);
  }
  return out;
}

template <typename Holds>
Value clusters_where(const std::vector<target::Target>& targets, Holds holds) {
  std::vector<std::string> names;
  for (const target::Target& target : targets) {
    if (holds(target)) names.push_back(target.cluster->metadata.name);
  }
  return name_list(names, true);
}

Value partition_value(const api::PartitionStatus& status) {
  return Value::object({{"name", status.name},
                        {"count", status.count},
                        {"maxUnavailable", status.max_unavailable},
                        {"unavailable", status.unavailable}});
}

Result<Value> partitions_row(const Value& in) {
  std::vector<target::Target> targets = make_targets(in);
  api::Bundle bundle = TRY(make_bundle(in));
  Value out = Value::array();
  for (const rollout::Partition& each : TRY(rollout::partition(targets, bundle))) {
    std::vector<std::string> members;
    for (size_t member : each.members) {
      members.push_back(targets[member].cluster->metadata.name);
    }
    Value value = partition_value(each.status);
    value.set("members", name_list(members, false));
    out.push_back(std::move(value));
  }
  return out;
}

Result<Value> update_row(const Value& in) {
  std::vector<target::Target> targets = make_targets(in);
  std::vector<target::Target> before = targets;
  api::Bundle bundle = TRY(make_bundle(in));
  api::BundleStatus status;
  TRY(rollout::reset_status(status, targets, bundle));
  TRY(rollout::update(status, targets, bundle));
  Value partitions = Value::array();
  for (const api::PartitionStatus& each : status.partitions) {
    partitions.push_back(partition_value(each));
  }
  auto was_there = [&](const target::Target& target) {
    return before[static_cast<size_t>(&target - targets.data())].deployment.has_value();
  };
  return Value::object(
      {{"created",
        clusters_where(targets, [&](const auto& t) { return t.deployment && !was_there(t); })},
       {"staged",
        clusters_where(targets,
                       [](const auto& t) {
                         return t.deployment && t.deployment->spec.staged_deployment_id == kNew;
                       })},
       {"deployed",
        clusters_where(targets,
                       [](const auto& t) {
                         return t.deployment && t.deployment->spec.deployment_id == kNew;
                       })},
       {"maxUnavailable", status.max_unavailable},
       {"maxUnavailablePartitions", status.max_unavailable_partitions},
       {"newlyCreated", status.newly_created},
       {"partitions", partitions},
       {"unavailable", status.unavailable},
       {"unavailablePartitions", status.unavailable_partitions}});
}

Result<Value> rollout_row(const std::string& group, const Value& in) {
  if (group == "partitions") return partitions_row(in);
  if (group == "update") return update_row(in);
  using Limits = std::vector<std::optional<api::IntOrString>>;
  int count = static_cast<int>(in["count"].as_int());
  Limits limits{TRY(data::decode<std::optional<api::IntOrString>>(in["value"]))};
  if (in.contains("values")) limits = TRY(data::decode<Limits>(in["values"]));
  limits.resize(2);
  return Value(TRY(rollout::limit(count, limits[0], limits[1])));
}

Value condition_list(const std::vector<kube::Condition>& conditions) {
  Value out = Value::array();
  for (const kube::Condition& each : conditions) {
    out.push_back(Value::object({{"type", each.type},
                                 {"status", each.status},
                                 {"reason", each.reason},
                                 {"message", each.message}}));
  }
  return out;
}

Result<Value> states_row(const Value& in) {
  api::BundleSummary summary;
  size_t i = 0;
  for (const Value& state : in["states"].items()) {
    std::string name = "ws/c" + std::to_string(i++);
    summary::add_state(summary, name, state.to_string(), in["message"].to_string(), {}, {});
    ++summary.desired_ready;
  }
  std::vector<kube::Condition> conditions;
  summary::set_ready_condition(conditions, "Cluster", summary, TimePoint{});
  return Value::object({{"condition", condition_list(conditions)},
                        {"ready", summary::is_ready(summary)},
                        {"readyMessage", summary::ready_message(summary, "Cluster")},
                        {"state", summary::worst_state(summary)},
                        {"summary", data::encode(summary)}});
}

Result<Value> increment_row(const Value& in) {
  auto build = [](const Value& states, std::string_view prefix, std::string_view message) {
    api::BundleSummary out;
    size_t i = 0;
    for (const Value& state : states.items()) {
      std::string name = std::string(prefix) + std::to_string(i++);
      summary::add_state(out, name, state.to_string(), message, {}, {});
    }
    return out;
  };
  api::BundleSummary left = build(in["left"], "l", "");
  summary::add_summary(left, build(in["right"], "r", "m"));
  return data::encode(left);
}

Result<Value> deployment_row(const Value& in) {
  api::BundleDeployment deployment;
  deployment.spec.deployment_id = in["deploymentID"].to_string();
  deployment.spec.staged_deployment_id = in["staged"].to_string();
  deployment.status.applied_deployment_id = in["applied"].to_string();
  deployment.status.ready = in["ready"].as_bool();
  deployment.status.non_modified = in["nonModified"].as_bool();
  deployment.status.conditions = TRY(data::decode<std::vector<kube::Condition>>(in["conditions"]));
  return Value::object({{"message", summary::deployment_message(deployment)},
                        {"state", summary::deployment_state(deployment)}});
}

Result<Value> summary_row(const std::string& group, const Value& in) {
  if (group == "states") return states_row(in);
  if (group == "increment") return increment_row(in);
  if (group == "deployment") return deployment_row(in);
  if (group == "rank") return Value(api::state_rank(in["state"].as_string()));
  auto summary = TRY(data::decode<api::BundleSummary>(in["summary"]));
  return Value::object({{"message", summary::ready_message(summary, in["kind"].to_string())},
                        {"state", summary::worst_state(summary)}});
}

}  // namespace

void add_rollout_tables(Families& families) {
  add_table(families, "fleet-rollout", rollout_row);
  add_table(families, "fleet-summary", summary_row);
}

}  // namespace fleet::conformance
