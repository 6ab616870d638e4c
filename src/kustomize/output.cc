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

// True for what reads differently after it was printed: folded texts, texts that begin with blanks,
// and blank nulls in flow collections.
bool changes_in_print(const yaml::Node& node, bool in_flow) {
  const bool flow = in_flow || (node.style() & yaml::kFlow) != 0;
  for (const yaml::Node& child : node.children()) {
    if (!child.is_scalar()) {
      if (changes_in_print(child, flow)) return true;
      continue;
    }
    if ((child.style() & yaml::kFolded) != 0) return true;
    const std::string_view text = child.text();
    if (flow && text.empty() && child.is_null()) return true;
    if (text.find('\n') != std::string_view::npos &&
        (text[0] == ' ' || text[0] == '\t' || text[0] == '\n' ||
         text.find('\r') != std::string_view::npos)) {
      return true;
    }
  }
  return false;
}

// The original prints a tree and reads the text to get at its data; that shows in few places.
Result<data::Value> read_back(const yaml::Node& node) {
  if (!changes_in_print(node, false)) return yaml::to_value(node);
  std::string text = TRY(yaml::emit(node));
  return yaml::to_value(TRY(yaml::parse_node(text)));
}

// A tree as Go's %#v prints the decoded value.
std::string go_text(const yaml::Node& node) {
  if (node.is_sequence()) {
    std::vector<std::string> items;
    for (const yaml::Node& item : node.children())
      items.push_back(go_text(item));
    return cat("[]interface {}{", join(items, ", "), "}");
  }
  if (node.is_mapping()) {
    std::vector<std::string> items;
    bool all_text = true;
    for (size_t i = 0; i < node.pairs(); i++) {
      const yaml::Node& key = node.key(i);
      all_text = all_text && key.is_string();
      items.push_back(cat(key.is_string() ? quote(key.text()) : std::string(key.text()),
                          ":",
                          go_text(node.value(i))));
    }
    std::ranges::sort(items);
    return cat(all_text ? "map[string]interface {}{" : "map[interface {}]interface {}{",
               join(items, ", "),
               "}");
  }
  if (node.is_null()) return "interface {}(nil)";
  if (node.is_string()) return quote(node.text());
  auto value = yaml::to_value(node);
  if (!value.ok() || value->is_string()) return quote(node.text());
  return json::print(*value, json::Keys::Sorted);
}

}  // namespace

bool is_internal_annotation(std::string_view name) {
  if (std::ranges::find(kLegacy, name) != std::end(kLegacy)) return true;
  if (!name.starts_with(kInternal)) return false;
  return std::ranges::find(kInternalNames, name.substr(kInternal.size())) !=
         std::end(kInternalNames);
}

Result<data::Value> object_of(const Resource& resource) {
  auto object = read_back(resource.node);
  if (!object.ok()) {
    const bool foreign_key = contains(object.error().message(), "map[interface {}]interface {}");
    if (foreign_key) return std::move(object).error().within(go_text(resource.node));
    return std::move(object).error();
  }
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
  auto annotate = [&](std::string_view name, std::string_view value) {
    object->set({"metadata", "annotations", cat(kInternal, name)}, value);
  };
  auto annotate_all = [&](std::string_view name, const std::vector<std::string>& values) {
    if (!values.empty()) annotate(name, join(values, ","));
  };
  std::vector<std::string> names;
  std::vector<std::string> spaces;
  std::vector<std::string> kinds;
  for (const Earlier& earlier : resource.history) {
    names.push_back(earlier.name);
    spaces.push_back(earlier.ns);
    kinds.push_back(earlier.kind);
  }
  annotate_all("previousKinds", kinds);
  annotate_all("previousNames", names);
  annotate_all("previousNamespaces", spaces);
  annotate_all("prefixes", resource.prefixes);
  annotate_all("suffixes", resource.suffixes);
  if (resource.generated) annotate("generatorBehavior", behavior_text(resource.behavior));
  if (resource.needs_hash) annotate("needsHashSuffix", "enabled");
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
