#include "fleet/deploy/overlay.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/file_tree.h"
#include "base/strings.h"
#include "data/json/print.h"
#include "data/patch/json_patch.h"
#include "data/patch/merge_patch.h"
#include "data/yaml/yaml.h"
#include "fleet/bundle/content.h"
#include "kube/merge/strategic.h"
#include "kube/meta/gvk.h"

namespace fleet::deploy {

namespace {

using data::Value;
using Files = std::map<std::string, std::string>;

constexpr std::string_view kOverlays = "overlays/";

// "dir/x_patch.yaml" patches "dir/x.yaml".
std::optional<std::string> patched_file(const std::string& name) {
  std::string base(base_name(name));
  size_t at = base.find("_patch.");
  if (at == std::string::npos) return std::nullopt;
  base.erase(at, std::string_view("_patch").size());
  return join_path(dir_name(name), base);
}

Result<Value> read_yaml(const std::string& text, std::string_view name) {
  return yaml::parse(text).within(cat("failed to convert ", name, " to json"));
}

// A list is a JSON patch; kinds that are built in merge by their tags, all else as JSON merges.
Result<Value> patched(const Value& object, const Value& patch) {
  if (patch.is_array()) return patch::apply_json_patch(object, patch);
  auto gvk =
      kube::GroupVersionKind::of(object["apiVersion"].as_string(), object["kind"].as_string());
  kube::PatchSchemaRef schema = kube::patch_schema(gvk);
  if (schema) return kube::apply_strategic(object, patch, *schema);
  return patch::apply_merge_patch(object, patch);
}

Result<> apply_one(const std::string& name, const std::string& bytes, Files& files) {
  std::optional<std::string> target = patched_file(name);
  if (!target) {
    files[name] = bytes;
    return {};
  }
  auto base = files.find(*target);
  if (base == files.end()) {
    return Error{Code::Invalid, cat("failed to find base file ", *target, " to patch")};
  }
  Value object = TRY(read_yaml(base->second, *target));
  Value patch = TRY(read_yaml(bytes, name));
  Value merged = TRY(patched(object, patch).within(cat("failed to patch ", *target)));
  base->second = json::print(merged, json::Keys::Sorted);
  return {};
}

Result<std::vector<api::BundleResource>> with_overlays(
    const std::vector<api::BundleResource>& resources, const std::vector<std::string>& overlays) {
  Files files;
  for (const api::BundleResource& resource : resources) {
    files[resource.name] = TRY(bundle::decode_resource(resource));
  }
  for (const std::string& overlay : overlays) {
    std::string prefix = cat(kOverlays, overlay, "/");
    const Files before = files;
    for (auto at = before.lower_bound(prefix); at != before.end(); ++at) {
      if (!at->first.starts_with(prefix)) break;
      TRY(apply_one(at->first.substr(prefix.size()), at->second, files));
    }
  }
  std::vector<api::BundleResource> out;
  for (auto& [name, bytes] : files) {
    out.push_back({.name = name, .content = std::move(bytes), .encoding = {}});
  }
  return out;
}

std::string file_number(size_t number) {
  std::string digits = std::to_string(number);
  return std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits;
}

}  // namespace

Result<std::vector<api::BundleResource>> apply_overlays(
    std::span<const api::BundleResource> resources, const std::vector<std::string>& overlays) {
  std::vector<api::BundleResource> out(resources.begin(), resources.end());
  for (size_t i = 0; i < out.size(); ++i) {
    if (out[i].name.empty()) out[i].name = cat("manifests/file", file_number(i), ".yaml");
  }
  if (!overlays.empty()) out = TRY(with_overlays(out, overlays));
  std::erase_if(out, [](const auto& each) { return each.name.starts_with(kOverlays); });
  std::ranges::stable_sort(out, {}, &api::BundleResource::name);
  return out;
}

}  // namespace fleet::deploy
