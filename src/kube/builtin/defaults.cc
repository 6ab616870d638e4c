#include "kube/builtin/defaults.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string>

#include "base/strings.h"
#include "codec/base64.h"
#include "kube/builtin/rules.h"
#include "kube/builtin/schema.h"

namespace fleet::kube::builtin {
namespace {

using data::Value;

Value parse_default(std::string_view text) {
  if (text == "{}") return Value::object();
  if (text == "true") return true;
  if (text == "false") return false;
  if (text == "null") return nullptr;
  if (auto number = parse_int(text)) return *number;
  return trim(text, "\"");
}

void set_absent(Value& object, std::string_view field, Value value) {
  if (object[field].is_null()) object.set(field, std::move(value));
}

// As kubelet's rule: ":latest", or no tag and no digest, is pulled always.
std::string_view pull_policy(std::string_view image) {
  if (image.find('@') != std::string_view::npos) return "IfNotPresent";
  size_t slash = image.rfind('/');
  size_t colon = image.rfind(':');
  bool tagged =
      colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash);
  return !tagged || image.substr(colon) == ":latest" ? "Always" : "IfNotPresent";
}

void default_container(Value& container) {
  set_absent(container, "imagePullPolicy", pull_policy(container["image"].as_string()));
}

void default_volume(Value& volume) {
  if (volume.size() <= (volume.contains("name") ? 1U : 0U)) {
    volume.set("emptyDir", Value::object());
  }
}

void default_pod_spec(Value& spec) {
  if (spec["serviceAccountName"].is_null() && !spec["serviceAccount"].is_null()) {
    spec.set("serviceAccountName", spec["serviceAccount"]);
  } else if (!spec["serviceAccountName"].is_null()) {
    spec.set("serviceAccount", spec["serviceAccountName"]);
  }
}

// A container's requests are its limits where it does not say.
void default_requests(Value& spec, std::string_view list) {
  for (size_t i = 0; i < spec[list].size(); ++i) {
    const Value limits = spec.at({list, i, "resources", "limits"});
    for (const data::Member& limit : limits.members()) {
      if (spec.at({list, i, "resources", "requests", name(limit)}).is_null()) {
        spec.set({list, i, "resources", "requests", name(limit)}, limit.value);
      }
    }
  }
}

void default_pod(Value& pod) {
  if (!pod["spec"].is_object()) return;
  Value& spec = pod.edit("spec");
  default_requests(spec, "containers");
  default_requests(spec, "initContainers");
  set_absent(spec, "enableServiceLinks", true);
  if (pod.at({"status", "phase"}).is_null()) pod.set({"status", "phase"}, "Pending");
}

void default_service_spec(Value& spec) {
  set_absent(spec, "type", "ClusterIP");
  set_absent(spec, "sessionAffinity", "None");
  const std::string type = spec["type"].to_string();
  if (spec["sessionAffinity"].as_string() == "ClientIP" &&
      spec.at({"sessionAffinityConfig", "clientIP", "timeoutSeconds"}).is_null()) {
    spec.set({"sessionAffinityConfig", "clientIP", "timeoutSeconds"}, 10800);
  }
  for (size_t i = 0; i < spec["ports"].size(); ++i) {
    Value& port = spec.edit("ports").edit(i);
    set_absent(port, "protocol", "TCP");
    const Value& target = port["targetPort"];
    bool unset = target.is_null() || (target.is_number() && target.as_int() == 0) ||
                 (target.is_string() && target.as_string().empty());
    if (unset) port.set("targetPort", port["port"]);
  }
  if (type == "ExternalName") return;
  set_absent(spec, "internalTrafficPolicy", "Cluster");
  set_absent(spec, "ipFamilies", Value::array({"IPv4"}));
  set_absent(spec, "ipFamilyPolicy", "SingleStack");
  if (type == "NodePort" || type == "LoadBalancer") {
    set_absent(spec, "externalTrafficPolicy", "Cluster");
  }
  if (type == "LoadBalancer") set_absent(spec, "allocateLoadBalancerNodePorts", true);
}

void default_secret(Value& secret) {
  const Value plain = secret["stringData"];
  for (const data::Member& entry : plain.members()) {
    secret.set({"data", name(entry)}, codec::base64_encode(entry.value.as_string()));
  }
  secret.erase("stringData");
}

void default_namespace(Value& object) {
  const Value& name = object.at({"metadata", "name"});
  if (!name.is_null()) object.set({"metadata", "labels", "kubernetes.io/metadata.name"}, name);
  if (object.at({"spec", "finalizers"}).is_null() &&
      object.at({"metadata", "deletionTimestamp"}).is_null()) {
    object.set({"spec", "finalizers"}, Value::array({"kubernetes"}));
  }
  if (object.at({"status", "phase"}).is_null()) object.set({"status", "phase"}, "Active");
}

void default_deployment_strategy(Value& strategy) {
  set_absent(strategy, "type", "RollingUpdate");
  if (strategy["type"].as_string() != "RollingUpdate") return;
  Value& rolling = strategy.edit("rollingUpdate");
  set_absent(rolling, "maxUnavailable", "25%");
  set_absent(rolling, "maxSurge", "25%");
}

void default_daemonset_strategy(Value& strategy) {
  set_absent(strategy, "type", "RollingUpdate");
  if (strategy["type"].as_string() != "RollingUpdate") return;
  Value& rolling = strategy.edit("rollingUpdate");
  set_absent(rolling, "maxUnavailable", 1);
  set_absent(rolling, "maxSurge", 0);
}

void default_statefulset_strategy(Value& strategy) {
  set_absent(strategy, "type", "RollingUpdate");
  if (strategy["type"].as_string() != "RollingUpdate") return;
  set_absent(strategy.edit("rollingUpdate"), "partition", 0);
}

void default_statefulset_spec(Value& spec) {
  set_absent(spec.edit("persistentVolumeClaimRetentionPolicy"), "whenDeleted", "Retain");
  set_absent(spec.edit("persistentVolumeClaimRetentionPolicy"), "whenScaled", "Retain");
  for (size_t i = 0; i < spec["volumeClaimTemplates"].size(); ++i) {
    Value& claim = spec.edit("volumeClaimTemplates").edit(i);
    claim.set("apiVersion", "v1");
    claim.set("kind", "PersistentVolumeClaim");
  }
}

// Selector and labels that tell a Job's pods from others'.
void label_job(Value& job) {
  const std::string uid = job.at({"metadata", "uid"}).to_string();
  const std::string name = job.at({"metadata", "name"}).to_string();
  if (uid.empty() || name.empty()) return;
  if (!job.at({"spec", "selector"}).is_null() || job.at({"spec", "manualSelector"}).as_bool())
    return;
  Value& labels = job.edit({"spec", "template", "metadata", "labels"});
  labels.set("batch.kubernetes.io/controller-uid", uid);
  labels.set("batch.kubernetes.io/job-name", name);
  labels.set("controller-uid", uid);
  labels.set("job-name", name);
  job.set({"spec", "selector", "matchLabels", "batch.kubernetes.io/controller-uid"}, uid);
}

void default_job(Value& job) {
  Value& spec = job.edit("spec");
  if (spec["completions"].is_null() && spec["parallelism"].is_null()) spec.set("completions", 1);
  set_absent(spec, "parallelism", 1);
  set_absent(spec,
             "backoffLimit",
             spec["backoffLimitPerIndex"].is_null() ? Value(6)
                                                    : Value(std::numeric_limits<int32_t>::max()));
  set_absent(spec, "completionMode", "NonIndexed");
  set_absent(spec, "suspend", false);
  set_absent(spec,
             "podReplacementPolicy",
             spec["podFailurePolicy"].is_null() ? "TerminatingOrFailed" : "Failed");
  label_job(job);
}

// The old way: selector and labels of the controller are those of its pods.
void default_replication_controller(Value& controller) {
  const Value labels = controller.at({"spec", "template", "metadata", "labels"});
  if (labels.empty()) return;
  if (controller.at({"spec", "selector"}).empty()) controller.set({"spec", "selector"}, labels);
  if (controller.at({"metadata", "labels"}).empty()) controller.set({"metadata", "labels"}, labels);
}

void default_hpa_spec(Value& spec) {
  if (!spec["metrics"].empty()) return;
  spec.set(
      "metrics",
      Value::array({Value::object(
          {{"type", "Resource"},
           {"resource",
            Value::object(
                {{"name", "cpu"},
                 {"target",
                  Value::object({{"type", "Utilization"}, {"averageUtilization", 80}})}})}})}));
}

void default_scaling_rules(Value& rules, bool up) {
  if (rules["policies"].empty()) {
    auto policy = [](const char* type, int value) {
      return Value::object({{"type", type}, {"value", value}, {"periodSeconds", 15}});
    };
    rules.set("policies",
              up ? Value::array({policy("Pods", 4), policy("Percent", 100)})
                 : Value::array({policy("Percent", 100)}));
  }
  set_absent(rules, "selectPolicy", "Max");
  if (up) set_absent(rules, "stabilizationWindowSeconds", 0);
}

void default_hpa_behavior(Value& behavior) {
  default_scaling_rules(behavior.edit("scaleUp"), true);
  default_scaling_rules(behavior.edit("scaleDown"), false);
}

void default_network_policy(Value& spec) {
  if (!spec["policyTypes"].empty()) return;
  Value types = Value::array({"Ingress"});
  if (!spec["egress"].empty()) types.push_back("Egress");
  spec.set("policyTypes", std::move(types));
}

void default_subject(Value& subject) {
  if (!subject["apiGroup"].as_string().empty()) return;
  std::string_view kind = subject["kind"].as_string();
  if (kind == "User" || kind == "Group") subject.set("apiGroup", "rbac.authorization.k8s.io");
}

struct Hook {
  std::string_view type;
  void (*run)(Value&);
};
constexpr std::array kHooks = {
    Hook{"apps.v1.DaemonSetUpdateStrategy", &default_daemonset_strategy},
    Hook{"apps.v1.DeploymentStrategy", &default_deployment_strategy},
    Hook{"apps.v1.StatefulSetSpec", &default_statefulset_spec},
    Hook{"apps.v1.StatefulSetUpdateStrategy", &default_statefulset_strategy},
    Hook{"autoscaling.v2.HorizontalPodAutoscalerBehavior", &default_hpa_behavior},
    Hook{"autoscaling.v2.HorizontalPodAutoscalerSpec", &default_hpa_spec},
    Hook{"batch.v1.Job", &default_job},
    Hook{"core.v1.Container", &default_container},
    Hook{"core.v1.EphemeralContainer", &default_container},
    Hook{"core.v1.Namespace", &default_namespace},
    Hook{"core.v1.Pod", &default_pod},
    Hook{"core.v1.PodSpec", &default_pod_spec},
    Hook{"core.v1.ReplicationController", &default_replication_controller},
    Hook{"core.v1.Secret", &default_secret},
    Hook{"core.v1.ServiceSpec", &default_service_spec},
    Hook{"core.v1.Volume", &default_volume},
    Hook{"networking.v1.NetworkPolicySpec", &default_network_policy},
    Hook{"rbac.v1.Subject", &default_subject},
};

void apply(const Type& type, Value& value) {
  switch (type.shape) {
    case Shape::Struct: {
      if (!value.is_object()) return;
      for (const Hook& hook : kHooks) {
        if (hook.type == type.name) hook.run(value);
      }
      for (const DefaultRow& row : default_rows(type.name)) {
        if (!value.contains(row.field)) value.set(row.field, parse_default(row.value));
      }
      for (const Member& member : type.members) {
        bool deep = member.type->shape == Shape::Struct || member.type->shape == Shape::List ||
                    member.type->shape == Shape::Map;
        if (deep && value.contains(member.name)) apply(*member.type, value.edit(member.name));
      }
      return;
    }
    case Shape::List:
      if (type.element->shape != Shape::Struct) return;
      for (size_t i = 0; i < value.size() && value.is_array(); ++i)
        apply(*type.element, value.edit(i));
      return;
    case Shape::Map:
      if (type.element->shape != Shape::Struct) return;
      for (size_t i = 0; i < value.members().size(); ++i)
        apply(*type.element, value.edit(name(value.members()[i])));
      return;
    default:
      return;
  }
}

}  // namespace

void set_defaults(const Kind& kind, Value& object) {
  const Type* type = find_type(kind.schema);
  if (type != nullptr) apply(*type, object);
}

}  // namespace fleet::kube::builtin
