#include <algorithm>
#include <array>
#include <set>

#include "kube/builtin/check.h"
#include "kube/builtin/rules.h"
#include "kube/meta/quantity.h"

namespace fleet::kube::builtin {
namespace {

using data::Value;

constexpr size_t kMaxConfigBytes = 1024 * 1024;  // of a ConfigMap's or Secret's data

struct Subject {
  const At& object;
  const Value* old;  // null for a creation

  const Value& before(data::Path path) const {
    static const Value kNone;
    return old == nullptr ? kNone : old->at(path);
  }
  bool is_update() const { return old != nullptr; }
};

void check_deployment(const Subject& s) {
  At spec = s.object["spec"];
  spec["replicas"].at_least(0);
  spec["minReadySeconds"].at_least(0);
  spec["revisionHistoryLimit"].at_least(0);
  check_pod_template(spec, {"Always"});
  At strategy = spec["strategy"];
  strategy["type"].one_of({"Recreate", "RollingUpdate"});
  if (strategy["type"].text() == "Recreate" && !strategy["rollingUpdate"].value.is_null()) {
    strategy["rollingUpdate"].forbidden("may not be specified when strategy `type` is 'Recreate'");
  }
  if (s.is_update()) spec["selector"].same_as(s.before({"spec", "selector"}));
}

void check_replicaset(const Subject& s) {
  At spec = s.object["spec"];
  spec["replicas"].at_least(0);
  check_pod_template(spec, {"Always"});
  if (s.is_update()) spec["selector"].same_as(s.before({"spec", "selector"}));
}

void check_daemonset(const Subject& s) {
  At spec = s.object["spec"];
  check_pod_template(spec, {"Always"});
  spec["updateStrategy"]["type"].one_of({"OnDelete", "RollingUpdate"});
  if (s.is_update()) spec["selector"].same_as(s.before({"spec", "selector"}));
}

void check_statefulset(const Subject& s) {
  At spec = s.object["spec"];
  spec["replicas"].at_least(0);
  spec["podManagementPolicy"].one_of({"OrderedReady", "Parallel"});
  spec["updateStrategy"]["type"].one_of({"OnDelete", "RollingUpdate"});
  // Claims are volumes of the pods.
  Value with_claims = spec.value;
  for (const Value& claim : spec["volumeClaimTemplates"].value.items()) {
    const Value& name = claim.at({"metadata", "name"});
    with_claims.edit({"template", "spec", "volumes"})
        .push_back(Value::object({{"name", name}, {"persistentVolumeClaim", Value::object()}}));
  }
  check_pod_template(At{with_claims, spec.path, spec.errors}, {"Always"});
  if (!s.is_update()) return;
  Value now = spec.value;
  Value then = s.before({"spec"});
  for (const char* free : {"replicas",
                           "ordinals",
                           "template",
                           "updateStrategy",
                           "revisionHistoryLimit",
                           "persistentVolumeClaimRetentionPolicy",
                           "minReadySeconds"}) {
    now.erase(free);
    then.erase(free);
  }
  if (!(now == then)) {
    spec.forbidden(
        "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', "
        "'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and "
        "'minReadySeconds' are forbidden");
  }
}

void check_job_spec(const At& spec) {
  spec["parallelism"].at_least(0);
  spec["completions"].at_least(0);
  spec["backoffLimit"].at_least(0);
  spec["activeDeadlineSeconds"].at_least(0);
  spec["ttlSecondsAfterFinished"].at_least(0);
  At pod = spec["template"]["spec"];
  check_pod_spec(pod);
  if (pod["restartPolicy"].text() != "Never" && pod["restartPolicy"].text() != "OnFailure") {
    pod["restartPolicy"].errors.push_back(
        FieldError::required(pod["restartPolicy"].path, "valid values: \"OnFailure\", \"Never\""));
  }
}

void check_job(const Subject& s) {
  At spec = s.object["spec"];
  check_job_spec(spec);
  if (!s.is_update()) return;
  spec["selector"].same_as(s.before({"spec", "selector"}));
  spec["completionMode"].same_as(s.before({"spec", "completionMode"}));
  if (!s.before({"spec", "suspend"}).as_bool()) {
    spec["template"].same_as(s.before({"spec", "template"}));
  }
}

void check_cronjob(const Subject& s) {
  At spec = s.object["spec"];
  At schedule = spec["schedule"];
  if (schedule.must_exist() && split_fields(schedule.text()).size() != 5 &&
      !schedule.text().starts_with('@')) {
    schedule.invalid(cat("expected exactly 5 fields, found ",
                         split_fields(schedule.text()).size(),
                         ": [",
                         join(split_fields(schedule.text()), " "),
                         "]"));
  }
  spec["concurrencyPolicy"].one_of({"Allow", "Forbid", "Replace"});
  spec["startingDeadlineSeconds"].at_least(0);
  check_job_spec(spec["jobTemplate"]["spec"]);
  if (s.object["metadata"]["name"].text().size() > 52) {
    s.object["metadata"]["name"].invalid("must be no more than 52 characters");
  }
}

void check_pod(const Subject& s) {
  At spec = s.object["spec"];
  check_pod_spec(spec);
  if (!s.is_update()) return;
  Value now = spec.value;
  Value then = s.before({"spec"});
  auto forget = [](Value& of) {
    for (const char* free : {"activeDeadlineSeconds",
                             "terminationGracePeriodSeconds",
                             "tolerations",
                             "schedulingGates",
                             "nodeName",
                             "ephemeralContainers"}) {
      of.erase(free);
    }
    for (const char* list : {"containers", "initContainers"}) {
      for (size_t i = 0; i < of[list].size(); ++i)
        of.edit(list).edit(i).erase("image");
    }
  };
  forget(now);
  forget(then);
  if (!(now == then)) {
    spec.forbidden(
        "pod updates may not change fields other than `spec.containers[*].image`,"
        "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only "
        "additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be "
        "set to 1 if it was previously negative)");
  }
}

void check_service_ports(const At& spec) {
  At ports = spec["ports"];
  bool headless = spec["clusterIP"].text() == "None";
  if (ports.value.empty() && !headless && spec["type"].text() != "ExternalName") ports.required();
  std::set<std::string> names;
  std::set<std::string> numbers;
  for (size_t i = 0; i < ports.value.size(); ++i) {
    At port = ports.item(i);
    if (port["name"].absent()) {
      if (ports.value.size() > 1) port["name"].required();
    } else {
      port["name"].obeys(check_dns1123_label(port["name"].text()));
      if (!names.insert(port["name"].value.to_string()).second) {
        port.errors.push_back(FieldError::duplicate(port["name"].path, port["name"].value));
      }
    }
    int64_t number = port["port"].value.as_int();
    if (number < 1 || number > 65535) {
      port.errors.push_back(
          FieldError::invalid(port["port"].path, number, "must be between 1 and 65535, inclusive"));
    }
    if (port["protocol"].must_exist()) port["protocol"].one_of({"SCTP", "TCP", "UDP"});
    if (!numbers.insert(cat(number, "/", port["protocol"].text())).second) {
      port.errors.push_back(FieldError::duplicate(
          port.path, Value::object({{"port", number}, {"protocol", port["protocol"].value}})));
    }
  }
}

void check_service(const Subject& s) {
  At spec = s.object["spec"];
  spec["type"].one_of({"ClusterIP", "ExternalName", "LoadBalancer", "NodePort"});
  spec["sessionAffinity"].one_of({"ClientIP", "None"});
  check_service_ports(spec);
  if (spec["type"].text() == "ExternalName") {
    At external = spec["externalName"];
    std::string_view host = trim_suffix(external.text(), ".");
    if (external.must_exist()) external.obeys(check_dns1123_subdomain(host));
    return;
  }
  const Value& before = s.before({"spec", "clusterIP"});
  if (s.is_update() && !before.is_null() && !before.as_string().empty() &&
      !spec["clusterIP"].absent() && s.before({"spec", "type"}).as_string() != "ExternalName") {
    spec["clusterIP"].same_as(before, "field is immutable");
  }
}

void check_data_keys(const At& data, size_t& bytes) {
  for (const data::Member& entry : data.value.members()) {
    At at{entry.value, cat(data.path, "[", name(entry), "]"), data.errors};
    for (const std::string& complaint : check_config_map_key(name(entry))) {
      at.errors.push_back(FieldError::invalid(at.path, name(entry), complaint));
    }
    bytes += entry.value.as_string().size();
  }
}

void check_config_data(const Subject& s, std::initializer_list<const char*> fields) {
  size_t bytes = 0;
  for (const char* field : fields)
    check_data_keys(s.object[field], bytes);
  if (bytes > kMaxConfigBytes) {
    // As kube-apiserver: said of the object itself, or of a Secret's data.
    s.object.errors.push_back(
        FieldError::too_long(s.object["data"].value.is_null() ? "" : "data", kMaxConfigBytes));
  }
  if (!s.before({"immutable"}).as_bool()) return;
  if (!s.object["immutable"].value.as_bool()) {
    s.object["immutable"].forbidden("field is immutable when `immutable` is set");
  }
  for (const char* field : fields) {
    if (!(s.object[field].value == s.before({field}))) {
      s.object[field].forbidden("field is immutable when `immutable` is set");
    }
  }
}

void check_config_map(const Subject& s) {
  check_config_data(s, {"data", "binaryData"});
  for (const data::Member& entry : s.object["data"].value.members()) {
    if (s.object["binaryData"].value.contains(name(entry))) {
      s.object.errors.push_back(FieldError::invalid(
          cat("data[", name(entry), "]"), name(entry), "duplicate of key present in binaryData"));
    }
  }
}

void check_secret(const Subject& s) {
  check_config_data(s, {"data"});
  auto need = [&](const char* key) {
    if (!s.object["data"].value.contains(key)) {
      s.object.errors.push_back(FieldError::required(cat("data[", key, "]"), ""));
    }
  };
  std::string_view type = s.object["type"].text();
  if (type == "kubernetes.io/dockerconfigjson") need(".dockerconfigjson");
  if (type == "kubernetes.io/dockercfg") need(".dockercfg");
  if (type == "kubernetes.io/ssh-auth") need("ssh-privatekey");
  if (type == "kubernetes.io/tls") {
    need("tls.crt");
    need("tls.key");
  }
  if (type == "kubernetes.io/service-account-token" &&
      s.object["metadata"]["annotations"]["kubernetes.io/service-account.name"].absent()) {
    s.object.errors.push_back(
        FieldError::required("metadata.annotations[kubernetes.io/service-account.name]", ""));
  }
  if (s.is_update()) s.object["type"].same_as(s.before({"type"}));
}

void check_claim(const Subject& s) {
  At spec = s.object["spec"];
  if (spec["accessModes"].value.empty()) {
    spec["accessModes"].required("at least 1 access mode is required");
  }
  At storage = spec["resources"]["requests"]["storage"];
  if (storage.value.is_null()) {
    s.object.errors.push_back(FieldError::required("spec.resources[storage]", ""));
  }
  if (!s.is_update()) return;
  Value now = spec.value;
  Value then = s.before({"spec"});
  for (const char* free : {"resources", "volumeName", "volumeAttributesClassName"}) {
    now.erase(free);
    then.erase(free);
  }
  if (!(now == then)) {
    spec.forbidden(
        "spec is immutable after creation except resources.requests and volumeAttributesClassName "
        "for bound claims");
  }
}

void check_volume(const Subject& s) {
  At spec = s.object["spec"];
  if (spec["accessModes"].value.empty()) spec["accessModes"].required();
  if (spec["capacity"].value.empty()) spec["capacity"].required();
  spec["persistentVolumeReclaimPolicy"].one_of({"Delete", "Recycle", "Retain"});
}

void check_ingress_backend(const At& backend) {
  bool has_service = !backend["service"].value.is_null();
  bool has_resource = !backend["resource"].value.is_null();
  if (has_service && has_resource) {
    backend.errors.push_back(
        FieldError::invalid(backend.path, "", "cannot set both resource and service backends"));
  } else if (has_service) {
    At service = backend["service"];
    service["name"].must_exist();
    At port = service["port"];
    bool has_name = !port["name"].absent();
    bool has_number = port["number"].value.as_int() != 0;
    if (has_name == has_number) {
      if (has_name) {
        port.errors.push_back(
            FieldError::invalid(service.path, "", "cannot set both port name & port number"));
      } else {
        service.errors.push_back(
            FieldError::required(service.path, "port name or number is required"));
      }
    }
  } else if (!has_resource) {
    backend.errors.push_back(
        FieldError::required(backend.path, "missing resource or service backend"));
  }
}

void check_ingress(const Subject& s) {
  At spec = s.object["spec"];
  if (spec["rules"].value.empty() && spec["defaultBackend"].value.is_null()) {
    spec.errors.push_back(FieldError::invalid(
        spec.path, Value::array(), "either `defaultBackend` or `rules` must be specified"));
  }
  if (!spec["defaultBackend"].value.is_null()) check_ingress_backend(spec["defaultBackend"]);
  for (size_t i = 0; i < spec["rules"].value.size(); ++i) {
    At rule = spec["rules"].item(i);
    At host = rule["host"];
    if (!host.absent()) host.obeys(check_dns1123_subdomain(trim_prefix(host.text(), "*.")));
    At paths = rule["http"]["paths"];
    if (!rule["http"].value.is_null() && paths.value.empty()) paths.required();
    for (size_t k = 0; k < paths.value.size(); ++k) {
      At path = paths.item(k);
      At type = path["pathType"];
      if (type.must_exist("pathType must be specified")) {
        type.one_of({"Exact", "ImplementationSpecific", "Prefix"});
        bool needs_root = type.text() == "Exact" || type.text() == "Prefix";
        if (needs_root && !path["path"].text().starts_with('/')) {
          path["path"].invalid("must be an absolute path");
        }
      }
      check_ingress_backend(path["backend"]);
    }
  }
}

void check_hpa(const Subject& s) {
  At spec = s.object["spec"];
  spec["minReplicas"].at_least(1);
  if (spec["maxReplicas"].value.as_int() < 1) {
    spec.errors.push_back(FieldError::invalid(
        spec["maxReplicas"].path, spec["maxReplicas"].value.as_int(), "must be greater than 0"));
  } else if (spec["maxReplicas"].value.as_int() < spec["minReplicas"].value.as_int(1)) {
    spec["maxReplicas"].invalid("must be greater than or equal to `minReplicas`");
  }
  spec["scaleTargetRef"]["kind"].must_exist();
  spec["scaleTargetRef"]["name"].must_exist();
}

void check_budget(const Subject& s) {
  At spec = s.object["spec"];
  if (!spec["minAvailable"].value.is_null() && !spec["maxUnavailable"].value.is_null()) {
    spec.errors.push_back(FieldError::invalid(
        spec.path, spec.value, "minAvailable and maxUnavailable cannot be both set"));
  }
  check_label_selector(spec["selector"]);
}

void check_webhooks(const Subject& s) {
  At hooks = s.object["webhooks"];
  std::set<std::string> names;
  for (size_t i = 0; i < hooks.value.size(); ++i) {
    At hook = hooks.item(i);
    At called = hook["name"];
    if (split(called.text(), '.').size() < 3 && called.must_exist()) {
      called.invalid("should be a domain with at least three segments separated by dots");
    }
    if (!names.insert(called.value.to_string()).second) {
      called.errors.push_back(FieldError::duplicate(called.path, called.value));
    }
    if (hook["admissionReviewVersions"].value.empty()) {
      hook["admissionReviewVersions"].required("must specify one of v1, v1beta1");
    }
    if (hook["sideEffects"].must_exist("must specify one of None, NoneOnDryRun")) {
      hook["sideEffects"].one_of({"None", "NoneOnDryRun"});
    }
    hook["failurePolicy"].one_of({"Fail", "Ignore"});
    hook["matchPolicy"].one_of({"Equivalent", "Exact"});
    hook["timeoutSeconds"].in_range(1, 30);
    At client = hook["clientConfig"];
    if (client["url"].value.is_null() == client["service"].value.is_null()) {
      client.required("exactly one of url or service is required");
    }
  }
}

void check_priority_class(const Subject& s) {
  if (s.is_update()) {
    if (s.object["value"].value.as_int() != s.before({"value"}).as_int()) {
      s.object["value"].forbidden("may not be changed in an update.");
    }
  } else if (s.object["value"].value.as_int() > 1'000'000'000 &&
             !s.object["metadata"]["name"].text().starts_with("system-")) {
    s.object["value"].forbidden("maximum allowed value of a user defined priority is 1000000000");
  }
}

void check_storage_class(const Subject& s) {
  s.object["provisioner"].must_exist();
  if (!s.is_update()) return;
  if (!(s.object["parameters"].value == s.before({"parameters"}))) {
    s.object["parameters"].forbidden("updates to parameters are forbidden.");
  }
  if (!(s.object["provisioner"].value == s.before({"provisioner"}))) {
    s.object["provisioner"].forbidden("updates to provisioner are forbidden.");
  }
}

void check_network_policy(const Subject& s) {
  check_label_selector(s.object["spec"]["podSelector"]);
}

void check_lease(const Subject& s) {
  At spec = s.object["spec"];
  if (spec["leaseDurationSeconds"].value.is_number() &&
      spec["leaseDurationSeconds"].value.as_int() <= 0) {
    spec["leaseDurationSeconds"].invalid("must be greater than 0");
  }
  spec["leaseTransitions"].at_least(0);
}

void check_cluster_role(const Subject& s) {
  check_role(s.object, true);
}
void check_namespaced_role(const Subject& s) {
  check_role(s.object, false);
}
void check_cluster_binding(const Subject& s) {
  check_binding(s.object, s.old, true);
}
void check_namespaced_binding(const Subject& s) {
  check_binding(s.object, s.old, false);
}

struct Check {
  std::string_view schema;
  void (*run)(const Subject&);
};
constexpr std::array kChecks = {
    Check{"admissionregistration.v1.MutatingWebhookConfiguration", &check_webhooks},
    Check{"admissionregistration.v1.ValidatingWebhookConfiguration", &check_webhooks},
    Check{"apps.v1.DaemonSet", &check_daemonset},
    Check{"apps.v1.Deployment", &check_deployment},
    Check{"apps.v1.ReplicaSet", &check_replicaset},
    Check{"apps.v1.StatefulSet", &check_statefulset},
    Check{"autoscaling.v1.HorizontalPodAutoscaler", &check_hpa},
    Check{"autoscaling.v2.HorizontalPodAutoscaler", &check_hpa},
    Check{"batch.v1.CronJob", &check_cronjob},
    Check{"batch.v1.Job", &check_job},
    Check{"coordination.v1.Lease", &check_lease},
    Check{"core.v1.ConfigMap", &check_config_map},
    Check{"core.v1.PersistentVolume", &check_volume},
    Check{"core.v1.PersistentVolumeClaim", &check_claim},
    Check{"core.v1.Pod", &check_pod},
    Check{"core.v1.Secret", &check_secret},
    Check{"core.v1.Service", &check_service},
    Check{"networking.v1.Ingress", &check_ingress},
    Check{"networking.v1.NetworkPolicy", &check_network_policy},
    Check{"policy.v1.PodDisruptionBudget", &check_budget},
    Check{"rbac.v1.ClusterRole", &check_cluster_role},
    Check{"rbac.v1.ClusterRoleBinding", &check_cluster_binding},
    Check{"rbac.v1.Role", &check_namespaced_role},
    Check{"rbac.v1.RoleBinding", &check_namespaced_binding},
    Check{"scheduling.v1.PriorityClass", &check_priority_class},
    Check{"storage.v1.StorageClass", &check_storage_class},
};

}  // namespace

FieldErrors validate(const Kind& kind, const Value& object, const Value* old) {
  FieldErrors errors;
  At at{object, "", errors};
  for (const Check& check : kChecks) {
    if (check.schema == kind.schema) check.run(Subject{at, old});
  }
  return errors;
}

Complaints check_name(const Kind& kind, std::string_view name) {
  if (kind.schema.starts_with("rbac.v1.")) return check_path_segment(name);
  if (kind.schema == "core.v1.Namespace") return check_dns1123_label(name);
  if (kind.schema == "core.v1.Service") return check_dns1123_label(name);
  if (kind.schema == "apiregistration.v1.APIService") return check_path_segment(name);
  if (kind.schema == "certificates.v1.CertificateSigningRequest") return check_path_segment(name);
  return check_dns1123_subdomain(name);
}

bool counts_generations(const Kind& kind) {
  constexpr std::array kCounting = {std::string_view("apps.v1.DaemonSet"),
                                    std::string_view("apps.v1.Deployment"),
                                    std::string_view("apps.v1.ReplicaSet"),
                                    std::string_view("apps.v1.StatefulSet"),
                                    std::string_view("batch.v1.CronJob"),
                                    std::string_view("batch.v1.Job"),
                                    std::string_view("core.v1.Pod"),
                                    std::string_view("core.v1.ReplicationController"),
                                    std::string_view("discovery.v1.EndpointSlice"),
                                    std::string_view("networking.v1.Ingress"),
                                    std::string_view("networking.v1.IngressClass"),
                                    std::string_view("networking.v1.NetworkPolicy"),
                                    std::string_view("policy.v1.PodDisruptionBudget"),
                                    std::string_view("scheduling.v1.PriorityClass"),
                                    std::string_view("apiextensions.v1.CustomResourceDefinition")};
  return kind.schema.starts_with("admissionregistration.v1.") ||
         std::find(kCounting.begin(), kCounting.end(), kind.schema) != kCounting.end();
}

bool allows_unconditional_update(const Kind& kind) {
  return kind.schema != "coordination.v1.Lease" && !kind.schema.starts_with("apiextensions.v1.") &&
         !kind.schema.starts_with("apiregistration.v1.") &&
         !kind.schema.starts_with("admissionregistration.v1.");
}

}  // namespace fleet::kube::builtin
