#include "helm/action/client_side.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace fleet::helm {
namespace {

using data::Value;

// The groups that Kubernetes' own client knows the Go types of.
constexpr std::array<std::string_view, 21> kKnownGroups = {
    "",
    "admissionregistration.k8s.io",
    "apiextensions.k8s.io",
    "apps",
    "authentication.k8s.io",
    "authorization.k8s.io",
    "autoscaling",
    "batch",
    "certificates.k8s.io",
    "coordination.k8s.io",
    "discovery.k8s.io",
    "events.k8s.io",
    "extensions",
    "flowcontrol.apiserver.k8s.io",
    "networking.k8s.io",
    "node.k8s.io",
    "policy",
    "rbac.authorization.k8s.io",
    "resource.k8s.io",
    "scheduling.k8s.io",
    "storage.k8s.io",
};

bool has_schema(const kube::Resource& resource) {
  return std::find(kKnownGroups.begin(), kKnownGroups.end(), resource.gvr.group) !=
         kKnownGroups.end();
}

// A merge patch for maps: what changed from `from` to `to`, null for what is gone. `to` wins over
// what `live` has, so equal values of `from` and `to` are sent again where live differs.
Value difference(const Value& from, const Value& to, const Value& live) {
  Value patch = Value::object();
  for (const data::Member& member : to.members()) {
    const std::string_view name = member.key.view();
    const Value& now = live[name];
    if (member.value.is_object() && now.is_object()) {
      Value inner = difference(from[name], member.value, now);
      if (!inner.empty()) patch.set(name, std::move(inner));
    } else if (!(member.value == now)) {
      patch.set(name, member.value);
    }
  }
  for (const data::Member& member : from.members()) {
    const std::string_view name = member.key.view();
    if (!to.contains(name) && live.contains(name)) patch.set(name, Value());
  }
  return patch;
}

}  // namespace

Result<std::optional<kube::Patch>> client_side_patch(const kube::Resource& resource,
                                                     const ClientSideInput& input) {
  const bool known = has_schema(resource);
  const bool against_live = known || input.three_way_for_custom;
  Value body = difference(input.original, input.target, against_live ? input.live : input.original);
  if (body.empty()) return std::optional<kube::Patch>();
  return std::optional<kube::Patch>(known ? kube::Patch::strategic(std::move(body))
                                          : kube::Patch::merge(std::move(body)));
}

}  // namespace fleet::helm
