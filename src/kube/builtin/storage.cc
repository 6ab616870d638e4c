// Field selectors, and the forms in which kinds that share storage are kept.
#include <array>

#include "base/strings.h"
#include "kube/builtin/rules.h"

namespace fleet::kube::builtin {
namespace {

using data::Value;

struct Selectable {
  std::string_view schema;
  std::string_view fields;  // dotted, with blanks between
};
constexpr std::array kSelectable = {
    Selectable{"apps.v1.ReplicaSet", "status.replicas"},
    Selectable{"batch.v1.Job", "status.successful"},
    Selectable{"certificates.v1.CertificateSigningRequest", "spec.signerName"},
    Selectable{"core.v1.Event",
               "involvedObject.kind involvedObject.namespace involvedObject.name "
               "involvedObject.uid involvedObject.apiVersion involvedObject.resourceVersion "
               "involvedObject.fieldPath reason reportingComponent source type"},
    Selectable{"core.v1.Namespace", "status.phase"},
    Selectable{"core.v1.Node", "spec.unschedulable"},
    Selectable{"core.v1.Pod",
               "spec.nodeName spec.restartPolicy spec.schedulerName spec.serviceAccountName "
               "spec.hostNetwork status.phase status.podIP status.podIPs "
               "status.nominatedNodeName"},
    Selectable{"core.v1.ReplicationController", "status.replicas"},
    Selectable{"core.v1.Secret", "type"},
    Selectable{"core.v1.Service", "spec.clusterIP spec.type"},
    Selectable{"events.v1.Event",
               "regarding.kind regarding.namespace regarding.name regarding.uid "
               "regarding.apiVersion regarding.resourceVersion regarding.fieldPath reason "
               "reportingController type"},
};

std::string text_of(const Value& value) {
  if (value.is_bool()) return value.as_bool() ? "true" : "false";
  if (value.is_number()) return std::to_string(value.as_int());
  return value.to_string();
}

struct Pair {
  std::string_view stored;  // dotted
  std::string_view served;
};
// core/v1 Event on the left, events.k8s.io/v1 on the right.
constexpr Pair kEventFields[] = {
    {"involvedObject", "regarding"},
    {"message", "note"},
    {"reportingComponent", "reportingController"},
    {"firstTimestamp", "deprecatedFirstTimestamp"},
    {"lastTimestamp", "deprecatedLastTimestamp"},
    {"count", "deprecatedCount"},
    {"source", "deprecatedSource"},
};

void rename(Value& object, std::string_view from, std::string_view to) {
  if (!object.contains(from)) return;
  Value value = object[from];
  object.erase(from);
  object.set(to, std::move(value));
}

void set_if(Value& object, data::Path path, const Value& value) {
  if (!value.is_null()) object.set(path, value);
}

// autoscaling/v1 knows the CPU target alone; the rest of v2 travels in an annotation there, which
// is not offered here: what v1 cannot say is left as it is stored.
Value hpa_to_v2(Value object) {
  object.set("apiVersion", "autoscaling/v2");
  const Value target = object.at({"spec", "targetCPUUtilizationPercentage"});
  if (!target.is_null()) {
    object.edit("spec").erase("targetCPUUtilizationPercentage");
    Value metric = Value::object({{"type", "Resource"}});
    metric.set({"resource", "name"}, "cpu");
    metric.set({"resource", "target"},
               Value::object({{"type", "Utilization"}, {"averageUtilization", target}}));
    object.set({"spec", "metrics"}, Value::array({metric}));
  }
  if (object["status"].is_object()) {
    object.edit("status").erase("currentCPUUtilizationPercentage");
  }
  return object;
}

Value hpa_to_v1(Value object) {
  object.set("apiVersion", "autoscaling/v1");
  const Value metrics = object.at({"spec", "metrics"});
  for (const Value& metric : metrics.items()) {
    const Value& resource = metric["resource"];
    if (resource["name"].as_string() == "cpu") {
      set_if(object,
             {"spec", "targetCPUUtilizationPercentage"},
             resource.at({"target", "averageUtilization"}));
    }
  }
  const Value current = object.at({"status", "currentMetrics"});
  for (const Value& metric : current.items()) {
    const Value& resource = metric["resource"];
    if (resource["name"].as_string() == "cpu") {
      set_if(object,
             {"status", "currentCPUUtilizationPercentage"},
             resource.at({"current", "averageUtilization"}));
    }
  }
  if (object["spec"].is_object()) {
    object.edit("spec").erase("metrics");
    object.edit("spec").erase("behavior");
  }
  if (object["status"].is_object()) {
    object.edit("status").erase("currentMetrics");
    object.edit("status").erase("conditions");
  }
  return object;
}

}  // namespace

std::optional<std::string> selectable(const Kind& kind,
                                      const Value& object,
                                      std::string_view field) {
  for (const Selectable& row : kSelectable) {
    if (row.schema != kind.schema) continue;
    for (std::string_view known : split_fields(row.fields)) {
      if (known != field) continue;
      if (field == "status.successful") {
        return std::to_string(object.at({"status", "succeeded"}).as_int());
      }
      if (field == "source") return text_of(object.at({"source", "component"}));
      const Value* at = &object;
      for (std::string_view step : split(field, '.')) {
        at = &(*at)[step];
      }
      if (field == "status.replicas") return std::to_string(at->as_int());
      if (field == "spec.unschedulable" || field == "spec.hostNetwork") {
        return at->as_bool() ? "true" : "false";
      }
      return text_of(*at);
    }
  }
  return std::nullopt;
}

void carry_over(const Kind& kind, Value& object, const Value& old) {
  if (kind.schema != "core.v1.Service") return;
  auto keep = [&](std::string_view field) {
    if (object.at({"spec", field}).is_null() && !old.at({"spec", field}).is_null()) {
      object.set({"spec", field}, old.at({"spec", field}));
    }
  };
  std::string type = object.at({"spec", "type"}).to_string();
  if (type == "ExternalName") return;
  keep("clusterIP");
  keep("clusterIPs");
  keep("ipFamilies");
  keep("ipFamilyPolicy");
  if (type != "NodePort" && type != "LoadBalancer") return;
  keep("healthCheckNodePort");
  for (size_t i = 0; i < object.at({"spec", "ports"}).size(); ++i) {
    Value& port = object.edit({"spec", "ports", i});
    if (!port["nodePort"].is_null()) continue;
    for (const Value& before : old.at({"spec", "ports"}).items()) {
      if (before["port"] == port["port"] && before["protocol"] == port["protocol"] &&
          !before["nodePort"].is_null()) {
        port.set("nodePort", before["nodePort"]);
      }
    }
  }
}

Value to_storage(const Kind& kind, Value object) {
  if (kind.schema == "autoscaling.v1.HorizontalPodAutoscaler") return hpa_to_v2(std::move(object));
  if (kind.schema != "events.v1.Event") return object;
  object.set("apiVersion", "v1");
  for (const Pair& pair : kEventFields)
    rename(object, pair.served, pair.stored);
  return object;
}

Value from_storage(const Kind& kind, Value object) {
  if (kind.schema == "autoscaling.v1.HorizontalPodAutoscaler") return hpa_to_v1(std::move(object));
  if (kind.schema != "events.v1.Event") return object;
  object.set("apiVersion", "events.k8s.io/v1");
  for (const Pair& pair : kEventFields)
    rename(object, pair.stored, pair.served);
  return object;
}

}  // namespace fleet::kube::builtin
