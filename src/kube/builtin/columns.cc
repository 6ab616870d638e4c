#include <array>

#include "base/strings.h"
#include "kube/builtin/printers.h"
#include "kube/builtin/rules.h"

namespace fleet::kube::builtin {
namespace {

using data::Value;

// Column names between "|". "+" in front: only with -o wide. "#" in front: an integer, "?" a bool.
struct Printer {
  std::string_view schema;
  std::string_view columns;
  void (*print)(const Row& row);
};

constexpr std::string_view kPodColumns =
    "Name|Ready|Status|Restarts|Age|+IP|+Node|+Nominated Node|+Readiness Gates";
constexpr std::string_view kReplicaColumns =
    "Name|#Desired|#Current|#Ready|Age|+Containers|+Images|+Selector";
constexpr std::string_view kBindingColumns = "Name|Role|Age|+Users|+Groups|+ServiceAccounts";
constexpr std::string_view kHookColumns = "Name|#Webhooks|Age";

constexpr std::array kPrinters = {
    Printer{"admissionregistration.v1.MutatingWebhookConfiguration", kHookColumns, &print_webhooks},
    Printer{"admissionregistration.v1.ValidatingAdmissionPolicy",
            "Name|#Validations|ParamKind|Age",
            &print_admission_policy},
    Printer{"admissionregistration.v1.ValidatingAdmissionPolicyBinding",
            "Name|PolicyName|ParamRef|Age",
            &print_admission_binding},
    Printer{
        "admissionregistration.v1.ValidatingWebhookConfiguration", kHookColumns, &print_webhooks},
    Printer{"apiextensions.v1.CustomResourceDefinition", "Name|Created At", &print_crd},
    Printer{"apiregistration.v1.APIService", "Name|Service|Available|Age", &print_api_service},
    Printer{"apps.v1.ControllerRevision", "Name|Controller|#Revision|Age", &print_revision},
    Printer{"apps.v1.DaemonSet",
            "Name|#Desired|#Current|#Ready|#Up-to-date|#Available|Node Selector|Age|+Containers|"
            "+Images|+Selector",
            &print_daemonset},
    Printer{"apps.v1.Deployment",
            "Name|Ready|#Up-to-date|#Available|Age|+Containers|+Images|+Selector",
            &print_deployment},
    Printer{"apps.v1.ReplicaSet", kReplicaColumns, &print_replicaset},
    Printer{"apps.v1.StatefulSet", "Name|Ready|Age|+Containers|+Images", &print_statefulset},
    Printer{"autoscaling.v1.HorizontalPodAutoscaler",
            "Name|Reference|Targets|MinPods|MaxPods|#Replicas|Age",
            &print_hpa},
    Printer{"autoscaling.v2.HorizontalPodAutoscaler",
            "Name|Reference|Targets|MinPods|MaxPods|#Replicas|Age",
            &print_hpa},
    Printer{"batch.v1.CronJob",
            "Name|Schedule|Timezone|?Suspend|#Active|Last Schedule|Age|+Containers|+Images|"
            "+Selector",
            &print_cronjob},
    Printer{"batch.v1.Job",
            "Name|Status|Completions|Duration|Age|+Containers|+Images|+Selector",
            &print_job},
    Printer{"certificates.v1.CertificateSigningRequest",
            "Name|Age|SignerName|Requestor|RequestedDuration|Condition",
            &print_csr},
    Printer{"coordination.v1.Lease", "Name|Holder|Age", &print_lease},
    Printer{"core.v1.ConfigMap", "Name|Data|Age", &print_config_map},
    Printer{"core.v1.Endpoints", "Name|Endpoints|Age", &print_endpoints},
    Printer{"core.v1.Event",
            "Last Seen|Type|Reason|Object|+Subobject|+Source|Message|+First Seen|+Count|+Name",
            &print_event},
    Printer{"core.v1.LimitRange", "Name|Created At", &print_created_at},
    Printer{"core.v1.Namespace", "Name|Status|Age", &print_namespace},
    Printer{"core.v1.Node",
            "Name|Status|Roles|Age|Version|+Internal-IP|+External-IP|+OS-Image|+Kernel-Version|"
            "+Container-Runtime",
            &print_node},
    Printer{"core.v1.PersistentVolume",
            "Name|Capacity|Access Modes|Reclaim Policy|Status|Claim|StorageClass|"
            "VolumeAttributesClass|Reason|Age|+VolumeMode",
            &print_volume},
    Printer{"core.v1.PersistentVolumeClaim",
            "Name|Status|Volume|Capacity|Access Modes|StorageClass|VolumeAttributesClass|Age|"
            "+VolumeMode",
            &print_claim},
    Printer{"core.v1.Pod", kPodColumns, &print_pod},
    Printer{"core.v1.PodTemplate", "Name|Containers|Images|Pod Labels", &print_pod_template},
    Printer{"core.v1.ReplicationController", kReplicaColumns, &print_replicaset},
    Printer{"core.v1.ResourceQuota", "Name|Request|Limit|Age", &print_quota},
    Printer{"core.v1.Secret", "Name|Type|#Data|Age", &print_secret},
    Printer{"core.v1.Service",
            "Name|Type|Cluster-IP|External-IP|Port(s)|Age|+Selector",
            &print_service},
    Printer{"core.v1.ServiceAccount", "Name|#Secrets|Age", &print_service_account},
    Printer{"discovery.v1.EndpointSlice",
            "Name|AddressType|Ports|Endpoints|Age",
            &print_endpoint_slice},
    Printer{"events.v1.Event",
            "Last Seen|Type|Reason|Object|+Subobject|+Source|Message|+First Seen|+Count|+Name",
            &print_event},
    Printer{"networking.v1.Ingress", "Name|Class|Hosts|Address|Ports|Age", &print_ingress},
    Printer{"networking.v1.IngressClass", "Name|Controller|Parameters|Age", &print_ingress_class},
    Printer{"networking.v1.NetworkPolicy", "Name|Pod-Selector|Age", &print_network_policy},
    Printer{"policy.v1.PodDisruptionBudget",
            "Name|Min Available|Max Unavailable|#Allowed Disruptions|Age",
            &print_budget},
    Printer{"rbac.v1.ClusterRole", "Name|Created At", &print_created_at},
    Printer{"rbac.v1.ClusterRoleBinding", kBindingColumns, &print_binding},
    Printer{"rbac.v1.Role", "Name|Created At", &print_created_at},
    Printer{"rbac.v1.RoleBinding", kBindingColumns, &print_binding},
    Printer{"scheduling.v1.PriorityClass",
            "Name|#Value|?Global-Default|Age|PreemptionPolicy",
            &print_priority_class},
    Printer{"storage.v1.StorageClass",
            "Name|Provisioner|ReclaimPolicy|VolumeBindingMode|AllowVolumeExpansion|Age",
            &print_storage_class},
};

constexpr Printer kPlain{"", "Name|Age", &print_plain};

const Printer& printer_of(const Kind& kind) {
  for (const Printer& printer : kPrinters) {
    if (printer.schema == kind.schema) return printer;
  }
  return kPlain;
}

}  // namespace

std::vector<Column> columns(const Kind& kind) {
  std::vector<Column> out;
  for (std::string_view name : split(printer_of(kind).columns, '|')) {
    Column column;
    if (name.starts_with('+')) {
      column.priority = 1;
      name.remove_prefix(1);
    }
    if (name.starts_with('#') || name.starts_with('?')) {
      column.type = name[0] == '#' ? "integer" : "boolean";
      name.remove_prefix(1);
    }
    if (name == "Name") column.format = "name";
    if (name == "Created At") {
      column.type = "date";
      column.format = "";
    }
    column.name = name;
    out.push_back(std::move(column));
  }
  return out;
}

std::vector<Value> cells(const Kind& kind, const Value& object, TimePoint now) {
  std::vector<Value> out;
  printer_of(kind).print(Row{object, now, out});
  return out;
}

}  // namespace fleet::kube::builtin
