#include "helm/engine/objects.h"

#include "gotemplate/exec.h"

namespace fleet::helm {
namespace {

using gotemplate::Execution;
using gotemplate::Function;
using gotemplate::Heap;
using gotemplate::Kind;
using gotemplate::MapNode;
using gotemplate::StructNode;
using gotemplate::Type;
using gotemplate::Value;
namespace types = gotemplate::types;

// Fills a map with string keys that are constants or outlive the render.
class MapBuilder {
 public:
  MapBuilder(Heap& heap, size_t capacity)
      : heap_(heap),
        node_(gotemplate::new_map(heap, types::kAnyMap, capacity)) {}

  MapBuilder& add(std::string_view key, Value value) {
    gotemplate::map_set(heap_, node_, key, value);
    return *this;
  }
  MapBuilder& add(std::string_view key, std::string_view text) {
    return add(key, Value::string(text));
  }
  Value done() const { return Value::map(node_); }

 private:
  Heap& heap_;
  MapNode* node_;
};

Value text_list(Heap& heap, const std::vector<std::string>& texts) {
  std::vector<Value> items;
  items.reserve(texts.size());
  for (const std::string& text : texts)
    items.push_back(Value::string(text));
  return gotemplate::make_list(heap, items);
}

Value annotations(Heap& heap, const std::map<std::string, std::string>& all) {
  if (all.empty()) return Value::nil_of(types::kStringMap);
  MapNode* node = gotemplate::new_map(heap, types::kStringMap, all.size());
  for (const auto& [key, text] : all)
    gotemplate::map_set(heap, node, key, Value::string(text));
  return Value::map(node);
}

Value maintainers(Heap& heap, const Metadata& metadata) {
  std::vector<Value> items;
  for (const std::optional<Maintainer>& one : metadata.maintainers) {
    items.push_back(MapBuilder(heap, 3)
                        .add("Name", one->name)
                        .add("Email", one->email)
                        .add("URL", one->url)
                        .done());
  }
  return gotemplate::make_list(heap, items);
}

Value dependencies(Heap& heap, const Metadata& metadata) {
  std::vector<Value> items;
  for (const std::optional<Dependency>& one : metadata.dependencies) {
    std::vector<Value> imports;
    for (const data::Value& entry : one->import_values) {
      imports.push_back(gotemplate::wrap(heap, entry));
    }
    items.push_back(MapBuilder(heap, 8)
                        .add("Name", one->name)
                        .add("Version", one->version)
                        .add("Repository", one->repository)
                        .add("Condition", one->condition)
                        .add("Tags", text_list(heap, one->tags))
                        .add("Enabled", Value::boolean(one->enabled))
                        .add("ImportValues", gotemplate::make_list(heap, imports))
                        .add("Alias", one->alias)
                        .done());
  }
  return gotemplate::make_list(heap, items);
}

Value make_struct(Heap& heap, const Type& type, std::initializer_list<Value> fields) {
  auto* node = heap.create<StructNode>();
  node->type = &type;
  node->fields = heap.array<Value>(fields.size());
  std::copy(fields.begin(), fields.end(), node->fields);
  return Value::structure(node);
}

// --- Capabilities --------------------------------------------------------------------------------

const KubeVersion& kube_version(const Value& receiver) {
  return *static_cast<const KubeVersion*>(receiver.as_struct()->native);
}

Result<Value> kube_version_string(Execution&, std::span<const Value> arguments) {
  return Value::string(kube_version(arguments[0]).text());
}

Result<Value> kube_git_version(Execution&, std::span<const Value> arguments) {
  return Value::string(kube_version(arguments[0]).version);
}

Result<data::Value> kube_version_json(const Value& value) {
  const KubeVersion& version = kube_version(value);
  return data::Value::object(
      {{"Version", version.version}, {"Major", version.major}, {"Minor", version.minor}});
}

Result<Value> version_set_has(Execution& run, std::span<const Value> arguments) {
  for (const Value& item : gotemplate::list_items(run.heap(), arguments[0])) {
    if (item.as_string() == arguments[1].as_string()) return Value::boolean(true);
  }
  return Value::boolean(false);
}

Result<data::Value> helm_version_json(const Value& value) {
  const auto& version = *static_cast<const HelmVersion*>(value.as_struct()->native);
  data::Value out = data::Value::object();
  auto add = [&](std::string_view key, const std::string& text) {
    if (!text.empty()) out.set(key, text);
  };
  add("version", version.version);
  add("git_commit", version.git_commit);
  add("git_tree_state", version.git_tree_state);
  add("go_version", version.go_version);
  add("kube_client_version", version.kube_client_version);
  return out;
}

constexpr Function kKubeVersionMethods[] = {{"String", "V", &kube_version_string},
                                            {"GitVersion", "V", &kube_git_version}};
constexpr std::string_view kKubeVersionFields[] = {
    "Version", "normalizedVersion", "Major", "Minor"};
const Type kKubeVersion{.kind = Kind::Struct,
                        .name = "common.KubeVersion",
                        .fields = kKubeVersionFields,
                        .methods = kKubeVersionMethods,
                        .text = [](const Value& value) { return kube_version(value).text(); },
                        .text_by_address = true,
                        .json = &kube_version_json};

constexpr Function kVersionSetMethods[] = {{"Has", "Vs", &version_set_has}};
const Type kVersionSet{.kind = Kind::List,
                       .name = "common.VersionSet",
                       .element = &types::kString,
                       .methods = kVersionSetMethods};

constexpr std::string_view kHelmVersionFields[] = {
    "Version", "GitCommit", "GitTreeState", "GoVersion", "KubeClientVersion"};
const Type kHelmVersion{.kind = Kind::Struct,
                        .name = "version.BuildInfo",
                        .fields = kHelmVersionFields,
                        .json = &helm_version_json};

constexpr std::string_view kCapabilitiesFields[] = {"KubeVersion", "APIVersions", "HelmVersion"};
const Type kCapabilities{.kind = Kind::Struct,
                         .name = "*common.Capabilities",
                         .pointer = true,
                         .fields = kCapabilitiesFields};

}  // namespace

Value chart_object(Heap& heap, const Metadata& metadata, Root root) {
  return MapBuilder(heap, 18)
      .add("Name", metadata.name)
      .add("Home", metadata.home)
      .add("Sources", text_list(heap, metadata.sources))
      .add("Version", metadata.version)
      .add("Description", metadata.description)
      .add("Keywords", text_list(heap, metadata.keywords))
      .add("Maintainers", maintainers(heap, metadata))
      .add("Icon", metadata.icon)
      .add("APIVersion", metadata.api_version)
      .add("Condition", metadata.condition)
      .add("Tags", metadata.tags)
      .add("AppVersion", metadata.app_version)
      .add("Deprecated", Value::boolean(metadata.deprecated))
      .add("Annotations", annotations(heap, metadata.annotations))
      .add("KubeVersion", metadata.kube_version)
      .add("Dependencies", dependencies(heap, metadata))
      .add("Type", metadata.type)
      .add("IsRoot", Value::boolean(root == Root::Yes))
      .done();
}

Value capabilities_object(Heap& heap, const Capabilities& capabilities) {
  const KubeVersion& kube = capabilities.kube_version;
  const HelmVersion& helm = capabilities.helm_version;
  Value kube_value = make_struct(heap,
                                 kKubeVersion,
                                 {Value::string(kube.version),
                                  Value::string(heap.copy(kube.text())),
                                  Value::string(kube.major),
                                  Value::string(kube.minor)});
  kube_value.as_struct()->native = &kube;
  Value helm_value = make_struct(heap,
                                 kHelmVersion,
                                 {Value::string(helm.version),
                                  Value::string(helm.git_commit),
                                  Value::string(helm.git_tree_state),
                                  Value::string(helm.go_version),
                                  Value::string(helm.kube_client_version)});
  helm_value.as_struct()->native = &helm;
  gotemplate::ListNode* versions =
      gotemplate::new_list(heap, capabilities.api_versions.size(), kVersionSet);
  for (size_t i = 0; i < capabilities.api_versions.size(); ++i) {
    versions->items[i] = Value::string(capabilities.api_versions[i]);
  }
  return make_struct(heap, kCapabilities, {kube_value, Value::list(versions), helm_value});
}

Value release_object(Heap& heap, const ReleaseOptions& release) {
  return MapBuilder(heap, 6)
      .add("Name", release.name)
      .add("Namespace", release.namespace_name)
      .add("IsUpgrade", Value::boolean(release.is_upgrade))
      .add("IsInstall", Value::boolean(!release.is_upgrade))
      .add("Revision", Value::integer(release.revision))
      .add("Service", "Helm")
      .done();
}

}  // namespace fleet::helm
