#include <algorithm>
#include <optional>

#include "base/strings.h"
#include "kube/builtin/printers.h"
#include "kube/meta/condition.h"
#include "kube/meta/selector.h"
#include "text/duration.h"

namespace fleet::kube::builtin {
namespace {

using data::Value;

std::string ended(const Value& terminated) {
  std::string reason = terminated["reason"].to_string();
  if (!reason.empty()) return reason;
  int64_t signal = terminated["signal"].as_int();
  return signal != 0 ? cat("Signal:", signal) : cat("ExitCode:", terminated["exitCode"].as_int());
}

struct PodState {
  std::string reason;
  int64_t ready = 0;
  int64_t total = 0;
  int64_t restarts = 0;
  std::optional<TimePoint> last_restart;
};

bool restartable(const Row& row, const Value& name) {
  for (const Value& container : row.at({"spec", "initContainers"}).items()) {
    if (container["name"] == name) {
      return container["restartPolicy"].is_string() &&
             container["restartPolicy"].as_string() == "Always";
    }
  }
  return false;
}

void count_restarts(PodState& state, const Value& status) {
  state.restarts += status["restartCount"].as_int();
  auto finished = parse_rfc3339(status.at({"lastState", "terminated", "finishedAt"}).as_string());
  if (finished && (!state.last_restart || *finished > *state.last_restart)) {
    state.last_restart = finished;
  }
}

// True while init containers still run; the reason says which.
bool read_init(const Row& row, PodState& state) {
  const Value& statuses = row.at({"status", "initContainerStatuses"});
  size_t total = row.at({"spec", "initContainers"}).size();
  for (size_t i = 0; i < statuses.size(); ++i) {
    const Value& status = statuses[i];
    count_restarts(state, status);
    const Value& terminated = status.at({"state", "terminated"});
    const Value& waiting = status.at({"state", "waiting", "reason"});
    if (!terminated.is_null() && terminated["exitCode"].as_int() == 0) continue;
    if (restartable(row, status["name"]) && status["started"].as_bool()) {
      if (status["ready"].as_bool()) ++state.ready;
      continue;
    }
    if (!terminated.is_null()) {
      state.reason = "Init:" + ended(terminated);
    } else if (waiting.is_string() && !waiting.as_string().empty() &&
               waiting.as_string() != "PodInitializing") {
      state.reason = cat("Init:", waiting.as_string());
    } else {
      state.reason = cat("Init:", i, "/", total);
    }
    return true;
  }
  return false;
}

void read_containers(const Row& row, PodState& state) {
  state.restarts = 0;
  bool has_running = false;
  auto statuses = row.at({"status", "containerStatuses"}).items();
  for (auto status = statuses.rbegin(); status != statuses.rend(); ++status) {
    count_restarts(state, *status);
    const Value& waiting = status->at({"state", "waiting", "reason"});
    const Value& terminated = status->at({"state", "terminated"});
    if (waiting.is_string() && !waiting.as_string().empty()) {
      state.reason = waiting.as_string();
    } else if (!terminated.is_null()) {
      state.reason = ended(terminated);
    } else if ((*status)["ready"].as_bool() && !status->at({"state", "running"}).is_null()) {
      has_running = true;
      ++state.ready;
    }
  }
  if (state.reason == "Completed" && has_running) {
    state.reason = has_condition(row.object, "Ready") ? "Running" : "NotReady";
  }
}

PodState state_of(const Row& row) {
  PodState state;
  const Value& status = row.object["status"];
  state.reason =
      status["reason"].is_string() ? status["reason"].to_string() : status["phase"].to_string();
  state.total = static_cast<int64_t>(row.at({"spec", "containers"}).size());
  for (const Value& container : row.at({"spec", "initContainers"}).items()) {
    if (restartable(row, container["name"])) ++state.total;
  }
  for (const Value& condition : status["conditions"].items()) {
    if (condition["type"].as_string() == "PodScheduled" &&
        condition["reason"].as_string() == "SchedulingGated") {
      state.reason = "SchedulingGated";
    }
  }
  bool initialized = has_condition(row.object, "Initialized");
  if (!read_init(row, state) || initialized) read_containers(row, state);
  if (!row.at({"metadata", "deletionTimestamp"}).is_null()) {
    std::string_view phase = status["phase"].as_string();
    if (status["reason"].as_string() == "NodeLost") {
      state.reason = "Unknown";
    } else if (phase != "Failed" && phase != "Succeeded") {
      state.reason = "Terminating";
    }
  }
  return state;
}

std::string selector_text(const Value& selector) {
  return format_label_selector(selector);
}

}  // namespace

void print_pod(const Row& row) {
  PodState state = state_of(row);
  row.add_name();
  row.add(cat(state.ready, "/", state.total));
  row.add(state.reason);
  std::string restarts = std::to_string(state.restarts);
  if (state.restarts != 0 && state.last_restart) {
    restarts += cat(" (", text::format_age(row.now - *state.last_restart), " ago)");
  }
  row.add(restarts);
  row.add_age();
  row.add_text(row.at({"status", "podIP"}));
  row.add_text(row.at({"spec", "nodeName"}));
  row.add_text(row.at({"status", "nominatedNodeName"}));
  const Value& gates = row.at({"spec", "readinessGates"});
  if (gates.empty()) return row.add("<none>");
  size_t passed = 0;
  for (const Value& gate : gates.items()) {
    if (has_condition(row.object, gate["conditionType"].as_string())) ++passed;
  }
  row.add(cat(passed, "/", gates.size()));
}

void print_pod_template(const Row& row) {
  row.add_name();
  add_containers(row, row.at({"template", "spec"}));
  row.add(format_labels(row.at({"template", "metadata", "labels"})));
}

void print_replicaset(const Row& row) {
  row.add_name();
  row.add_number(row.at({"spec", "replicas"}));
  row.add_number(row.at({"status", "replicas"}));
  row.add_number(row.at({"status", "readyReplicas"}));
  row.add_age();
  add_containers(row, row.at({"spec", "template", "spec"}));
  const Value& selector = row.at({"spec", "selector"});
  bool plain = row.object["kind"].as_string() == "ReplicationController";
  row.add(plain ? format_labels(selector) : selector_text(selector));
}

void print_daemonset(const Row& row) {
  row.add_name();
  row.add_number(row.at({"status", "desiredNumberScheduled"}));
  row.add_number(row.at({"status", "currentNumberScheduled"}));
  row.add_number(row.at({"status", "numberReady"}));
  row.add_number(row.at({"status", "updatedNumberScheduled"}));
  row.add_number(row.at({"status", "numberAvailable"}));
  row.add(format_labels(row.at({"spec", "template", "spec", "nodeSelector"})));
  row.add_age();
  add_containers(row, row.at({"spec", "template", "spec"}));
  row.add(selector_text(row.at({"spec", "selector"})));
}

void print_deployment(const Row& row) {
  row.add_name();
  row.add(cat(
      row.at({"status", "readyReplicas"}).as_int(), "/", row.at({"spec", "replicas"}).as_int()));
  row.add_number(row.at({"status", "updatedReplicas"}));
  row.add_number(row.at({"status", "availableReplicas"}));
  row.add_age();
  add_containers(row, row.at({"spec", "template", "spec"}));
  row.add(selector_text(row.at({"spec", "selector"})));
}

void print_statefulset(const Row& row) {
  row.add_name();
  row.add(cat(
      row.at({"status", "readyReplicas"}).as_int(), "/", row.at({"spec", "replicas"}).as_int()));
  row.add_age();
  add_containers(row, row.at({"spec", "template", "spec"}));
}

void print_job(const Row& row) {
  row.add_name();
  const Value& object = row.object;
  const char* status = "Running";
  if (has_condition(object, "Complete")) {
    status = "Complete";
  } else if (has_condition(object, "Failed")) {
    status = "Failed";
  } else if (!row.at({"metadata", "deletionTimestamp"}).is_null()) {
    status = "Terminating";
  } else if (has_condition(object, "Suspended")) {
    status = "Suspended";
  } else if (has_condition(object, "FailureTarget")) {
    status = "FailureTarget";
  } else if (has_condition(object, "SuccessCriteriaMet")) {
    status = "SuccessCriteriaMet";
  }
  row.add(status);
  int64_t succeeded = row.at({"status", "succeeded"}).as_int();
  const Value& completions = row.at({"spec", "completions"});
  int64_t parallelism = row.at({"spec", "parallelism"}).as_int();
  if (!completions.is_null()) {
    row.add(cat(succeeded, "/", completions.as_int()));
  } else {
    row.add(parallelism > 1 ? cat(succeeded, "/1 of ", parallelism) : cat(succeeded, "/1"));
  }
  auto start = parse_rfc3339(row.at({"status", "startTime"}).as_string());
  auto end = parse_rfc3339(row.at({"status", "completionTime"}).as_string());
  row.add(start ? text::format_age(end.value_or(row.now) - *start) : std::string());
  row.add_age();
  add_containers(row, row.at({"spec", "template", "spec"}));
  row.add(selector_text(row.at({"spec", "selector"})));
}

void print_cronjob(const Row& row) {
  row.add_name();
  row.add(row.at({"spec", "schedule"}));
  row.add_text(row.at({"spec", "timeZone"}));
  row.add(row.at({"spec", "suspend"}).as_bool());
  row.add(static_cast<int64_t>(row.at({"status", "active"}).size()));
  const Value& last = row.at({"status", "lastScheduleTime"});
  row.add(last.is_null() ? std::string("<none>") : row.age(last));
  row.add_age();
  const Value& job = row.at({"spec", "jobTemplate", "spec"});
  add_containers(row, job.at({"template", "spec"}));
  row.add(selector_text(job["selector"]));
}

void print_hpa(const Row& row) {
  row.add_name();
  row.add(cat(row.at({"spec", "scaleTargetRef", "kind"}).as_string(),
              "/",
              row.at({"spec", "scaleTargetRef", "name"}).as_string()));
  std::vector<std::string> targets;
  const Value& metrics = row.at({"spec", "metrics"});
  for (size_t i = 0; i < metrics.size(); ++i) {
    const Value& resource = metrics[i]["resource"];
    const Value& target = resource["target"]["averageUtilization"];
    const Value& now =
        row.at({"status", "currentMetrics", i, "resource", "current", "averageUtilization"});
    if (target.is_null()) continue;
    std::string current = now.is_null() ? "<unknown>" : cat(now.as_int(), "%");
    targets.push_back(cat(resource["name"].as_string(), ": ", current, "/", target.as_int(), "%"));
  }
  row.add(targets.empty() ? std::string("<none>") : join(targets, ", "));
  const Value& least = row.at({"spec", "minReplicas"});
  row.add(least.is_null() ? std::string("<unset>") : std::to_string(least.as_int()));
  row.add(std::to_string(row.at({"spec", "maxReplicas"}).as_int()));
  row.add_number(row.at({"status", "currentReplicas"}));
  row.add_age();
}

void print_budget(const Row& row) {
  row.add_name();
  for (const char* field : {"minAvailable", "maxUnavailable"}) {
    const Value& limit = row.at({"spec", field});
    row.add(limit.is_null()     ? std::string("N/A")
            : limit.is_string() ? limit.to_string()
                                : std::to_string(limit.as_int()));
  }
  row.add_number(row.at({"status", "disruptionsAllowed"}));
  row.add_age();
}

void print_revision(const Row& row) {
  row.add_name();
  std::string controller = "<none>";
  for (const Value& owner : row.at({"metadata", "ownerReferences"}).items()) {
    if (!owner["controller"].as_bool()) continue;
    auto group = cut(owner["apiVersion"].as_string(), "/");
    std::string kind = to_lower(owner["kind"].as_string());
    controller =
        cat(kind, group ? cat(".", group->before) : std::string(), "/", owner["name"].as_string());
  }
  row.add(controller);
  row.add_number(row.object["revision"]);
  row.add_age();
}

}  // namespace fleet::kube::builtin
