#include "kustomize/output.h"

#include <algorithm>

#include "base/strings.h"
#include "data/json/print.h"
#include "data/yaml/yaml.h"
#include "kustomize/build.h"

namespace fleet::kustomize {
namespace {

constexpr std::string_view kInternal = "internal.config.kubernetes.io/";
constexpr std::string_view kInternalNames[] = {"previousKinds",
                                               "previousNames",
                                               "previousNamespaces",
                                               "prefixes",
                                               "suffixes",
                                               "refBy",
                                               "generatorBehavior",
                                               "needsHashSuffix",
                                               "allowNameChange",
                                               "allowKindChange",
                                               "path",
                                               "index",
                                               "seqindent",
                                               "id",
                                               "annotations-migration-resource-id",
                                               "helm-generated"};
constexpr std::string_view kLegacy[] = {
    "config.kubernetes.io/path", "config.kubernetes.io/index", "config.k8s.io/id"};

}  // namespace

bool is_internal_annotation(std::string_view name) {
  if (std::ranges::find(kLegacy, name) != std::end(kLegacy)) return true;
  if (!name.starts_with(kInternal)) return false;
  return std::ranges::find(kInternalNames, name.substr(kInternal.size())) !=
         std::end(kInternalNames);
}

Result<data::Value> object_of(const Resource& resource) {
  auto object = yaml::to_value(resource.node);
  if (!object.ok()) return std::move(object).error();
  const data::Value* annotations = object->at({"metadata"}).find("annotations");
  if (annotations == nullptr) return object;
  data::Value kept = data::Value::object();
  const yaml::Node* written = resource.metadata()->find("annotations");
  for (size_t i = 0; written != nullptr && written->is_mapping() && i < written->pairs(); i++) {
    std::string_view name = written->key(i).text();
    if (!is_internal_annotation(name)) kept.set(name, data::Value(written->value(i).text()));
  }
  if (kept.empty()) {
    object->edit("metadata").erase("annotations");
  } else {
    object->set({"metadata", "annotations"}, std::move(kept));
  }
  return object;
}

std::string json_text(const Resource& resource) {
  auto object = yaml::to_value(resource.node);
  if (!object.ok()) return {};
  if (!resource.history.empty()) {
    std::vector<std::string> names;
    std::vector<std::string> spaces;
    std::vector<std::string> kinds;
    for (const Earlier& earlier : resource.history) {
      names.push_back(earlier.name);
      spaces.push_back(earlier.ns);
      kinds.push_back(earlier.kind);
    }
    auto annotate = [&](std::string_view name, const std::vector<std::string>& values) {
      if (values.empty()) return;
      object->set({"metadata", "annotations", cat(kInternal, name)}, join(values, ","));
    };
    annotate("previousKinds", kinds);
    annotate("previousNames", names);
    annotate("previousNamespaces", spaces);
    annotate("prefixes", resource.prefixes);
    annotate("suffixes", resource.suffixes);
  }
  return json::print(*object, json::Keys::Sorted);
}

std::string Built::yaml() const {
  std::string out;
  for (const data::Value& object : objects) {
    if (!out.empty()) out += "---\n";
    out += yaml::print(object);
  }
  return out;
}

}  // namespace fleet::kustomize
