#include "kube/builtin/kinds.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "base/strings.h"

namespace fleet::kube::builtin {
namespace {

constexpr std::string_view kAll = "create delete deletecollection get list patch update watch";
constexpr std::string_view kCreate = "create";

constexpr bool kStatus = true;
constexpr bool kNone = false;

constexpr Kind stored(std::string_view group,
                      std::string_view version,
                      std::string_view kind,
                      std::string_view plural,
                      std::string_view singular,
                      std::string_view schema) {
  return Kind{.group = group,
              .version = version,
              .kind = kind,
              .plural = plural,
              .singular = singular,
              .verbs = kAll,
              .schema = schema};
}

constexpr Kind with(Kind kind, std::string_view short_names, std::string_view categories = "") {
  kind.short_names = short_names;
  kind.categories = categories;
  return kind;
}
constexpr Kind cluster(Kind kind) {
  kind.namespaced = false;
  return kind;
}
constexpr Kind status(Kind kind) {
  kind.has_status = kStatus;
  return kind;
}
constexpr Kind scaled(Kind kind) {
  kind.has_status = kStatus;
  kind.has_scale = true;
  return kind;
}
constexpr Kind without_collection(Kind kind) {
  kind.verbs = "create delete get list patch update watch";
  return kind;
}
constexpr Kind more(Kind kind, std::string_view subresources) {
  kind.subresources = subresources;
  return kind;
}
constexpr Kind review(std::string_view group,
                      std::string_view kind,
                      std::string_view plural,
                      std::string_view singular,
                      std::string_view schema,
                      bool namespaced = false) {
  Kind out = stored(group, "v1", kind, plural, singular, schema);
  out.verbs = kCreate;
  out.namespaced = namespaced;
  out.is_virtual = true;
  out.has_status = kNone;
  return out;
}

constexpr std::string_view kCore = "";
constexpr std::string_view kAdmission = "admissionregistration.k8s.io";
constexpr std::string_view kAuthentication = "authentication.k8s.io";
constexpr std::string_view kAuthorization = "authorization.k8s.io";
constexpr std::string_view kNetworking = "networking.k8s.io";
constexpr std::string_view kRbac = "rbac.authorization.k8s.io";
constexpr std::string_view kStorage = "storage.k8s.io";

constexpr std::array kKinds = {
    with(stored(kCore, "v1", "ConfigMap", "configmaps", "configmap", "core.v1.ConfigMap"), "cm"),
    with(stored(kCore, "v1", "Endpoints", "endpoints", "endpoints", "core.v1.Endpoints"), "ep"),
    with(stored(kCore, "v1", "Event", "events", "event", "core.v1.Event"), "ev"),
    with(stored(kCore, "v1", "LimitRange", "limitranges", "limitrange", "core.v1.LimitRange"),
         "limits"),
    without_collection(
        more(status(cluster(with(
                 stored(kCore, "v1", "Namespace", "namespaces", "namespace", "core.v1.Namespace"),
                 "ns"))),
             "finalize")),
    status(cluster(with(stored(kCore, "v1", "Node", "nodes", "node", "core.v1.Node"), "no"))),
    status(with(stored(kCore,
                       "v1",
                       "PersistentVolumeClaim",
                       "persistentvolumeclaims",
                       "persistentvolumeclaim",
                       "core.v1.PersistentVolumeClaim"),
                "pvc")),
    status(cluster(with(stored(kCore,
                               "v1",
                               "PersistentVolume",
                               "persistentvolumes",
                               "persistentvolume",
                               "core.v1.PersistentVolume"),
                        "pv"))),
    more(status(with(stored(kCore, "v1", "Pod", "pods", "pod", "core.v1.Pod"), "po", "all")),
         "eviction"),
    stored(kCore, "v1", "PodTemplate", "podtemplates", "podtemplate", "core.v1.PodTemplate"),
    scaled(with(stored(kCore,
                       "v1",
                       "ReplicationController",
                       "replicationcontrollers",
                       "replicationcontroller",
                       "core.v1.ReplicationController"),
                "rc",
                "all")),
    status(with(stored(kCore,
                       "v1",
                       "ResourceQuota",
                       "resourcequotas",
                       "resourcequota",
                       "core.v1.ResourceQuota"),
                "quota")),
    stored(kCore, "v1", "Secret", "secrets", "secret", "core.v1.Secret"),
    more(with(stored(kCore,
                     "v1",
                     "ServiceAccount",
                     "serviceaccounts",
                     "serviceaccount",
                     "core.v1.ServiceAccount"),
              "sa"),
         "token"),
    status(with(
        stored(kCore, "v1", "Service", "services", "service", "core.v1.Service"), "svc", "all")),

    status(cluster(with(stored("apiregistration.k8s.io",
                               "v1",
                               "APIService",
                               "apiservices",
                               "apiservice",
                               "apiregistration.v1.APIService"),
                        "",
                        "api-extensions"))),

    stored("apps",
           "v1",
           "ControllerRevision",
           "controllerrevisions",
           "controllerrevision",
           "apps.v1.ControllerRevision"),
    status(with(stored("apps", "v1", "DaemonSet", "daemonsets", "daemonset", "apps.v1.DaemonSet"),
                "ds",
                "all")),
    scaled(
        with(stored("apps", "v1", "Deployment", "deployments", "deployment", "apps.v1.Deployment"),
             "deploy",
             "all")),
    scaled(
        with(stored("apps", "v1", "ReplicaSet", "replicasets", "replicaset", "apps.v1.ReplicaSet"),
             "rs",
             "all")),
    scaled(with(
        stored("apps", "v1", "StatefulSet", "statefulsets", "statefulset", "apps.v1.StatefulSet"),
        "sts",
        "all")),

    with(stored("events.k8s.io", "v1", "Event", "events", "event", "events.v1.Event"), "ev"),

    review(kAuthentication,
           "SelfSubjectReview",
           "selfsubjectreviews",
           "selfsubjectreview",
           "authentication.v1.SelfSubjectReview"),
    review(kAuthentication,
           "TokenReview",
           "tokenreviews",
           "tokenreview",
           "authentication.v1.TokenReview"),

    review(kAuthorization,
           "LocalSubjectAccessReview",
           "localsubjectaccessreviews",
           "localsubjectaccessreview",
           "authorization.v1.LocalSubjectAccessReview",
           true),
    review(kAuthorization,
           "SelfSubjectAccessReview",
           "selfsubjectaccessreviews",
           "selfsubjectaccessreview",
           "authorization.v1.SelfSubjectAccessReview"),
    review(kAuthorization,
           "SelfSubjectRulesReview",
           "selfsubjectrulesreviews",
           "selfsubjectrulesreview",
           "authorization.v1.SelfSubjectRulesReview"),
    review(kAuthorization,
           "SubjectAccessReview",
           "subjectaccessreviews",
           "subjectaccessreview",
           "authorization.v1.SubjectAccessReview"),

    status(with(stored("autoscaling",
                       "v2",
                       "HorizontalPodAutoscaler",
                       "horizontalpodautoscalers",
                       "horizontalpodautoscaler",
                       "autoscaling.v2.HorizontalPodAutoscaler"),
                "hpa",
                "all")),
    status(with(stored("autoscaling",
                       "v1",
                       "HorizontalPodAutoscaler",
                       "horizontalpodautoscalers",
                       "horizontalpodautoscaler",
                       "autoscaling.v1.HorizontalPodAutoscaler"),
                "hpa",
                "all")),

    status(with(
        stored("batch", "v1", "CronJob", "cronjobs", "cronjob", "batch.v1.CronJob"), "cj", "all")),
    status(with(stored("batch", "v1", "Job", "jobs", "job", "batch.v1.Job"), "", "all")),

    more(status(cluster(with(stored("certificates.k8s.io",
                                    "v1",
                                    "CertificateSigningRequest",
                                    "certificatesigningrequests",
                                    "certificatesigningrequest",
                                    "certificates.v1.CertificateSigningRequest"),
                             "csr"))),
         "approval"),

    status(
        with(stored(kNetworking, "v1", "Ingress", "ingresses", "ingress", "networking.v1.Ingress"),
             "ing")),
    cluster(stored(kNetworking,
                   "v1",
                   "IngressClass",
                   "ingressclasses",
                   "ingressclass",
                   "networking.v1.IngressClass")),
    with(stored(kNetworking,
                "v1",
                "NetworkPolicy",
                "networkpolicies",
                "networkpolicy",
                "networking.v1.NetworkPolicy"),
         "netpol"),

    status(with(stored("policy",
                       "v1",
                       "PodDisruptionBudget",
                       "poddisruptionbudgets",
                       "poddisruptionbudget",
                       "policy.v1.PodDisruptionBudget"),
                "pdb")),

    cluster(stored(kRbac,
                   "v1",
                   "ClusterRoleBinding",
                   "clusterrolebindings",
                   "clusterrolebinding",
                   "rbac.v1.ClusterRoleBinding")),
    cluster(
        stored(kRbac, "v1", "ClusterRole", "clusterroles", "clusterrole", "rbac.v1.ClusterRole")),
    stored(kRbac, "v1", "RoleBinding", "rolebindings", "rolebinding", "rbac.v1.RoleBinding"),
    stored(kRbac, "v1", "Role", "roles", "role", "rbac.v1.Role"),

    cluster(stored(kStorage, "v1", "CSIDriver", "csidrivers", "csidriver", "storage.v1.CSIDriver")),
    cluster(stored(kStorage, "v1", "CSINode", "csinodes", "csinode", "storage.v1.CSINode")),
    stored(kStorage,
           "v1",
           "CSIStorageCapacity",
           "csistoragecapacities",
           "csistoragecapacity",
           "storage.v1.CSIStorageCapacity"),
    cluster(with(stored(kStorage,
                        "v1",
                        "StorageClass",
                        "storageclasses",
                        "storageclass",
                        "storage.v1.StorageClass"),
                 "sc")),
    status(cluster(stored(kStorage,
                          "v1",
                          "VolumeAttachment",
                          "volumeattachments",
                          "volumeattachment",
                          "storage.v1.VolumeAttachment"))),

    cluster(with(stored(kAdmission,
                        "v1",
                        "MutatingWebhookConfiguration",
                        "mutatingwebhookconfigurations",
                        "mutatingwebhookconfiguration",
                        "admissionregistration.v1.MutatingWebhookConfiguration"),
                 "",
                 "api-extensions")),
    status(cluster(with(stored(kAdmission,
                               "v1",
                               "ValidatingAdmissionPolicy",
                               "validatingadmissionpolicies",
                               "validatingadmissionpolicy",
                               "admissionregistration.v1.ValidatingAdmissionPolicy"),
                        "",
                        "api-extensions"))),
    cluster(with(stored(kAdmission,
                        "v1",
                        "ValidatingAdmissionPolicyBinding",
                        "validatingadmissionpolicybindings",
                        "validatingadmissionpolicybinding",
                        "admissionregistration.v1.ValidatingAdmissionPolicyBinding"),
                 "",
                 "api-extensions")),
    cluster(with(stored(kAdmission,
                        "v1",
                        "ValidatingWebhookConfiguration",
                        "validatingwebhookconfigurations",
                        "validatingwebhookconfiguration",
                        "admissionregistration.v1.ValidatingWebhookConfiguration"),
                 "",
                 "api-extensions")),

    status(cluster(with(stored("apiextensions.k8s.io",
                               "v1",
                               "CustomResourceDefinition",
                               "customresourcedefinitions",
                               "customresourcedefinition",
                               "apiextensions.v1.CustomResourceDefinition"),
                        "crd crds",
                        "api-extensions"))),

    cluster(with(stored("scheduling.k8s.io",
                        "v1",
                        "PriorityClass",
                        "priorityclasses",
                        "priorityclass",
                        "scheduling.v1.PriorityClass"),
                 "pc")),

    stored("coordination.k8s.io", "v1", "Lease", "leases", "lease", "coordination.v1.Lease"),

    stored("discovery.k8s.io",
           "v1",
           "EndpointSlice",
           "endpointslices",
           "endpointslice",
           "discovery.v1.EndpointSlice"),
};

}  // namespace

Resource Kind::resource() const {
  return {{std::string(group), std::string(version), std::string(plural)},
          std::string(kind),
          namespaced};
}

GroupVersionKind Kind::gvk() const {
  return {std::string(group), std::string(version), std::string(kind)};
}

std::span<const Kind> kinds() {
  return kKinds;
}

const Kind* find_kind(const GroupVersionKind& gvk) {
  for (const Kind& kind : kKinds) {
    if (kind.kind == gvk.kind && kind.group == gvk.group && kind.version == gvk.version) {
      return &kind;
    }
  }
  return nullptr;
}

const Kind* find_resource(std::string_view group,
                          std::string_view version,
                          std::string_view plural) {
  for (const Kind& kind : kKinds) {
    if (kind.plural == plural && kind.group == group && kind.version == version) return &kind;
  }
  return nullptr;
}

const Kind& storage_kind(const Kind& kind) {
  const Kind* other = nullptr;
  if (kind.group == "autoscaling" && kind.version == "v1") {
    other = find_resource("autoscaling", "v2", kind.plural);
  } else if (kind.group == "events.k8s.io") {
    other = find_resource("", "v1", kind.plural);
  }
  return other != nullptr ? *other : kind;
}

std::vector<std::string> words(std::string_view blank_separated) {
  std::vector<std::string> out;
  for (std::string_view word : split_fields(blank_separated)) {
    out.emplace_back(word);
  }
  return out;
}

}  // namespace fleet::kube::builtin
