#include "playground/pods.h"

#include "base/strings.h"
#include "playground/nodes.h"

namespace fleet::playground {

using data::Value;
using kube::Object;

namespace {

uint32_t hash_text(std::string_view text) {
  uint32_t hash = 2166136261U;
  for (char c : text)
    hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash;
}

Value condition(std::string_view type, bool holds, const std::string& since) {
  return Value::object({{"type", type},
                        {"status", holds ? "True" : "False"},
                        {"lastProbeTime", nullptr},
                        {"lastTransitionTime", since}});
}

// The time at which the condition last changed: the recorded one while its status stays.
std::string since(const Object& pod, std::string_view type, bool holds, TimePoint now) {
  for (const Value& c : pod.at({"status", "conditions"}).items()) {
    if (c["type"].as_string() == type && c["status"].as_string() == (holds ? "True" : "False")) {
      return c["lastTransitionTime"].to_string();
    }
  }
  return format_rfc3339(now);
}

Value container_state(std::string_view word, std::string_view reason, const std::string& started) {
  if (word == "running")
    return Value::object({{"running", Value::object({{"startedAt", started}})}});
  if (word == "terminated") {
    return Value::object({{"terminated",
                           Value::object({{"exitCode", 0},
                                          {"reason", "Completed"},
                                          {"startedAt", started},
                                          {"finishedAt", started}})}});
  }
  return Value::object({{"waiting", Value::object({{"reason", reason}})}});
}

Value container_statuses(const Object& pod, const Value& state, bool ready, int restarts) {
  Value out = Value::array();
  for (const Value& container : pod.at({"spec", "containers"}).items()) {
    out.push_back(Value::object({{"name", container["name"]},
                                 {"image", container["image"]},
                                 {"imageID", ""},
                                 {"ready", ready},
                                 {"started", ready},
                                 {"restartCount", restarts},
                                 {"state", state}}));
  }
  return out;
}

Value unschedulable(const Object& pod, TimePoint now) {
  Value scheduled = condition("PodScheduled", false, since(pod, "PodScheduled", false, now));
  scheduled.set("reason", "Unschedulable");
  scheduled.set("message", "0/2 nodes are available: no simulated node matches the pod");
  return Value::object({{"phase", "Pending"}, {"conditions", Value::array({scheduled})}});
}

// A pod's address follows from its uid, in a range that no network uses.
std::string pod_address(const Object& pod) {
  uint32_t hash = hash_text(pod.uid());
  return cat("10.244.", (hash >> 8U) & 0xFFU, ".", (hash & 0xFFU) % 254 + 1);
}

Value placed(const Object& pod, std::string_view phase, bool ready, TimePoint now) {
  Value conditions = Value::array();
  for (std::string_view type : {"Initialized", "PodScheduled"}) {
    conditions.push_back(condition(type, true, since(pod, type, true, now)));
  }
  for (std::string_view type : {"ContainersReady", "Ready"}) {
    Value entry = condition(type, ready, since(pod, type, ready, now));
    if (!ready && phase == "Succeeded") entry.set("reason", "PodCompleted");
    if (!ready && phase != "Succeeded") entry.set("reason", "ContainersNotReady");
    conditions.push_back(entry);
  }
  auto created = pod.creation_timestamp();
  return Value::object({{"phase", phase},
                        {"conditions", conditions},
                        {"hostIP", "192.0.2.1"},
                        {"podIP", pod_address(pod)},
                        {"podIPs", Value::array({Value::object({{"ip", pod_address(pod)}})})},
                        {"qosClass", "BestEffort"},
                        {"startTime", format_rfc3339(created.value_or(now))}});
}

}  // namespace

std::string short_hash(std::string_view text) {
  constexpr std::string_view kAlphabet = "bcdfghjklmnpqrstvwxz2456789";
  uint32_t hash = hash_text(text);
  std::string out;
  for (int i = 0; i < 5; ++i) {
    out += kAlphabet[hash % kAlphabet.size()];
    hash /= static_cast<uint32_t>(kAlphabet.size());
  }
  return out;
}

Object pod_from(const Object& owner, const Value& pod_template, const std::string& name) {
  Object pod = Object::make({"", "v1", "Pod"}, {std::string(owner.ns()), name});
  for (std::string_view field : {"labels", "annotations"}) {
    const Value& from = pod_template.at({"metadata", field});
    if (!from.is_null()) pod.set({"metadata", field}, from);
  }
  if (auto reason = failure_of(owner)) pod.set_annotation(kFailAnnotation, *reason);
  pod.add_owner(kube::controller_reference(owner));
  pod.set({"spec"}, pod_template["spec"]);
  return pod;
}

std::optional<std::string> failure_of(const Object& object) {
  std::string_view own = object.annotation(kFailAnnotation);
  if (!own.empty()) return std::string(own);
  const Value& of_template =
      object.at({"spec", "template", "metadata", "annotations"})[kFailAnnotation];
  if (of_template.as_string().empty()) return std::nullopt;
  return of_template.to_string();
}

bool is_ready(const Object& pod) {
  for (const Value& c : pod.at({"status", "conditions"}).items()) {
    if (c["type"].as_string() == "Ready") return c["status"].as_string() == "True";
  }
  return false;
}

bool is_finished(const Object& pod) {
  std::string_view phase = pod.at({"status", "phase"}).as_string();
  return phase == "Succeeded" || phase == "Failed";
}

std::string choose_node(const Object& pod, const std::vector<Object>& nodes) {
  const Value& selector = pod.at({"spec", "nodeSelector"});
  for (const Object& node : nodes) {
    bool fits = true;
    for (const data::Member& m : selector.members()) {
      fits = fits && node.label(m.key.view()) == m.value.as_string();
    }
    if (fits) return std::string(node.name());
  }
  return "";
}

PodStep next_status(const Object& pod, TimePoint now, Duration ready_delay, bool completes) {
  auto failure = failure_of(pod);
  bool is_placed = !pod.at({"spec", "nodeName"}).as_string().empty();
  if (!is_placed || (failure && *failure == "Unschedulable")) return {unschedulable(pod, now), {}};

  std::string started = format_rfc3339(pod.creation_timestamp().value_or(now));
  if (failure) {
    Value status = placed(pod, *failure == "CrashLoopBackOff" ? "Running" : "Pending", false, now);
    int restarts = *failure == "CrashLoopBackOff" ? 3 : 0;
    status.set(
        "containerStatuses",
        container_statuses(pod, container_state("waiting", *failure, started), false, restarts));
    return {status, {}};
  }
  // The wait counts from what the pod itself says, so that a restart of the simulation changes
  // nothing; creationTimestamp has whole seconds, hence the bound from below.
  Duration age = now - pod.creation_timestamp().value_or(now);
  Duration wait = is_ready(pod) || is_finished(pod) ? Duration::zero() : ready_delay - age;
  if (wait > Duration::zero()) {
    Value status = placed(pod, "Pending", false, now);
    status.set("containerStatuses",
               container_statuses(
                   pod, container_state("waiting", "ContainerCreating", started), false, 0));
    return {status, std::min(wait, ready_delay)};
  }
  if (completes) {
    Value status = placed(pod, "Succeeded", false, now);
    status.set("containerStatuses",
               container_statuses(pod, container_state("terminated", "", started), false, 0));
    return {status, {}};
  }
  Value status = placed(pod, "Running", true, now);
  status.set("containerStatuses",
             container_statuses(pod, container_state("running", "", started), true, 0));
  return {status, {}};
}

}  // namespace fleet::playground
