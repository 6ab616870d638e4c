#include "kube/health/workloads.h"

#include <cstdint>

#include "base/strings.h"

namespace fleet::kube::detail {
namespace {

using data::Value;

// The counts that workloads report. A missing count is zero, missing spec.replicas is one.
struct Counts {
  explicit Counts(const Value& object)
      : spec(object.at({"spec", "replicas"}).as_int(1)),
        status(object.at({"status", "replicas"}).as_int()),
        updated(object.at({"status", "updatedReplicas"}).as_int()),
        ready(object.at({"status", "readyReplicas"}).as_int()),
        current(object.at({"status", "currentReplicas"}).as_int()),
        available(object.at({"status", "availableReplicas"}).as_int()),
        labelled(object.at({"status", "fullyLabeledReplicas"}).as_int()) {}

  int64_t spec, status, updated, ready, current, available, labelled;
};

std::string ratio(std::string_view name, int64_t have, int64_t want) {
  return cat(name, ": ", have, "/", want);
}

const Value& condition(const Value& object, std::string_view type) {
  static const Value kNone;
  for (const Value& c : object.at({"status", "conditions"}).items()) {
    if (c["type"].as_string() == type) return c;
  }
  return kNone;
}

constexpr int64_t kNoDeadline = INT32_MAX;

}  // namespace

KStatus current(std::string_view message) {
  return KStatus{Progress::Current, std::string(message), "", ""};
}

KStatus in_progress(std::string_view reason, std::string_view message) {
  return KStatus{
      Progress::InProgress, std::string(message), std::string(reason), std::string(message)};
}

KStatus failed(std::string_view reason, std::string_view message) {
  return KStatus{Progress::Failed, std::string(message), std::string(reason), std::string(message)};
}

KStatus deployment(const Value& object) {
  const int64_t deadline = object.at({"spec", "progressDeadlineSeconds"}).as_int(kNoDeadline);
  bool progressing = deadline == kNoDeadline;
  const Value& progress = condition(object, "Progressing");
  if (progress["reason"].as_string() == "ProgressDeadlineExceeded") {
    KStatus late = failed("ProgressDeadlineExceeded", "Progress deadline exceeded");
    late.condition_message = progress["message"].to_string();
    return late;
  }
  if (progress["status"].as_string() == "True" &&
      progress["reason"].as_string() == "NewReplicaSetAvailable") {
    progressing = true;
  }
  const Counts n(object);
  if (n.spec > n.status) return in_progress("LessReplicas", ratio("Replicas", n.status, n.spec));
  if (n.spec > n.updated) return in_progress("LessUpdated", ratio("Updated", n.updated, n.spec));
  if (n.status > n.spec) {
    return in_progress("ExtraPods", cat("Pending termination: ", n.status - n.spec));
  }
  if (n.updated > n.available) {
    return in_progress("LessAvailable", ratio("Available", n.available, n.updated));
  }
  if (n.spec > n.ready) return in_progress("LessReady", ratio("Ready", n.ready, n.spec));
  if (!progressing) return in_progress("ReplicaSetNotAvailable", "ReplicaSet not Available");
  if (condition(object, "Available")["status"].as_string() != "True") {
    return in_progress("DeploymentNotAvailable", "Deployment not Available");
  }
  return current(cat("Deployment is available. Replicas: ", n.status));
}

KStatus replica_set(const Value& object) {
  if (condition(object, "ReplicaFailure")["status"].as_string() == "True") {
    return in_progress("ReplicaFailure", "Replica Failure condition. Check Pods");
  }
  const Counts n(object);
  if (n.spec > n.labelled) {
    return in_progress("LessLabelled", ratio("Labelled", n.labelled, n.spec));
  }
  if (n.spec > n.available) {
    return in_progress("LessAvailable", ratio("Available", n.available, n.spec));
  }
  if (n.spec > n.ready) return in_progress("LessReady", ratio("Ready", n.ready, n.spec));
  if (n.status > n.spec) {
    return in_progress("ExtraPods", cat("Pending termination: ", n.status - n.spec));
  }
  return current(cat("ReplicaSet is available. Replicas: ", n.status));
}

KStatus stateful_set(const Value& object) {
  if (object.at({"spec", "updateStrategy", "type"}).as_string() == "OnDelete") {
    return current("StatefulSet is using the ondelete update strategy");
  }
  const Counts n(object);
  if (n.spec > n.status) return in_progress("LessReplicas", ratio("Replicas", n.status, n.spec));
  if (n.spec > n.ready) return in_progress("LessReady", ratio("Ready", n.ready, n.spec));
  if (n.status > n.spec) {
    return in_progress("ExtraPods", cat("Pending termination: ", n.status - n.spec));
  }
  const Value& partition = object.at({"spec", "updateStrategy", "rollingUpdate", "partition"});
  if (!partition.is_null() && partition.as_int(-1) != -1) {
    const int64_t wanted = n.spec - partition.as_int();
    if (n.updated < wanted) {
      return in_progress("PartitionRollout", ratio("updated", n.updated, wanted));
    }
    return current(cat("Partition rollout complete. updated: ", n.updated));
  }
  if (n.spec > n.current) return in_progress("LessCurrent", ratio("current", n.current, n.spec));
  if (object.at({"status", "currentRevision"}).as_string() !=
      object.at({"status", "updateRevision"}).as_string()) {
    return in_progress("RevisionMismatch", "Waiting for updated revision to match current");
  }
  return current(cat("All replicas scheduled as expected. Replicas: ", n.status));
}

KStatus daemon_set(const Value& object) {
  if (!object.at({"metadata", "generation"}).is_number()) {
    return in_progress("NoGeneration", "DaemonSet metadata.generation not found");
  }
  const Value& status = object["status"];
  if (!status["observedGeneration"].is_number()) {
    return in_progress("NoObservedGeneration", "DaemonSet status.observedGeneration not found");
  }
  const int64_t wanted = status["desiredNumberScheduled"].as_int(-1);
  if (wanted == -1) {
    return in_progress("NoDesiredNumber", "Missing .status.desiredNumberScheduled");
  }
  const int64_t scheduled = status["currentNumberScheduled"].as_int();
  const int64_t updated = status["updatedNumberScheduled"].as_int();
  const int64_t available = status["numberAvailable"].as_int();
  const int64_t ready = status["numberReady"].as_int();
  if (wanted > scheduled) return in_progress("LessCurrent", ratio("Current", scheduled, wanted));
  if (wanted > updated) return in_progress("LessUpdated", ratio("Updated", updated, wanted));
  if (wanted > available) {
    return in_progress("LessAvailable", ratio("Available", available, wanted));
  }
  if (wanted > ready) return in_progress("LessReady", ratio("Ready", ready, wanted));
  return current(cat("All replicas scheduled as expected. Replicas: ", wanted));
}

KStatus job(const Value& object) {
  const Value& status = object["status"];
  const int64_t completions = object.at({"spec", "completions"}).as_int(1);
  const int64_t succeeded = status["succeeded"].as_int();
  const int64_t active = status["active"].as_int();
  const int64_t failures = status["failed"].as_int();
  for (const Value& c : status["conditions"].items()) {
    if (c["status"].as_string() != "True") continue;
    if (c["type"].as_string() == "Complete") {
      return current(cat("Job Completed. succeeded: ", succeeded, "/", completions));
    }
    if (c["type"].as_string() == "Failed") {
      return failed("JobFailed", cat("Job Failed. failed: ", failures, "/", completions));
    }
  }
  if (status["startTime"].as_string().empty())
    return in_progress("JobNotStarted", "Job not started");
  return current(
      cat("Job in progress. success:", succeeded, ", active: ", active, ", failed: ", failures));
}

}  // namespace fleet::kube::detail
