#include "kube/health/kstatus.h"

#include <array>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "base/strings.h"
#include "kube/health/workloads.h"

namespace fleet::kube {
namespace {

using data::Value;

constexpr Duration kScheduleWindow = std::chrono::seconds(15);

const Value& condition(const Value& object, std::string_view type) {
  static const Value kNone;
  for (const Value& c : object.at({"status", "conditions"}).items()) {
    if (c["type"].is_string() && c["type"].as_string() == type) return c;
  }
  return kNone;
}

KStatus by_condition(Progress progress, const Value& condition) {
  return KStatus{progress,
                 condition["message"].to_string(),
                 condition["reason"].to_string(),
                 condition["message"].to_string()};
}

// The rules that hold for any kind.
std::optional<KStatus> generic(const Value& object) {
  if (!object.at({"metadata", "deletionTimestamp"}).is_null()) {
    return KStatus{Progress::Terminating, "Resource scheduled for deletion", "", ""};
  }
  const Value& observed = object.at({"status", "observedGeneration"});
  const Value& generation = object.at({"metadata", "generation"});
  if (observed.is_number() && observed.as_int() != generation.as_int()) {
    return detail::in_progress("LatestGenerationNotObserved",
                               cat(object["kind"].as_string(),
                                   " generation is ",
                                   generation.as_int(),
                                   ", but latest observed generation is ",
                                   observed.as_int()));
  }
  for (const Value& c : object.at({"status", "conditions"}).items()) {
    if (c["status"].as_string() != "True") continue;
    if (c["type"].as_string() == "Reconciling") return by_condition(Progress::InProgress, c);
    if (c["type"].as_string() == "Stalled") return by_condition(Progress::Failed, c);
  }
  return std::nullopt;
}

KStatus by_ready_condition(const Value& object) {
  const Value& ready = condition(object, "Ready");
  if (ready.is_null()) return detail::current("Resource is current");
  if (ready["status"].as_string() == "True") return detail::current("Resource is Ready");
  const std::string_view status = ready["status"].as_string();
  if (status == "False" || status == "Unknown") return by_condition(Progress::InProgress, ready);
  return detail::current("Resource is current");
}

std::vector<std::string_view> crash_looping(const Value& pod) {
  std::vector<std::string_view> names;
  for (const Value& container : pod.at({"status", "containerStatuses"}).items()) {
    if (container.at({"state", "waiting", "reason"}).as_string() == "CrashLoopBackOff") {
      names.push_back(container["name"].as_string());
    }
  }
  return names;
}

KStatus pending_pod(const Value& pod, TimePoint now) {
  const Value& scheduled = condition(pod, "PodScheduled");
  if (scheduled["status"].as_string() != "False" ||
      scheduled["reason"].as_string() != "Unschedulable") {
    return detail::in_progress("PodPending", "Pod is in the Pending phase");
  }
  auto created = parse_rfc3339(pod.at({"metadata", "creationTimestamp"}).as_string());
  if (created && now < *created + kScheduleWindow) {
    return detail::in_progress("PodNotScheduled", "Pod has not been scheduled");
  }
  return detail::failed("PodUnschedulable", "Pod could not be scheduled");
}

Result<KStatus> pod_status(const Value& pod, TimePoint now) {
  const std::string_view phase = pod.at({"status", "phase"}).as_string();
  if (phase == "Succeeded") return detail::current("Pod has completed successfully");
  if (phase == "Failed") return detail::current("Pod has completed, but not successfully");
  if (phase == "Running") {
    if (condition_status(pod, "Ready") == "True") return detail::current("Pod is Ready");
    if (auto names = crash_looping(pod); !names.empty()) {
      return detail::failed("ContainerCrashLooping",
                            cat("Containers in CrashLoop state: ", join(names, ",")));
    }
    return detail::in_progress("PodRunningNotReady", "Pod is running but is not Ready");
  }
  if (phase == "Pending") return pending_pod(pod, now);
  if (phase.empty()) return detail::in_progress("PodNotObserved", "Pod phase not available");
  return Error(Code::Invalid, cat("unknown phase ", phase));
}

KStatus volume_claim(const Value& object) {
  const Value& phase = object.at({"status", "phase"});
  const std::string_view text = phase.is_string() ? phase.as_string() : "unknown";
  if (text == "Bound") return detail::current("PVC is Bound");
  return detail::in_progress("NotBound", cat("PVC is not Bound. phase: ", text));
}

KStatus service(const Value& object) {
  const bool balanced = object.at({"spec", "type"}).as_string() == "LoadBalancer";
  if (balanced && object.at({"spec", "clusterIP"}).as_string().empty()) {
    return detail::in_progress("NoIPAssigned", "ClusterIP not set. Service type: LoadBalancer");
  }
  return detail::current("Service is ready");
}

KStatus custom_resource_definition(const Value& object) {
  const Value& names = condition(object, "NamesAccepted");
  if (names["status"].as_string() == "False") {
    return detail::failed(names["reason"].as_string(), names["message"].as_string());
  }
  const Value& established = condition(object, "Established");
  if (established["status"].as_string() == "True") return detail::current("CRD is established");
  if (established["status"].as_string() == "False" &&
      established["reason"].as_string() != "Installing") {
    return detail::failed(established["reason"].as_string(), established["message"].as_string());
  }
  return detail::in_progress("Installing", "Install in progress");
}

Result<KStatus> always_ready(const Value&, TimePoint) {
  return detail::current("Resource is always ready");
}

using Rule = Result<KStatus> (*)(const Value&, TimePoint);

template <KStatus (*rule)(const Value&)>
Result<KStatus> timeless(const Value& object, TimePoint) {
  return rule(object);
}

KStatus disruption_budget(const Value&) {
  return detail::current("AllowedDisruptions has been computed.");
}

struct KindRule {
  std::string_view group;
  std::string_view kind;
  Rule rule;
};

constexpr std::array kRules = {
    KindRule{"", "Service", timeless<service>},
    KindRule{"", "Pod", pod_status},
    KindRule{"", "Secret", always_ready},
    KindRule{"", "ConfigMap", always_ready},
    KindRule{"", "PersistentVolumeClaim", timeless<volume_claim>},
    KindRule{"apps", "StatefulSet", timeless<detail::stateful_set>},
    KindRule{"apps", "DaemonSet", timeless<detail::daemon_set>},
    KindRule{"extensions", "DaemonSet", timeless<detail::daemon_set>},
    KindRule{"apps", "Deployment", timeless<detail::deployment>},
    KindRule{"extensions", "Deployment", timeless<detail::deployment>},
    KindRule{"apps", "ReplicaSet", timeless<detail::replica_set>},
    KindRule{"extensions", "ReplicaSet", timeless<detail::replica_set>},
    KindRule{"policy", "PodDisruptionBudget", timeless<disruption_budget>},
    KindRule{"batch", "CronJob", always_ready},
    KindRule{"batch", "Job", timeless<detail::job>},
    KindRule{
        "apiextensions.k8s.io", "CustomResourceDefinition", timeless<custom_resource_definition>},
};

}  // namespace

std::string_view to_string(Progress progress) {
  switch (progress) {
    case Progress::InProgress:
      return "InProgress";
    case Progress::Failed:
      return "Failed";
    case Progress::Current:
      return "Current";
    case Progress::Terminating:
      return "Terminating";
    case Progress::NotFound:
      return "NotFound";
    case Progress::Unknown:
      return "Unknown";
  }
  return "Unknown";
}

std::string_view condition_status(const Value& object, std::string_view type) {
  return condition(object, type)["status"].as_string();
}

Result<KStatus> kstatus(const Value& object, TimePoint now) {
  if (auto general = generic(object)) return std::move(*general);
  const std::string_view version = object["apiVersion"].as_string();
  auto parts = cut(version, "/");
  const std::string_view group = parts ? parts->before : std::string_view();
  const std::string_view kind = object["kind"].as_string();
  for (const KindRule& rule : kRules) {
    if (rule.group == group && rule.kind == kind) return rule.rule(object, now);
  }
  return by_ready_condition(object);
}

KStatus kstatus_finished(const Value& object) {
  const std::string_view kind = object["kind"].as_string();
  if (kind == "Job") {
    if (condition_status(object, "Failed") == "True") return detail::job(object);
    if (condition_status(object, "Complete") == "True") return detail::job(object);
    return detail::in_progress("JobInProgress", "Job in progress");
  }
  if (kind == "Pod") {
    const std::string_view phase = object.at({"status", "phase"}).as_string();
    if (phase == "Succeeded") return detail::current("pod succeeded");
    if (phase == "Failed") return detail::failed("PodFailed", "pod failed");
    return detail::in_progress("PodInProgress", "pod has not finished");
  }
  return detail::current("Resource is current");
}

}  // namespace fleet::kube
