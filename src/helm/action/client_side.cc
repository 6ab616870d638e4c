#include "helm/action/client_side.h"

#include <utility>

#include "kube/merge/strategic.h"

namespace fleet::helm {
namespace {

using data::Value;

// A merge patch: what changed from `from` to `to`, null for what is gone. With `live`, what others
// changed there is set again, too.
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

std::optional<kube::Patch> unless_empty(kube::PatchType type, Value body) {
  if (body.empty()) return std::nullopt;
  return kube::Patch{type, std::move(body)};
}

}  // namespace

Result<std::optional<kube::Patch>> client_side_patch(const kube::Resource& resource,
                                                     const ClientSideInput& input) {
  if (kube::PatchSchemaRef schema = kube::patch_schema(resource.gvk())) {
    return unless_empty(
        kube::PatchType::Strategic,
        TRY(kube::three_way_strategic(input.original, input.target, input.live, *schema)));
  }
  const Value& baseline = input.three_way_for_custom ? input.live : input.original;
  return unless_empty(kube::PatchType::Merge, difference(input.original, input.target, baseline));
}

}  // namespace fleet::helm
