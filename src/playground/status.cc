#include "playground/status.h"

#include <algorithm>

#include "base/strings.h"
#include "playground/pods.h"
#include "playground/rollout.h"

namespace fleet::playground {

using data::Value;
using kube::Object;

namespace {

int64_t count_ready(const std::vector<Object>& pods) {
  return std::count_if(pods.begin(), pods.end(), is_ready);
}

// Sets a count, or leaves it out when zero, as Go's omitempty does.
void set_count(Value& status, std::string_view field, int64_t count) {
  if (count != 0) status.set(field, count);
}

Value begin(const Object& object) {
  return Value::object({{"observedGeneration", object.generation()}});
}

// A condition in the Deployment's style; its times stay while the status does.
Value deployment_condition(const Object& deployment,
                           std::string_view type,
                           bool holds,
                           std::string_view reason,
                           const std::string& message,
                           TimePoint now) {
  std::string_view status = holds ? "True" : "False";
  std::string moved = format_rfc3339(now);
  std::string updated = moved;
  for (const Value& c : deployment.at({"status", "conditions"}).items()) {
    if (c["type"].as_string() != type || c["status"].as_string() != status) continue;
    moved = c["lastTransitionTime"].to_string();
    bool same = c["reason"].as_string() == reason && c["message"].as_string() == message;
    if (same) updated = c["lastUpdateTime"].to_string();
  }
  return Value::object({{"type", type},
                        {"status", status},
                        {"lastUpdateTime", updated},
                        {"lastTransitionTime", moved},
                        {"reason", reason},
                        {"message", message}});
}

}  // namespace

Value replicaset_status(const Object& set, const std::vector<Object>& pods) {
  Value status = begin(set);
  auto all = static_cast<int64_t>(pods.size());
  status.set("replicas", all);
  set_count(status, "fullyLabeledReplicas", all);
  set_count(status, "readyReplicas", count_ready(pods));
  set_count(status, "availableReplicas", count_ready(pods));
  return status;
}

Value statefulset_status(const Object& set, const std::vector<Object>& pods) {
  std::string revision = cat(set.name(), '-', template_hash(set.at({"spec", "template"})));
  auto is_current = [&](const Object& pod) {
    return pod.label("controller-revision-hash") == revision;
  };
  auto updated = std::count_if(pods.begin(), pods.end(), is_current);
  bool done = updated == replicas_of(set);
  Value status = begin(set);
  status.set("replicas", static_cast<int64_t>(pods.size()));
  set_count(status, "readyReplicas", count_ready(pods));
  set_count(status, "currentReplicas", updated);
  set_count(status, "updatedReplicas", updated);
  const Value& before = set.at({"status", "currentRevision"});
  status.set("currentRevision", done || before.is_null() ? Value(revision) : before);
  status.set("updateRevision", revision);
  status.set("collisionCount", 0);
  status.set("availableReplicas", count_ready(pods));
  return status;
}

Value daemonset_status(const Object& set, const std::vector<Object>& pods) {
  auto all = static_cast<int64_t>(pods.size());
  Value status = begin(set);
  status.set("currentNumberScheduled", all);
  status.set("desiredNumberScheduled", all);
  status.set("numberMisscheduled", 0);
  status.set("numberReady", count_ready(pods));
  set_count(status, "updatedNumberScheduled", all);
  set_count(status, "numberAvailable", count_ready(pods));
  set_count(status, "numberUnavailable", all - count_ready(pods));
  return status;
}

Value job_status(const Object& job, const std::vector<Object>& pods, TimePoint now) {
  auto in_phase = [&](std::string_view phase) {
    return std::count_if(pods.begin(), pods.end(), [&](const Object& pod) {
      return pod.at({"status", "phase"}).as_string() == phase;
    });
  };
  int64_t succeeded = in_phase("Succeeded");
  int64_t active = static_cast<int64_t>(pods.size()) - succeeded - in_phase("Failed");
  const Value& before = job["status"];
  const Value& started = before["startTime"];
  Value status = Value::object();
  status.set("startTime", started.is_null() ? Value(format_rfc3339(now)) : started);
  set_count(status, "active", active);
  set_count(status, "succeeded", succeeded);
  status.set("ready", count_ready(pods));
  status.set("terminating", 0);
  status.set("uncountedTerminatedPods", Value::object());
  if (succeeded < job.at({"spec", "completions"}).as_int(1)) return status;
  if (!before["completionTime"].is_null()) {
    status.set("completionTime", before["completionTime"]);
    status.set("conditions", before["conditions"]);
    return status;
  }
  std::string time = format_rfc3339(now);
  status.set("completionTime", time);
  for (std::string_view type : {"SuccessCriteriaMet", "Complete"}) {
    status.edit("conditions")
        .push_back(Value::object({{"type", type},
                                  {"status", "True"},
                                  {"lastProbeTime", time},
                                  {"lastTransitionTime", time},
                                  {"reason", "CompletionsReached"},
                                  {"message", "Reached expected number of succeeded pods"}}));
  }
  return status;
}

Value deployment_status(const Object& deployment,
                        const Object* fresh,
                        const std::vector<Object>& sets,
                        TimePoint now) {
  int64_t wanted = replicas_of(deployment);
  int64_t all = 0;
  int64_t ready = 0;
  for (const Object& set : sets) {
    all += set.at({"status", "replicas"}).as_int();
    ready += set.at({"status", "readyReplicas"}).as_int();
  }
  int64_t updated = fresh ? fresh->at({"status", "replicas"}).as_int() : 0;
  int64_t updated_ready = fresh ? fresh->at({"status", "readyReplicas"}).as_int() : 0;
  Value status = begin(deployment);
  set_count(status, "replicas", all);
  set_count(status, "updatedReplicas", updated);
  set_count(status, "readyReplicas", ready);
  set_count(status, "availableReplicas", ready);
  set_count(status, "unavailableReplicas", std::max(wanted, all) - ready);

  const Value& rolling = deployment.at({"spec", "strategy", "rollingUpdate", "maxUnavailable"});
  int64_t may_miss = rolling.is_integer() ? rolling.as_int() : wanted / 4;
  bool available = ready >= wanted - may_miss;
  bool complete = updated_ready == wanted && all == wanted;
  std::string name = fresh ? std::string(fresh->name()) : "";
  status.set(
      "conditions",
      Value::array({deployment_condition(
                        deployment,
                        "Available",
                        available,
                        available ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                        available ? "Deployment has minimum availability."
                                  : "Deployment does not have minimum availability.",
                        now),
                    deployment_condition(
                        deployment,
                        "Progressing",
                        true,
                        complete ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
                        cat("ReplicaSet \"",
                            name,
                            complete ? "\" has successfully progressed." : "\" is progressing."),
                        now)}));
  return status;
}

}  // namespace fleet::playground
