// What a deployment asks of its namespace: whether it may go there, copies, labels.
#include <utility>

#include "agent/deployment_reconciler.h"
#include "agent/deployment_work.h"
#include "base/strings.h"
#include "fleet/api/labels.h"
#include "kube/controller/write.h"

namespace fleet::agent {
namespace {

using data::Value;
using kube::Object;

constexpr std::string_view kPodSecurity = "pod-security.kubernetes.io/";
constexpr std::string_view kNamespaceName = "kubernetes.io/metadata.name";

kube::Resource namespaces() {
  return {{"", "v1", "namespaces"}, "Namespace", false};
}

std::string namespace_of(const api::BundleDeploymentOptions& options) {
  if (!options.target_namespace.empty()) return options.target_namespace;
  if (!options.default_namespace.empty()) return options.default_namespace;
  return "default";
}

// "map[a:1 b:2]", as Go prints it.
std::string go_map(const kube::StringMap& map) {
  std::vector<std::string> parts;
  for (const auto& [key, value] : map)
    parts.push_back(cat(key, ":", value));
  return cat("map[", join(parts, " "), "]");
}

}  // namespace

Result<> DeploymentReconciler::check_namespace(const Context& ctx, const Work& work) {
  const api::BundleDeploymentOptions& options = work.deployment.spec.options;
  if (!options.allowed_target_namespace_selector) return {};
  const std::string ns = namespace_of(options);
  Result<Object> live = around_.local.get(ctx, namespaces(), {"", ns});
  if (!live.ok()) {
    if (live.error().code() != Code::NotFound) {
      return std::move(live).error().within(cat("failed to get target namespace ", ns));
    }
    return Error(Code::NotFound,
                 cat("target namespace ", ns, " does not exist on downstream cluster"));
  }
  const kube::LabelSelector selector =
      TRY(options.allowed_target_namespace_selector->compile().within(
          "invalid AllowedTargetNamespaceSelector"));
  if (selector.matches(*live)) return {};
  return Error(Code::Forbidden,
               cat("target namespace ",
                   ns,
                   " does not match AllowedTargetNamespaceSelector (",
                   selector.str(),
                   "); namespace labels ",
                   go_map(live->labels())));
}

// True when an object that was there before changed: what uses it is then deployed again.
Result<bool> DeploymentReconciler::copy_downstream(const Context& ctx, Work& work) {
  const api::BundleDeploymentOptions& options = work.deployment.spec.options;
  if (options.downstream_resources.empty()) return false;
  const std::string ns = namespace_of(options);
  bool updated = false;
  for (const api::DownstreamResource& wanted : options.downstream_resources) {
    const bool secret = equal_fold(wanted.kind, "secret");
    if (!secret && !equal_fold(wanted.kind, "configmap")) {
      return Error(
          Code::Invalid,
          cat("unknown resource type for copy to downstream cluster: ", quote(wanted.kind)));
    }
    const kube::Resource resource =
        secret ? kube::Resource{{"", "v1", "secrets"}, "Secret", true}
               : kube::Resource{{"", "v1", "configmaps"}, "ConfigMap", true};
    Object source =
        TRY(around_.hub.get(ctx, resource, {work.deployment.metadata.namespace_, wanted.name}));
    Object copy = Object::make(resource.gvk(), {ns, wanted.name});
    copy.set_labels(source.labels());
    copy.set_annotations(source.annotations());
    copy.set_label(api::label::kBundleDeployment, work.deployment.metadata.name);
    for (const char* field : {"data", "binaryData", "type"}) {
      if (source.value().contains(field)) copy.set({field}, source[field]);
    }
    Result<Object> space =
        around_.local.create(ctx, namespaces(), Object::make(namespaces().gvk(), {"", ns}));
    if (!space.ok() && space.error().code() != Code::AlreadyExists) return std::move(space).error();
    Result<Object> before = around_.local.get(ctx, resource, copy.key());
    if (!before.ok() && before.error().code() != Code::NotFound) return std::move(before).error();
    Object after =
        TRY(kube::ensure_object(ctx, around_.local, resource, copy, {"data", "binaryData"}));
    updated = updated || (before.ok() && before->resource_version() != after.resource_version());
  }
  work.status.downstream_resources_generation =
      work.deployment.spec.downstream_resources_generation;
  return updated;
}

Result<> DeploymentReconciler::mark_namespace(const Context& ctx,
                                              const Work& work,
                                              const ReleaseId& release) {
  const api::BundleDeploymentOptions& options = work.deployment.spec.options;
  if (options.namespace_labels.empty() && options.namespace_annotations.empty()) return {};
  Object live = TRY(around_.local.get(ctx, namespaces(), {"", release.ns}));
  Object next = live;
  for (const auto& [key, value] : live.labels()) {
    const bool kept = key == kNamespaceName || key.starts_with(kPodSecurity);
    if (!kept && !options.namespace_labels.contains(key)) next.remove_label(key);
  }
  for (const auto& [key, value] : options.namespace_labels) {
    if (!key.starts_with(kPodSecurity)) next.set_label(key, value);
  }
  next.set_annotations(options.namespace_annotations);
  auto patch = kube::merge_difference(live.value(), next.value());
  if (!patch) return {};
  TRY(around_.local.patch(ctx, namespaces(), live.key(), kube::Patch::merge(std::move(*patch))));
  return {};
}

}  // namespace fleet::agent
