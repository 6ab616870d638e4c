#include "fleet/target/options.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/strings.h"

namespace fleet::target {

namespace {

// Base's order is kept, an entry of the same key takes its place, new ones follow. Without custom
// entries nothing changes; an empty key is always new.
template <typename T, typename KeyOf>
void merge_by_key(std::vector<T>& base, const std::vector<T>& custom, KeyOf key_of) {
  if (custom.empty()) return;
  std::map<std::string, size_t> places;
  for (size_t i = 0; i < base.size(); ++i) {
    if (std::string key = key_of(base[i]); !key.empty()) places[key] = i;
  }
  std::set<std::string> seen;
  for (const T& entry : custom) {
    std::string key = key_of(entry);
    if (!key.empty() && !seen.insert(key).second) continue;
    auto place = key.empty() ? places.end() : places.find(key);
    if (place == places.end()) {
      base.push_back(entry);
    } else {
      base[place->second] = entry;
    }
  }
}

std::string values_from_key(const api::ValuesFrom& entry) {
  auto key = [](std::string_view kind, const api::KeySelector& ref) {
    return cat(kind, "|", ref.namespace_, "|", ref.name, "|", ref.key);
  };
  if (entry.config_map_key_ref) return key("configmap", *entry.config_map_key_ref);
  if (entry.secret_key_ref) return key("secret", *entry.secret_key_ref);
  return {};
}

std::string compare_patch_key(const api::ComparePatch& patch) {
  return cat(patch.api_version, "|", patch.kind, "|", patch.namespace_, "|", patch.name);
}

std::string downstream_key(const api::DownstreamResource& resource) {
  return cat(to_lower(resource.kind), "|", resource.name);
}

void take_text(std::string& base, const std::string& custom) {
  if (!custom.empty()) base = custom;
}

void merge_values(api::HelmOptions& base, const api::HelmOptions& custom) {
  if (!base.values) {
    base.values = custom.values;
  } else if (custom.values) {
    base.values->data = merge_maps(base.values->data, custom.values->data);
  }
  for (const auto& [key, value] : custom.template_values) {
    base.template_values[key] = value;
  }
  merge_by_key(base.values_from, custom.values_from, values_from_key);
}

void merge_helm(api::HelmOptions& base, const api::HelmOptions& custom) {
  if (custom.timeout_seconds != 0) base.timeout_seconds = std::max(custom.timeout_seconds, 0);
  merge_values(base, custom);
  take_text(base.repo, custom.repo);
  take_text(base.chart, custom.chart);
  take_text(base.version, custom.version);
  take_text(base.release_name, custom.release_name);
  base.force |= custom.force;
  base.atomic |= custom.atomic;
  base.take_ownership |= custom.take_ownership;
  base.disable_pre_process |= custom.disable_pre_process;
  base.wait_for_jobs |= custom.wait_for_jobs;
  base.disable_dns |= custom.disable_dns;
}

template <typename T>
T& ensure(std::optional<T>& slot) {
  if (!slot) slot.emplace();
  return *slot;
}

}  // namespace

api::BundleDeploymentOptions merge_options(const api::BundleDeploymentOptions& base,
                                           const api::BundleDeploymentOptions& custom) {
  api::BundleDeploymentOptions out = base;
  take_text(out.default_namespace, custom.default_namespace);
  take_text(out.target_namespace, custom.target_namespace);
  take_text(out.service_account, custom.service_account);
  if (custom.helm) merge_helm(ensure(out.helm), *custom.helm);
  if (custom.kustomize) take_text(ensure(out.kustomize).dir, custom.kustomize->dir);
  if (custom.diff) {
    merge_by_key(ensure(out.diff).compare_patches, custom.diff->compare_patches, compare_patch_key);
  }
  if (custom.yaml) {
    std::vector<std::string>& overlays = ensure(out.yaml).overlays;
    overlays.insert(overlays.end(), custom.yaml->overlays.begin(), custom.yaml->overlays.end());
  }
  if (custom.force_sync_generation > 0) out.force_sync_generation = custom.force_sync_generation;
  out.keep_resources |= custom.keep_resources;
  if (custom.correct_drift) out.correct_drift = custom.correct_drift;
  merge_by_key(out.downstream_resources, custom.downstream_resources, downstream_key);
  return out;
}

data::Value merge_maps(const data::Value& base, const data::Value& over) {
  data::Value out = base.is_object() ? base : data::Value::object();
  for (const data::Member& member : over.members()) {
    const data::Value* below = out.find(member.key.view());
    bool is_merged = below && below->is_object() && member.value.is_object();
    out.set(member.key, is_merged ? merge_maps(*below, member.value) : member.value);
  }
  return out;
}

}  // namespace fleet::target
