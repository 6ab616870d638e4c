#include <algorithm>
#include <set>
#include <vector>

#include "kube/builtin/check.h"
#include "kube/meta/quantity.h"
#include "kube/meta/selector.h"

namespace fleet::kube::builtin {
namespace {

using Names = std::set<std::string, std::less<>>;

void check_port_number(const At& port) {
  port.in_range(1, 65535);
}

void check_ports(const At& ports) {
  Names names;
  for (size_t i = 0; i < ports.value.size(); ++i) {
    At port = ports.item(i);
    if (!port["name"].absent()) {
      auto complaints = check_port_name(port["name"].text());
      port["name"].obeys(complaints);
      if (complaints.empty() && !names.insert(port["name"].value.to_string()).second) {
        port.errors.push_back(FieldError::duplicate(port["name"].path, port["name"].value));
      }
    }
    if (port["containerPort"].value.as_int() == 0) {
      port["containerPort"].required();
    } else {
      check_port_number(port["containerPort"]);
    }
    if (port["hostPort"].value.as_int() != 0) check_port_number(port["hostPort"]);
    if (port["protocol"].must_exist()) port["protocol"].one_of({"SCTP", "TCP", "UDP"});
  }
}

void check_env(const At& env) {
  for (size_t i = 0; i < env.value.size(); ++i) {
    At one = env.item(i);
    if (one["name"].must_exist()) one["name"].obeys(check_env_var_name(one["name"].text()));
    if (one["valueFrom"].value.is_null()) continue;
    if (!one["value"].absent()) {
      one["valueFrom"].errors.push_back(FieldError::invalid(
          one["valueFrom"].path, "", "may not be specified when `value` is not empty"));
    }
    if (one["valueFrom"].value.empty()) {
      one["valueFrom"].errors.push_back(
          FieldError::invalid(one["valueFrom"].path,
                              "",
                              "must specify one of: `fieldRef`, `resourceFieldRef`, "
                              "`configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"));
    }
  }
}

void check_mounts(const At& mounts, const Names& volumes) {
  Names paths;
  for (size_t i = 0; i < mounts.value.size(); ++i) {
    At mount = mounts.item(i);
    if (mount["name"].must_exist() && !volumes.contains(mount["name"].text())) {
      mount.errors.push_back(FieldError::not_found(mount["name"].path, mount["name"].value));
    }
    if (!mount["mountPath"].must_exist()) continue;
    if (!paths.insert(mount["mountPath"].value.to_string()).second) {
      mount["mountPath"].invalid("must be unique");
    }
  }
}

void check_resources(const At& resources) {
  for (const char* part : {"limits", "requests"}) {
    for (const data::Member& amount : resources[part].value.members()) {
      auto quantity = Quantity::from_value(amount.value);
      At at{amount.value, cat(resources.path, ".", part, "[", name(amount), "]"), resources.errors};
      if (quantity.ok() && quantity->sign() < 0) {
        at.invalid("must be greater than or equal to 0");
      }
    }
  }
  for (const data::Member& request : resources["requests"].value.members()) {
    const data::Value& limit = resources["limits"].value[name(request)];
    if (limit.is_null()) continue;
    auto wants = Quantity::from_value(request.value);
    auto most = Quantity::from_value(limit);
    if (wants.ok() && most.ok() && wants->compare(*most) > 0) {
      At at{request.value, cat(resources.path, ".requests"), resources.errors};
      at.invalid(cat("must be less than or equal to ", name(request), " limit of ", most->str()));
    }
  }
}

void check_probe(const At& probe) {
  if (probe.value.is_null()) return;
  int handlers = 0;
  for (const char* handler : {"exec", "httpGet", "tcpSocket", "grpc"}) {
    if (!probe[handler].value.is_null()) ++handlers;
  }
  if (handlers == 0) probe.required("must specify a handler type");
  for (const char* field : {"initialDelaySeconds",
                            "timeoutSeconds",
                            "periodSeconds",
                            "successThreshold",
                            "failureThreshold"}) {
    probe[field].at_least(0);
  }
}

void check_container(const At& container, const Names& volumes, Names& names) {
  At called = container["name"];
  if (called.must_exist()) {
    called.obeys(check_dns1123_label(called.text()));
    if (!names.insert(called.value.to_string()).second) {
      container.errors.push_back(FieldError::duplicate(called.path, called.value));
    }
  }
  At image = container["image"];
  if (image.must_exist() && trim(image.text()).size() != image.text().size()) {
    image.invalid("must not have leading or trailing whitespace");
  }
  container["imagePullPolicy"].one_of({"Always", "IfNotPresent", "Never"});
  container["terminationMessagePolicy"].one_of({"FallbackToLogsOnError", "File"});
  check_ports(container["ports"]);
  check_env(container["env"]);
  check_mounts(container["volumeMounts"], volumes);
  check_resources(container["resources"]);
  check_probe(container["livenessProbe"]);
  check_probe(container["readinessProbe"]);
  check_probe(container["startupProbe"]);
}

Names check_volumes(const At& volumes) {
  Names names;
  for (size_t i = 0; i < volumes.value.size(); ++i) {
    At volume = volumes.item(i);
    size_t sources = volume.value.size() - (volume.value.contains("name") ? 1 : 0);
    if (sources == 0) volume.required("must specify a volume type");
    if (sources > 1) {
      std::string second;
      for (const data::Member& member : volume.value.sorted().members()) {
        if (name(member) != "name") second = name(member);
      }
      volume[second].forbidden("may not specify more than 1 volume type");
    }
    if (!volume["name"].must_exist()) continue;
    volume["name"].obeys(check_dns1123_label(volume["name"].text()));
    if (!names.insert(volume["name"].value.to_string()).second) {
      volume.errors.push_back(FieldError::duplicate(volume["name"].path, volume["name"].value));
    }
  }
  return names;
}

}  // namespace

void check_label_selector(const At& selector) {
  if (selector.value.is_null()) return;
  for (const data::Member& label : selector["matchLabels"].value.members()) {
    At at{label.value, cat(selector.path, ".matchLabels"), selector.errors};
    if (auto wrong = check_label_key(name(label)); !wrong.empty()) {
      at.errors.push_back(FieldError::invalid(at.path, name(label), join(wrong, "; ")));
    }
    if (auto wrong = check_label_value(label.value.as_string()); !wrong.empty()) {
      at.invalid(join(wrong, "; "));
    }
  }
  At expressions = selector["matchExpressions"];
  for (size_t i = 0; i < expressions.value.size(); ++i) {
    At one = expressions.item(i);
    std::string_view op = one["operator"].text();
    bool has_values = !one["values"].value.empty();
    if (op == "In" || op == "NotIn") {
      if (!has_values) {
        one["values"].required("must be specified when `operator` is 'In' or 'NotIn'");
      }
    } else if (op == "Exists" || op == "DoesNotExist") {
      if (has_values) {
        one["values"].forbidden(
            "may not be specified when `operator` is 'Exists' or "
            "'DoesNotExist'");
      }
    } else {
      one["operator"].invalid("not a valid selector operator");
    }
    if (auto wrong = check_label_key(one["key"].text()); !wrong.empty()) {
      one["key"].invalid(join(wrong, "; "));
    }
  }
}

void check_pod_spec(const At& spec) {
  Names volumes = check_volumes(spec["volumes"]);
  // Volumes that come from claims of a StatefulSet are not known here; their mounts are not looked
  // up when there are any.
  Names names;
  if (spec["containers"].value.empty()) spec["containers"].required();
  for (const char* list : {"containers", "initContainers"}) {
    for (size_t i = 0; i < spec[list].value.size(); ++i)
      check_container(spec[list].item(i), volumes, names);
  }
  spec["restartPolicy"].one_of({"Always", "Never", "OnFailure"});
  spec["dnsPolicy"].one_of({"ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"});
  spec["terminationGracePeriodSeconds"].at_least(0);
  if (!spec["serviceAccountName"].absent()) {
    spec["serviceAccountName"].obeys(check_dns1123_subdomain(spec["serviceAccountName"].text()));
  }
  if (!spec["hostname"].absent())
    spec["hostname"].obeys(check_dns1123_label(spec["hostname"].text()));
}

void check_pod_template(const At& spec, std::initializer_list<const char*> restart) {
  At selector = spec["selector"];
  if (selector.value.is_null()) {
    selector.required();
  } else {
    check_label_selector(selector);
    if (selector.value.empty()) selector.invalid("empty selector is invalid for deployment");
  }
  At labels = spec["template"]["metadata"]["labels"];
  auto parsed = LabelSelector::from_value(selector.value);
  if (parsed.ok() && !selector.value.empty() && !parsed->matches(labels.value)) {
    data::Value shown = labels.value.is_null() ? data::Value::object() : labels.value;
    labels.errors.push_back(
        FieldError::invalid(labels.path, shown, "`selector` does not match template `labels`"));
  }
  At pod = spec["template"]["spec"];
  check_pod_spec(pod);
  if (pod["restartPolicy"].absent()) return;
  bool allowed = std::any_of(restart.begin(), restart.end(), [&](const char* word) {
    return pod["restartPolicy"].text() == word;
  });
  if (!allowed) {
    pod.errors.push_back(
        FieldError::not_supported(pod["restartPolicy"].path,
                                  pod["restartPolicy"].value,
                                  std::vector<std::string>(restart.begin(), restart.end())));
  }
}

}  // namespace fleet::kube::builtin
