#include "fleet/monitor/normalise.h"

#include <algorithm>
#include <array>

#include "base/strings.h"
#include "codec/base64.h"
#include "data/patch/json_patch.h"
#include "kube/builtin/kinds.h"
#include "kube/builtin/rules.h"
#include "kube/merge/strategic.h"
#include "kube/meta/quantity.h"
#include "text/glob.h"

namespace fleet::monitor {

using data::Member;
using data::Value;
using kube::Object;

namespace {

// Maps whose values are quantities, wherever they stand in a built-in kind.
bool holds_quantities(std::string_view key) {
  constexpr std::array<std::string_view, 8> kNames = {"limits",
                                                      "requests",
                                                      "capacity",
                                                      "allocatable",
                                                      "hard",
                                                      "used",
                                                      "overhead",
                                                      "defaultRequest"};
  return std::find(kNames.begin(), kNames.end(), key) != kNames.end();
}

// Go maps: dropped when empty. An empty struct behind a pointer (emptyDir: {}) stays.
bool is_plain_map(std::string_view key) {
  constexpr std::array<std::string_view, 8> kNames = {"labels",
                                                      "annotations",
                                                      "matchLabels",
                                                      "nodeSelector",
                                                      "data",
                                                      "binaryData",
                                                      "limits",
                                                      "requests"};
  return std::find(kNames.begin(), kNames.end(), key) != kNames.end();
}

Value canonical_quantity(const Value& value) {
  auto quantity =
      kube::Quantity::parse(value.is_string() ? value.to_string() : cat(value.as_double()));
  return quantity.ok() ? Value(quantity->str()) : value;
}

// What a round trip through the Go type makes of it.
Value round_trip(const Value& value, std::string_view key) {
  if (value.is_array()) {
    Value out = Value::array();
    for (const Value& item : value.items())
      out.push_back(round_trip(item, {}));
    return out;
  }
  if (!value.is_object()) return value;
  Value out = Value::object();
  for (const Member& member : value.members()) {
    std::string_view name = member.key.view();
    if (member.value.is_null()) continue;
    if (member.value.is_array() && member.value.empty()) continue;
    if (member.value.is_object() && member.value.empty() && is_plain_map(name)) continue;
    bool quantity = holds_quantities(key) && !member.value.is_object();
    out.set(member.key,
            quantity ? canonical_quantity(member.value) : round_trip(member.value, name));
  }
  return out;
}

void normalise_secret(Value& object) {
  if (object["data"].empty()) object.erase("data");
  Value texts = object["stringData"];
  object.erase("stringData");
  for (const Member& member : texts.members()) {
    object.set({"data", member.key.view()}, codec::base64_encode(member.value.as_string()));
  }
}

void normalise_role(Value& object) {
  bool aggregated =
      object["kind"].as_string() == "ClusterRole" && !object["aggregationRule"].is_null();
  if (aggregated || object["rules"].empty()) object.erase("rules");
}

bool glob_fits(std::string_view pattern, std::string_view text) {
  auto glob = text::Glob::compile(pattern);
  return glob.ok() && glob->matches(text);
}

void remove_pointer(Value& object, const std::string& pointer) {
  Value step = Value::object({{"op", "remove"}, {"path", pointer}});
  auto patched = patch::apply_json_patch(object, Value::array({step}));
  if (patched.ok()) object = std::move(*patched);
}

void apply_operations(Value& object, const api::ComparePatch& compare) {
  Value steps = Value::array();
  for (const api::CompareOperation& operation : compare.operations) {
    if (operation.op == "ignore") continue;
    Value step = Value::object({{"op", operation.op}, {"path", operation.path}});
    if (!operation.value.empty()) step.set("value", operation.value);
    steps.push_back(step);
  }
  if (steps.empty()) return;
  auto patched = patch::apply_json_patch(object, steps);
  if (patched.ok()) object = std::move(*patched);
}

void apply_patches(Value& value, std::span<const api::ComparePatch> patches) {
  Object object(value);
  kube::GroupVersionKind gvk = object.gvk();
  for (const api::ComparePatch& compare : patches) {
    auto wanted = kube::GroupVersionKind::of(compare.api_version, compare.kind);
    bool fits = glob_fits(wanted.group, gvk.group) && glob_fits(wanted.kind, gvk.kind) &&
                (compare.name.empty() || compare.name == object.name()) &&
                (compare.namespace_.empty() || compare.namespace_ == object.ns());
    if (!fits) continue;
    for (const std::string& pointer : compare.json_pointers)
      remove_pointer(value, pointer);
  }
  for (const api::ComparePatch& compare : patches) {
    bool fits = kube::GroupVersionKind::of(compare.api_version, compare.kind) == gvk &&
                compare.name == object.name() && compare.namespace_ == object.ns();
    if (fits) apply_operations(value, compare);
  }
}

// Takes away the empty `resources` that defaulting put where there were none.
void drop_new_resources(const Value& before, Value& after) {
  if (after.is_array()) {
    for (size_t i = 0; i < after.size(); ++i)
      drop_new_resources(before[i], after.edit(i));
    return;
  }
  if (!after.is_object()) return;
  if (before["resources"].is_null() && after.contains("resources") && after["resources"].empty()) {
    after.erase("resources");
  }
  for (const Member& member : before.members()) {
    std::string_view key = member.key.view();
    if (after.contains(key) && (member.value.is_object() || member.value.is_array())) {
      drop_new_resources(member.value, after.edit(key));
    }
  }
}

}  // namespace

bool is_typed(const Object& object) {
  return kube::patch_schema(object.gvk()) != nullptr;
}

Value normalise(const Value& object, std::span<const api::ComparePatch> patches) {
  Object parsed(object);
  Value out = is_typed(parsed) ? round_trip(object, {}) : object;
  if (out["metadata"].is_object()) out.edit("metadata").erase("creationTimestamp");
  std::string_view kind = parsed.kind();
  if (kind == "Secret" && parsed.api_version() == "v1") normalise_secret(out);
  if (kind == "Role" || kind == "ClusterRole") normalise_role(out);
  if (kind == "Rollout" && parsed.gvk().group == "argoproj.io") {
    Value pod = round_trip(out.at({"spec", "template", "spec"}), "spec");
    if (!pod.is_null()) out.set({"spec", "template", "spec"}, pod);
  }
  out.erase("status");
  apply_patches(out, patches);
  return out;
}

void clear_ca_bundles(const Value& desired, Value& live) {
  std::string_view kind = desired["kind"].as_string();
  if (kind != "MutatingWebhookConfiguration" && kind != "ValidatingWebhookConfiguration") return;
  for (size_t i = 0; i < desired["webhooks"].size() && i < live["webhooks"].size(); ++i) {
    if (desired.at({"webhooks", i, "clientConfig", "caBundle"}).as_string() != "\n") continue;
    live.set({"webhooks", i, "clientConfig", "caBundle"}, "\n");
  }
}

void set_defaults(Value& object) {
  const kube::builtin::Kind* kind = kube::builtin::find_kind(Object(object).gvk());
  if (!kind) return;
  Value before = object;
  kube::builtin::set_defaults(*kind, object);
  drop_new_resources(before, object);
}

}  // namespace fleet::monitor
