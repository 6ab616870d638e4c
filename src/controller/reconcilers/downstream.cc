#include "controller/reconcilers/downstream.h"

#include <optional>
#include <utility>

#include "base/strings.h"
#include "kube/controller/write.h"

namespace fleet::controller {
namespace {

using kube::Object;

std::optional<kube::Resource> resource_of(const api::DownstreamResource& wanted) {
  if (equal_fold(wanted.kind, "secret"))
    return kube::Resource{{"", "v1", "secrets"}, "Secret", true};
  if (equal_fold(wanted.kind, "configmap")) {
    return kube::Resource{{"", "v1", "configmaps"}, "ConfigMap", true};
  }
  return std::nullopt;
}

// True when the copy was made or changed.
Result<bool> copy_one(const Context& ctx,
                      kube::Client& client,
                      const kube::Resource& resource,
                      const kube::Key& from,
                      const Object& deployment) {
  const Object source = TRY(client.get(ctx, resource, from));
  Object copy = Object::make(resource.gvk(), {std::string(deployment.ns()), from.name});
  for (const char* field : {"data", "binaryData", "type"}) {
    if (source.value().contains(field)) copy.set({field}, source[field]);
  }
  copy.add_owner(kube::controller_reference(deployment));
  Result<Object> before = client.get(ctx, resource, copy.key());
  if (!before.ok() && before.error().code() != Code::NotFound) return std::move(before).error();
  const Object after =
      TRY(kube::ensure_object(ctx, client, resource, copy, {"data", "binaryData"}));
  return !before.ok() || before->resource_version() != after.resource_version();
}

}  // namespace

Result<bool> copy_downstream(const Context& ctx,
                             kube::Client& client,
                             const std::string& bundle_namespace,
                             const Object& deployment,
                             const std::vector<api::DownstreamResource>& wanted) {
  bool changed = false;
  for (const api::DownstreamResource& entry : wanted) {
    const std::optional<kube::Resource> resource = resource_of(entry);
    if (!resource) {
      return Error(Code::Unsupported,
                   cat("unsupported kind for object to copy to downstream: ", quote(entry.kind)));
    }
    const bool fresh =
        TRY(copy_one(ctx, client, *resource, {bundle_namespace, entry.name}, deployment));
    changed = changed || fresh;
  }
  if (!changed) return false;
  auto count = [](Object& live) -> Result<bool> {
    const int64_t now = live.at({"spec", "downstreamResourcesGeneration"}).as_int();
    live.set({"spec", "downstreamResourcesGeneration"}, now + 1);
    return true;
  };
  TRY(kube::change_object(
      ctx, client, api::BundleDeployment::kKind.resource(), deployment.key(), count));
  return true;
}

}  // namespace fleet::controller
