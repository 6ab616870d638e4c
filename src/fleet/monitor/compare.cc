#include "fleet/monitor/compare.h"

#include <algorithm>

#include "base/strings.h"
#include "data/json/parse.h"
#include "data/json/print.h"
#include "data/patch/merge_patch.h"
#include "fleet/monitor/normalise.h"
#include "kube/merge/strategic.h"
#include "text/regex.h"

namespace fleet::monitor {

using data::Member;
using data::Value;
using kube::Object;

namespace {

constexpr std::string_view kLastApplied = "kubectl.kubernetes.io/last-applied-configuration";
constexpr std::string_view kSetPrefix = "objectset.rio.cattle.io/";
constexpr std::string_view kHashLabel = "objectset.rio.cattle.io/hash";
constexpr std::string_view kPruneLabel = "objectset.rio.cattle.io/prune";

// What kubectl once applied, if it says so; else what is desired.
Value original_of(const Value& desired, const Object& live) {
  std::string_view text = live.annotation(kLastApplied);
  if (text.empty()) return desired;
  auto parsed = json::parse(text);
  return parsed.ok() ? std::move(*parsed) : desired;
}

void drop_place(Value& object) {
  if (!object["metadata"].is_object()) return;
  Value& metadata = object.edit("metadata");
  metadata.erase("namespace");
  if (metadata["annotations"].empty()) metadata.erase("annotations");
}

// `live` without the fields that `kept` does not have; lists item by item.
Value restrict_to(const Value& live, const Value& kept) {
  if (live.is_object() && kept.is_object()) {
    Value out = Value::object();
    for (const Member& member : live.members()) {
      const Value* below = kept.find(member.key.view());
      if (below) out.set(member.key, restrict_to(member.value, *below));
    }
    return out;
  }
  if (live.is_array() && kept.is_array()) {
    Value out = Value::array();
    for (size_t i = 0; i < live.size(); ++i) {
      out.push_back(i < kept.size() ? restrict_to(live[i], kept[i]) : live[i]);
    }
    return out;
  }
  return live;
}

struct Sides {
  Value live;
  Value predicted;  // what the live object would be if the desired one were applied
};

Result<Sides> predict_typed(const Value& desired, Value live, const kube::PatchSchema& schema) {
  Value original = original_of(desired, Object(live));
  Value wanted = desired;
  drop_place(original);
  drop_place(wanted);
  if (live["kind"].as_string() == "StatefulSet") {
    const Value& claims = desired.at({"spec", "volumeClaimTemplates"});
    if (!claims.is_null() && !live.at({"spec", "volumeClaimTemplates"}).is_null()) {
      live.set({"spec", "volumeClaimTemplates"},
               restrict_to(live.at({"spec", "volumeClaimTemplates"}), claims));
    }
  }
  Value patch = TRY(kube::three_way_strategic(original, wanted, live, schema));
  Value predicted = TRY(kube::apply_strategic(live, patch, schema));
  set_defaults(predicted);
  set_defaults(live);
  return Sides{std::move(live), std::move(predicted)};
}

Result<Sides> predict_untyped(const Value& desired, const Value& live) {
  Value original = original_of(desired, Object(live));
  Value wanted = desired;
  Value kept = restrict_to(live, original);
  drop_place(original);
  drop_place(wanted);
  Value patch = TRY(patch::three_way_merge_patch(original, wanted, kept));
  Value predicted = TRY(patch::apply_merge_patch(kept, patch));
  return Sides{std::move(kept), std::move(predicted)};
}

std::string text_of(const Value& value) {
  return json::print(value, json::Keys::Sorted);
}

bool is_scaled_kind(const Object& object) {
  return object.gvk().group == "apps" &&
         (object.kind() == "Deployment" || object.kind() == "StatefulSet");
}

// caBundle that others fill in is no drift where nobody asked for one.
void drop_ca_bundles(Value& patch, const Value& desired, const Value& live) {
  if (!patch["webhooks"].is_array()) return;
  Value without = live["webhooks"];
  Value wanted = patch["webhooks"];
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (!desired.at({"webhooks", i, "clientConfig", "caBundle"}).is_null()) continue;
    for (Value* side : {&without, &wanted}) {
      if ((*side)[i]["clientConfig"].is_object()) side->edit({i, "clientConfig"}).erase("caBundle");
    }
  }
  if (without == wanted) {
    patch.erase("webhooks");
  } else {
    patch.set("webhooks", wanted);
  }
}

// An autoscaler among the live objects that holds this one's replicas within its bounds.
bool is_autoscaled(const Object& live, std::span<const Pair> pairs) {
  int64_t replicas = live.at({"spec", "replicas"}).as_int();
  return std::any_of(pairs.begin(), pairs.end(), [&](const Pair& pair) {
    if (!pair.live || (*pair.live)["kind"].as_string() != "HorizontalPodAutoscaler") return false;
    Object scaler(*pair.live);
    const Value& target = scaler.at({"spec", "scaleTargetRef"});
    return scaler.ns() == live.ns() && target["kind"].as_string() == live.kind() &&
           target["name"].as_string() == live.name() &&
           replicas >= scaler.at({"spec", "minReplicas"}).as_int(1) &&
           replicas <= scaler.at({"spec", "maxReplicas"}).as_int();
  });
}

void drop_replicas(Value& patch) {
  if (!patch["spec"].is_object()) return;
  Value& spec = patch.edit("spec");
  spec.erase("replicas");
  if (spec.empty()) patch.erase("spec");
}

// What applying the desired object would change, if nothing were known of the past: the first
// question of a plan. Fields that others added do not count.
Result<bool> is_candidate(const Value& desired, const Value& live) {
  auto schema = kube::patch_schema(Object(live).gvk());
  Value patch = schema ? TRY(kube::three_way_strategic(Value(), desired, live, *schema))
                       : TRY(patch::three_way_merge_patch(Value(), desired, live));
  for (std::string_view field : {"kind", "apiVersion", "status"})
    patch.erase(field);
  if (patch["metadata"].is_object()) {
    Value& metadata = patch.edit("metadata");
    metadata.erase("creationTimestamp");
    Value annotations = metadata["annotations"];
    for (const Member& member : Value(annotations).members()) {
      if (member.key.view().starts_with(kSetPrefix)) annotations.erase(member.key.view());
    }
    metadata.set("annotations", annotations);
    if (annotations.empty()) metadata.erase("annotations");
    if (metadata.empty()) patch.erase("metadata");
  }
  return !patch.empty();
}

api::ModifiedStatus status_of(const Object& object) {
  api::ModifiedStatus out;
  out.kind = object.kind();
  out.api_version = object.api_version();
  out.namespace_ = object.ns();
  out.name = object.name();
  return out;
}

// The same kind and name is desired under another version of its group.
bool is_desired_elsewhere(const Object& extra, std::span<const Pair> pairs) {
  return std::any_of(pairs.begin(), pairs.end(), [&](const Pair& pair) {
    Object desired(pair.desired);
    return desired.gvk().group == extra.gvk().group && desired.kind() == extra.kind() &&
           desired.key() == extra.key();
  });
}

Result<std::optional<api::ModifiedStatus>> look_at(const Pair& pair,
                                                   const Seen& seen,
                                                   std::span<const api::ComparePatch> patches) {
  Object desired(pair.desired);
  api::ModifiedStatus status = status_of(desired);
  bool ours = pair.live && Object(*pair.live).label(kHashLabel) == seen.set_hash;
  if (!ours) {
    if (is_ignored(pair.desired, patches)) return std::optional<api::ModifiedStatus>();
    status.missing = true;
    status.exist = pair.live.has_value();
    return std::optional(std::move(status));
  }
  if (!TRY(is_candidate(pair.desired, *pair.live))) return std::optional<api::ModifiedStatus>();
  auto patch = TRY(compare(pair.desired, *pair.live, patches));
  Object live(*pair.live);
  if (patch && is_scaled_kind(live) && is_autoscaled(live, seen.pairs)) drop_replicas(*patch);
  if (!patch || patch->empty()) return std::optional<api::ModifiedStatus>();
  status.patch = text_of(*patch);
  return std::optional(std::move(status));
}

}  // namespace

Result<std::optional<Value>> compare(const Value& desired,
                                     const Value& live,
                                     std::span<const api::ComparePatch> patches) {
  for (const api::ComparePatch& one : patches)
    TRY(kube::GroupVersion::parse(one.api_version));
  Value wanted = normalise(desired, patches);
  Value seen = normalise(live, patches);
  clear_ca_bundles(wanted, seen);
  auto schema = kube::patch_schema(Object(live).gvk());
  Sides sides =
      schema ? TRY(predict_typed(wanted, seen, *schema)) : TRY(predict_untyped(wanted, seen));
  if (text_of(sides.live) == text_of(sides.predicted)) return std::optional<Value>();
  Value patch = TRY(patch::create_merge_patch(sides.live, sides.predicted));
  drop_ca_bundles(patch, desired, live);
  Object object(live);
  if (is_scaled_kind(object) && object.at({"spec", "replicas"}).is_null()) {
    return Error(Code::Invalid,
                 cat("malformed HPA ", object.key().str(), ": field \".spec.replicas\" not found"));
  }
  if (patch.empty()) return std::optional<Value>();
  return std::optional(std::move(patch));
}

bool is_ignored(const Value& value, std::span<const api::ComparePatch> patches) {
  Object object(value);
  return std::any_of(patches.begin(), patches.end(), [&](const api::ComparePatch& patch) {
    bool says_so = std::any_of(patch.operations.begin(),
                               patch.operations.end(),
                               [](const auto& operation) { return operation.op == "ignore"; });
    bool fits = kube::GroupVersionKind::of(patch.api_version, patch.kind) == object.gvk() &&
                patch.namespace_ == object.ns();
    if (!says_so || !fits) return false;
    auto regex = text::Regex::compile(patch.name);
    if (!regex.ok()) return false;  // as the original: a bad pattern makes the patch void
    return patch.name.empty() || patch.name == object.name() || regex->matches(object.name());
  });
}

Result<std::vector<api::ModifiedStatus>> find_modified(const Seen& seen,
                                                       std::span<const api::ComparePatch> patches) {
  std::vector<api::ModifiedStatus> out;
  for (const Pair& pair : seen.pairs) {
    auto status = TRY(look_at(pair, seen, patches));
    if (status) out.push_back(std::move(*status));
  }
  for (const Value& value : seen.extra) {
    Object extra(value);
    if (extra.label(kPruneLabel) == "false" || is_desired_elsewhere(extra, seen.pairs)) continue;
    api::ModifiedStatus status = status_of(extra);
    status.extra = true;
    out.push_back(std::move(status));
  }
  std::sort(out.begin(), out.end(), [](const api::ModifiedStatus& a, const api::ModifiedStatus& b) {
    return std::tie(a.api_version, a.kind, a.namespace_, a.name) <
           std::tie(b.api_version, b.kind, b.namespace_, b.name);
  });
  return out;
}

}  // namespace fleet::monitor
