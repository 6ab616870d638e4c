#include <algorithm>
#include <set>

#include "base/strings.h"
#include "kube/builtin/printers.h"
#include "kube/meta/condition.h"
#include "text/duration.h"

namespace fleet::kube::builtin {
namespace {

using data::Value;

std::string access_modes(const Value& modes) {
  std::vector<std::string> out;
  for (const char* mode : {"ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"}) {
    for (const Value& one : modes.items()) {
      if (one.as_string() != mode) continue;
      std::string_view word = mode;
      out.emplace_back(word == "ReadWriteOnce"   ? "RWO"
                       : word == "ReadOnlyMany"  ? "ROX"
                       : word == "ReadWriteMany" ? "RWX"
                                                 : "RWOP");
      break;
    }
  }
  return join(out, ",");
}

std::string node_address(const Row& row, std::string_view type) {
  for (const Value& address : row.at({"status", "addresses"}).items()) {
    if (address["type"].as_string() == type) return address["address"].to_string();
  }
  return "<none>";
}

std::string node_roles(const Value& labels) {
  std::set<std::string> roles;
  for (const data::Member& label : labels.members()) {
    std::string_view key = name(label);
    if (key.starts_with("node-role.kubernetes.io/")) {
      std::string_view role = trim_prefix(key, "node-role.kubernetes.io/");
      if (!role.empty()) roles.emplace(role);
    } else if (key == "kubernetes.io/role" && !label.value.as_string().empty()) {
      roles.insert(label.value.to_string());
    }
  }
  return roles.empty() ? "<none>" : join(roles, ",");
}

std::string quota_side(const Row& row, bool limits) {
  std::vector<std::string> out;
  const Value hard = row.at({"status", "hard"}).sorted();
  for (const data::Member& entry : hard.members()) {
    if (name(entry).starts_with("limits.") != limits) continue;
    out.push_back(cat(name(entry),
                      ": ",
                      row.at({"status", "used", name(entry)}).as_string(),
                      "/",
                      entry.value.as_string()));
  }
  return join(out, ", ");
}

std::string class_of(const Value& object) {
  const Value& old =
      object.at({"metadata", "annotations", "volume.beta.kubernetes.io/storage-class"});
  return (old.is_null() ? object.at({"spec", "storageClassName"}) : old).to_string();
}

void add_attributes_class(const Row& row) {
  row.add_text(row.at({"spec", "volumeAttributesClassName"}), "<unset>");
}

}  // namespace

void Row::add_text(const Value& text, std::string_view none) const {
  add(text.is_string() && !text.as_string().empty() ? text : Value(none));
}

std::string Row::age(const Value& time) const {
  auto point = parse_rfc3339(time.as_string());
  return point ? text::format_age(now - *point) : "<unknown>";
}

void add_containers(const Row& row, const Value& pod_spec) {
  std::vector<std::string> names;
  std::vector<std::string> images;
  for (const Value& container : pod_spec["containers"].items()) {
    names.push_back(container["name"].to_string());
    images.push_back(container["image"].to_string());
  }
  row.add(join(names, ","));
  row.add(join(images, ","));
}

std::string format_labels(const Value& labels) {
  std::vector<std::string> parts;
  const Value sorted = labels.sorted();
  for (const data::Member& label : sorted.members()) {
    parts.push_back(cat(name(label), "=", label.value.as_string()));
  }
  return parts.empty() ? "<none>" : join(parts, ",");
}

void print_plain(const Row& row) {
  row.add_name();
  row.add_age();
}

void print_created_at(const Row& row) {
  row.add_name();
  row.add(row.at({"metadata", "creationTimestamp"}));
}

void print_crd(const Row& row) {
  print_created_at(row);
}

void print_admission_policy(const Row& row) {
  row.add_name();
  row.add(static_cast<int64_t>(row.at({"spec", "validations"}).size()));
  const Value& kind = row.at({"spec", "paramKind"});
  row.add(kind.is_null() ? std::string("<unset>")
                         : cat(kind["apiVersion"].as_string(), "/", kind["kind"].as_string()));
  row.add_age();
}

void print_admission_binding(const Row& row) {
  row.add_name();
  row.add(row.at({"spec", "policyName"}));
  const Value& reference = row.at({"spec", "paramRef"});
  std::string ns = reference["namespace"].to_string();
  row.add(reference.is_null() ? std::string("<unset>")
          : ns.empty()        ? reference["name"].to_string()
                              : cat(ns, "/", reference["name"].as_string()));
  row.add_age();
}

void print_api_service(const Row& row) {
  row.add_name();
  const Value& service = row.at({"spec", "service"});
  row.add(service.is_null()
              ? std::string("Local")
              : cat(service["namespace"].as_string(), "/", service["name"].as_string()));
  const Value& available = condition_of(row.object, "Available");
  std::string status = available["status"].to_string();
  std::string reason = available["reason"].to_string();
  row.add(status.empty()                       ? std::string("Unknown")
          : status == "True" || reason.empty() ? status
                                               : cat(status, " (", reason, ")"));
  row.add_age();
}

void print_binding(const Row& row) {
  row.add_name();
  row.add(
      cat(row.at({"roleRef", "kind"}).as_string(), "/", row.at({"roleRef", "name"}).as_string()));
  row.add_age();
  for (const char* kind : {"User", "Group", "ServiceAccount"}) {
    std::vector<std::string> names;
    for (const Value& subject : row.object["subjects"].items()) {
      if (subject["kind"].as_string() != kind) continue;
      std::string ns = subject["namespace"].to_string();
      bool account = subject["kind"].as_string() == "ServiceAccount";
      names.push_back(account ? cat(ns, "/", subject["name"].as_string())
                              : subject["name"].to_string());
    }
    row.add(join(names, ", "));
  }
}

void print_claim(const Row& row) {
  bool bound = !row.at({"spec", "volumeName"}).is_null();
  row.add_name();
  row.add(row.at({"metadata", "deletionTimestamp"}).is_null()
              ? row.at({"status", "phase"}).to_string()
              : std::string("Terminating"));
  row.add(row.at({"spec", "volumeName"}).to_string());
  row.add(bound ? row.at({"status", "capacity", "storage"}).to_string() : std::string());
  row.add(bound ? access_modes(row.at({"status", "accessModes"})) : std::string());
  row.add(class_of(row.object));
  add_attributes_class(row);
  row.add_age();
  row.add_text(row.at({"spec", "volumeMode"}), "<unset>");
}

void print_volume(const Row& row) {
  row.add_name();
  row.add(row.at({"spec", "capacity", "storage"}).to_string());
  row.add(access_modes(row.at({"spec", "accessModes"})));
  row.add(row.at({"spec", "persistentVolumeReclaimPolicy"}).to_string());
  row.add(row.at({"metadata", "deletionTimestamp"}).is_null()
              ? row.at({"status", "phase"}).to_string()
              : std::string("Terminating"));
  const Value& claim = row.at({"spec", "claimRef"});
  row.add(claim.is_null() ? std::string()
                          : cat(claim["namespace"].as_string(), "/", claim["name"].as_string()));
  row.add(class_of(row.object));
  add_attributes_class(row);
  row.add(row.at({"status", "reason"}).to_string());
  row.add_age();
  row.add_text(row.at({"spec", "volumeMode"}), "<unset>");
}

void print_config_map(const Row& row) {
  row.add_name();
  row.add(std::to_string(row.object["data"].size() + row.object["binaryData"].size()));
  row.add_age();
}

void print_secret(const Row& row) {
  row.add_name();
  row.add(row.object["type"].to_string());
  row.add(static_cast<int64_t>(row.object["data"].size()));
  row.add_age();
}

void print_service_account(const Row& row) {
  row.add_name();
  row.add(static_cast<int64_t>(row.object["secrets"].size()));
  row.add_age();
}

void print_csr(const Row& row) {
  row.add_name();
  row.add_age();
  row.add(row.at({"spec", "signerName"}).to_string());
  row.add(row.at({"spec", "username"}).to_string());
  const Value& seconds = row.at({"spec", "expirationSeconds"});
  row.add(seconds.is_null() ? std::string("<none>")
                            : text::format_age(std::chrono::seconds(seconds.as_int())));
  bool approved = has_condition(row.object, "Approved");
  bool denied = has_condition(row.object, "Denied");
  std::string status = denied ? "Denied" : approved ? "Approved" : "Pending";
  if (has_condition(row.object, "Failed")) status += ",Failed";
  if (!row.at({"status", "certificate"}).is_null()) status += ",Issued";
  row.add(status);
}

void print_event(const Row& row) {
  const Value& object = row.object;
  bool is_new = !object["regarding"].is_null();
  const Value& about = is_new ? object["regarding"] : object["involvedObject"];
  auto first = is_new ? object["deprecatedFirstTimestamp"] : object["firstTimestamp"];
  auto last = is_new ? object["deprecatedLastTimestamp"] : object["lastTimestamp"];
  std::string seen = first.is_null() ? row.age(object["eventTime"]) : row.age(first);
  std::string last_seen = last.is_null() ? seen : row.age(last);
  int64_t count = (is_new ? object["deprecatedCount"] : object["count"]).as_int();
  const Value& series = object["series"];
  if (!series.is_null()) {
    last_seen = row.age(series["lastObservedTime"]);
    count = series["count"].as_int();
  } else if (count == 0) {
    count = 1;
  }
  row.add(last_seen);
  row.add(object["type"].to_string());
  row.add(object["reason"].to_string());
  std::string target = to_lower(about["kind"].as_string());
  std::string named = about["name"].to_string();
  row.add(named.empty() ? target : cat(target, "/", named));
  row.add(about["fieldPath"].to_string());
  const Value& source = is_new ? object["deprecatedSource"] : object["source"];
  std::string component = source["component"].to_string();
  if (component.empty()) component = object["reportingController"].to_string();
  if (component.empty()) component = object["reportingComponent"].to_string();
  std::string host = source["host"].to_string();
  row.add(host.empty() ? component : cat(component, ", ", host));
  row.add(std::string(trim((is_new ? object["note"] : object["message"]).as_string())));
  row.add(seen);
  row.add(std::to_string(count));
  row.add_name();
}

void print_lease(const Row& row) {
  row.add_name();
  row.add(row.at({"spec", "holderIdentity"}).to_string());
  row.add_age();
}

void print_namespace(const Row& row) {
  row.add_name();
  row.add(row.at({"status", "phase"}).to_string());
  row.add_age();
}

void print_node(const Row& row) {
  row.add_name();
  const Value& ready = condition_of(row.object, "Ready");
  std::string status = ready.is_null()                         ? "Unknown"
                       : ready["status"].as_string() == "True" ? "Ready"
                                                               : "NotReady";
  if (row.at({"spec", "unschedulable"}).as_bool()) status += ",SchedulingDisabled";
  row.add(status);
  row.add(node_roles(row.at({"metadata", "labels"})));
  row.add_age();
  row.add(row.at({"status", "nodeInfo", "kubeletVersion"}).to_string());
  row.add(node_address(row, "InternalIP"));
  row.add(node_address(row, "ExternalIP"));
  for (const char* field : {"osImage", "kernelVersion", "containerRuntimeVersion"}) {
    row.add_text(row.at({"status", "nodeInfo", field}), "<unknown>");
  }
}

void print_priority_class(const Row& row) {
  row.add_name();
  row.add_number(row.object["value"]);
  row.add(row.object["globalDefault"].as_bool());
  row.add_age();
  row.add(row.object["preemptionPolicy"].to_string());
}

void print_quota(const Row& row) {
  row.add_name();
  row.add(quota_side(row, false));
  row.add(quota_side(row, true));
  row.add_age();
}

void print_storage_class(const Row& row) {
  bool is_default =
      row.at({"metadata", "annotations", "storageclass.kubernetes.io/is-default-class"})
          .as_string() == "true";
  row.add(cat(row.at({"metadata", "name"}).as_string(), is_default ? " (default)" : ""));
  row.add(row.object["provisioner"].to_string());
  row.add_text(row.object["reclaimPolicy"], "Delete");
  row.add_text(row.object["volumeBindingMode"], "Immediate");
  row.add(row.object["allowVolumeExpansion"].as_bool());
  row.add_age();
}

void print_webhooks(const Row& row) {
  row.add_name();
  row.add(static_cast<int64_t>(row.object["webhooks"].size()));
  row.add_age();
}

}  // namespace fleet::kube::builtin
