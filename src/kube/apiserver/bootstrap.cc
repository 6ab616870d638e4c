#include "kube/apiserver/bootstrap.h"

#include "base/strings.h"
#include "kube/rbac/authorize.h"

namespace fleet::kube::apiserver {

using data::Value;

namespace {

constexpr std::string_view kNamespaces[] = {
    "default", "kube-system", "kube-public", "kube-node-lease"};

Result<Resource> resource_of(const Core& core, const Object& object) {
  const GroupVersionKind gvk = object.gvk();
  ServedPtr served = core.registry.catalog()->find_kind(gvk.group, gvk.version, gvk.kind);
  if (!served) return Error(Code::NotFound, cat("no matches for kind ", gvk.str()));
  return served->resource;
}

Result<> ensure(const Context& ctx, Core& core, Client& client, const Object& wanted, bool follow) {
  const Resource resource = TRY(resource_of(core, wanted));
  auto found = client.get(ctx, resource, wanted.key());
  if (!found.ok()) {
    if (found.error().code() != Code::NotFound) return std::move(found).error();
    TRY(client.create(ctx, resource, wanted).within(wanted.name()));
    return {};
  }
  if (!follow || (*found)["spec"] == wanted["spec"]) return {};
  TRY(change_object(ctx, client, resource, wanted.key(), [&](Object& object) -> Result<bool> {
    if (object["spec"] == wanted["spec"]) return false;
    object.set({"spec"}, wanted["spec"]);
    return true;
  }));
  return {};
}

}  // namespace

Result<> bootstrap(const Context& ctx,
                   Core& core,
                   Client& client,
                   const std::vector<Value>& manifests) {
  for (const std::string_view name : kNamespaces) {
    const Object ns = Object::make({"", "v1", "Namespace"}, {"", std::string(name)});
    TRY(ensure(ctx, core, client, ns, false));
  }
  for (Value& object : rbac::bootstrap_objects()) {
    TRY(ensure(ctx, core, client, Object(std::move(object)), false));
  }
  for (const Value& object : manifests)
    TRY(ensure(ctx, core, client, Object(object), true));
  return {};
}

}  // namespace fleet::kube::apiserver
