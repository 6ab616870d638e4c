// Configurations of built-in plugins in `generators`, `transformers` and `validators`.
#include <algorithm>
#include <utility>

#include "base/strings.h"
#include "data/fields/from_yaml.h"
#include "data/json/print.h"
#include "data/yaml/yaml.h"
#include "kustomize/generate.h"
#include "kustomize/order.h"
#include "kustomize/output.h"
#include "kustomize/parse.h"
#include "kustomize/target.h"
#include "kustomize/transform.h"
#include "kustomize/walk.h"

namespace fleet::kustomize {
namespace {

using data::field;
using yaml::Node;

struct PluginMeta {
  std::string name;
  std::string ns;
  static constexpr const char* kGoType = "types.ObjectMeta";
  static data::Fields fields() {
    return {field("name", &PluginMeta::name), field("namespace", &PluginMeta::ns)};
  }
};

struct ValueTarget {
  std::optional<Selector> selector;
  std::string field_path;
  int64_t file_path_position = 0;
  static constexpr const char* kGoType = "builtins.Target";
  static data::Fields fields() {
    return {field("selector", &ValueTarget::selector),
            field("fieldPath", &ValueTarget::field_path),
            field("filePathPosition", &ValueTarget::file_path_position)};
  }
};

struct KubernetesName {
  std::string ns;
  std::string name;
  std::string project;
  static constexpr const char* kGoType = "types.KubernetesService";
  static data::Fields fields() {
    return {field("namespace", &KubernetesName::ns),
            field("name", &KubernetesName::name),
            field("projectId", &KubernetesName::project)};
  }
};

// All fields that any built-in plugin reads.
struct PluginConfig {
  PluginMeta metadata;
  FieldSpecs specs;
  StringMap labels;
  StringMap annotations;
  std::string prefix;
  std::string suffix;
  Image image;
  Replica replica;
  bool unset_only = false;
  std::string subjects;
  Patch patch;
  std::string json_op;
  Strings paths;
  std::string patches;
  std::vector<Replacement> replacements;
  std::string value;
  std::vector<ValueTarget> targets;
  std::string target_file_path;
  std::string cloud;
  KubernetesName kubernetes_service;
  KubernetesName service_account;
  std::optional<SortOptions> sort_options;
  static constexpr const char* kGoType = "builtins.Plugin";
  static data::Fields fields() {
    using C = PluginConfig;
    data::Fields fields = {field("metadata", &C::metadata),
                           field("fieldSpecs", &C::specs),
                           field("labels", &C::labels),
                           field("annotations", &C::annotations),
                           field("prefix", &C::prefix),
                           field("suffix", &C::suffix),
                           field("imageTag", &C::image),
                           field("replica", &C::replica),
                           field("unsetOnly", &C::unset_only),
                           field("setRoleBindingSubjects", &C::subjects),
                           field("jsonOp", &C::json_op),
                           field("paths", &C::paths),
                           field("patches", &C::patches),
                           field("replacements", &C::replacements),
                           field("value", &C::value),
                           field("targets", &C::targets),
                           field("targetFilePath", &C::target_file_path),
                           field("cloud", &C::cloud),
                           field("kubernetesService", &C::kubernetes_service),
                           field("serviceAccount", &C::service_account),
                           field("sortOptions", &C::sort_options)};
    return fields;
  }
};

// How Go prints a resource with %#v; the address stands for any.
constexpr std::string_view kGoResource =
    "&resource.Resource{RNode:yaml.RNode{fieldPath:[]string(nil), "
    "value:(*yaml.Node)(0xc000000000), "
    "ShouldKeep:false, Match:[]string(nil)}, refVarNames:[]string(nil)}";

Error invalid(std::string message) {
  return Error(Code::Invalid, std::move(message));
}

// Only what the plugin itself reads is decoded, so that foreign fields of other shapes do no harm.
template <typename T>
Result<T> part(const data::Value& object, std::initializer_list<std::string_view> names) {
  data::Value chosen = data::Value::object();
  for (const data::Member& member : object.members()) {
    for (std::string_view name : names) {
      if (equal_fold(name, data::name(member))) chosen.set(name, member.value);
    }
  }
  return data::decode<T>(data::to_json_of(data::type_of<T>(), chosen));
}

// Sets a value at a path with "/" between names; or one part of a text that is a path itself.
Result<> add_value(Resource& resource, const std::string& value, const ValueTarget& target) {
  if (target.field_path == "metadata/namespace") {
    NamespaceOptions options;
    options.ns = value;
    if (!resource.is_cluster_scoped()) resource.set_ns(value);
    return {};
  }
  const std::vector<std::string> path = split_path(target.field_path);
  return walk(resource.node, path, 0, true, Make::Scalar, [&](Node& node) -> Result<> {
    if (!node.is_scalar()) return {};
    if (target.file_path_position == 0) {
      node = Node::plain(value);
      return {};
    }
    // Part n of the text, counted from 1 as in a file path.
    std::vector<std::string> parts;
    const bool absolute = node.text().starts_with('/');
    for (std::string_view one : split(trim_prefix(node.text(), "/"), '/'))
      parts.emplace_back(one);
    const auto at = static_cast<size_t>(target.file_path_position - 1);
    if (at < parts.size()) {
      parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(at), value);
    } else {
      parts.push_back(value);
    }
    node = Node::plain(cat(absolute ? "/" : "", join(parts, "/")));
    return {};
  });
}

Result<> run_value_add(ResMap& resources, PluginConfig config, const Loader& loader) {
  std::string value(trim(config.value));
  if (value.empty()) value = base_name(loader.root());
  if (!config.target_file_path.empty()) {
    auto more = TRY(yaml::parse(TRY(loader.load(config.target_file_path))));
    PluginConfig file = TRY(part<PluginConfig>(more, {"targets"}));
    config.targets.insert(config.targets.end(), file.targets.begin(), file.targets.end());
  }
  if (config.targets.empty()) return invalid("must specify at least one target");
  for (const ValueTarget& target : config.targets) {
    if (target.field_path.empty()) return invalid("fieldPath cannot be empty");
    std::vector<size_t> selected;
    if (target.selector) {
      selected = TRY(resources.select(*target.selector));
    } else {
      for (size_t i = 0; i < resources.size(); i++)
        selected.push_back(i);
    }
    for (size_t at : selected)
      TRY(add_value(resources.all()[at], value, target));
  }
  resources.forget_index();
  return {};
}

Result<NamespaceOptions> namespace_options(const PluginConfig& config) {
  NamespaceOptions options;
  options.ns = config.metadata.ns;
  options.specs = config.specs;
  options.unset_only = config.unset_only;
  if (config.subjects == "allServiceAccounts") {
    options.subjects = SubjectMode::AllServiceAccounts;
  } else if (config.subjects == "none") {
    options.subjects = SubjectMode::None;
  } else if (!config.subjects.empty() && config.subjects != "defaultOnly") {
    return invalid(cat(
        "invalid value \"",
        config.subjects,
        "\" for setRoleBindingSubjects: must be one of defaultOnly, allServiceAccounts or none"));
  }
  // Without the path, subjects are left alone; with it, the mode counts.
  return options;
}

std::string config_yaml(const Resource& resource) {
  auto object = object_of(resource);
  return object.ok() ? yaml::print(*object) : std::string();
}

constexpr std::string_view kTransformers[] = {"AnnotationsTransformer",
                                              "ImageTagTransformer",
                                              "LabelTransformer",
                                              "NamespaceTransformer",
                                              "PatchJson6902Transformer",
                                              "PatchStrategicMergeTransformer",
                                              "PatchTransformer",
                                              "PrefixTransformer",
                                              "SuffixTransformer",
                                              "PrefixSuffixTransformer",
                                              "ReplacementTransformer",
                                              "ReplicaCountTransformer",
                                              "ValueAddTransformer",
                                              "HashTransformer"};
constexpr std::string_view kGenerators[] = {
    "ConfigMapGenerator", "SecretGenerator", "IAMPolicyGenerator", "HelmChartInflationGenerator"};

template <size_t N>
bool is_one_of(std::string_view kind, const std::string_view (&kinds)[N]) {
  return std::ranges::find(kinds, kind) != std::end(kinds);
}

// A plugin must be built in and of the wanted sort.
Result<> check_plugin(const Resource& config, bool generator) {
  const std::string kind(config.kind());
  const Id id = config.original_id();
  if (config.node.member_text("apiVersion") != "builtin" ||
      !config.annotation("config.kubernetes.io/function").empty()) {
    return invalid(cat("external plugins disabled; unable to load external plugin '", kind, "'"));
  }
  const bool transforms = is_one_of(kind, kTransformers);
  const bool generates = is_one_of(kind, kGenerators);
  if (!transforms && !generates) return invalid(cat("unable to load builtin ", id.gvk.text()));
  if (generator && !generates) return invalid(cat("plugin ", id.text(), " not a generator"));
  if (!generator && !transforms) return invalid(cat("plugin ", id.text(), " not a transformer"));
  return {};
}

Result<> run_transformer(ResMap& resources,
                         const Resource& plugin,
                         const Loader& loader,
                         const KustomizeSchema& schema) {
  const std::string kind(plugin.kind());
  const data::Value object = TRY(object_of(plugin));
  PluginConfig config =
      TRY(part<PluginConfig>(object,
                             {"metadata",
                              "fieldSpecs",
                              "labels",
                              "annotations",
                              "prefix",
                              "suffix",
                              "imageTag",
                              "replica",
                              "unsetOnly",
                              "setRoleBindingSubjects",
                              "jsonOp",
                              "replacements",
                              "value",
                              "targetFilePath",
                              "sortOptions"})
              .within(cat("plugin ", plugin.original_id().text(), " fails configuration")));
  if (kind == "AnnotationsTransformer")
    return add_annotations(resources, config.annotations, config.specs);
  if (kind == "LabelTransformer") return add_labels(resources, config.labels, config.specs);
  if (kind == "ImageTagTransformer") return set_images(resources, config.image, config.specs);
  if (kind == "ReplicaCountTransformer")
    return set_replicas(resources, config.replica, config.specs);
  if (kind == "NamespaceTransformer") {
    return set_namespace(resources,
                         TRY(namespace_options(config).within(
                             cat("plugin ", plugin.original_id().text(), " fails configuration"))));
  }
  if (kind == "PrefixTransformer" || kind == "SuffixTransformer" ||
      kind == "PrefixSuffixTransformer") {
    if (config.specs.empty()) {
      return invalid(cat("plugin ",
                         plugin.original_id().text(),
                         " fails configuration: fieldSpecs is not expected to be nil"));
    }
    TRY(add_prefix(resources, config.prefix, config.specs));
    return add_suffix(resources, config.suffix, config.specs);
  }
  if (kind == "HashTransformer") return add_hashes(resources);
  if (kind == "SortOrderTransformer") {
    return sort_resources(resources, config.sort_options.value_or(SortOptions()));
  }
  if (kind == "ReplacementTransformer")
    return apply_replacements(resources, config.replacements, loader, plugin.original_id().text());
  if (kind == "ValueAddTransformer") {
    PluginConfig targets = TRY(part<PluginConfig>(object, {"targets", "value", "targetFilePath"}));
    return run_value_add(resources, std::move(targets), loader);
  }
  if (kind == "PatchStrategicMergeTransformer") {
    PluginConfig patches = TRY(part<PluginConfig>(object, {"paths", "patches"}));
    return apply_strategic_patches(
        resources, patches.paths, patches.patches, loader, schema, plugin.original_id().text());
  }
  Patch patch = TRY(part<Patch>(object, {"path", "patch", "target", "options"}));
  const std::string id = plugin.original_id().text();
  if (kind == "PatchTransformer") return apply_patch(resources, patch, loader, schema, id);
  patch.patch = config.json_op;
  return apply_json6902(resources, patch, loader, id);
}

Result<Resource> iam_policy(const data::Value& object) {
  PluginConfig config =
      TRY(part<PluginConfig>(object, {"cloud", "kubernetesService", "serviceAccount"}));
  if (config.cloud != "gke")
    return invalid(cat("cloud provider ", config.cloud, " not supported yet"));
  Resource resource;
  resource.node = Node::mapping();
  resource.node.set("apiVersion", Node::string("v1"));
  resource.node.set("kind", Node::string("ServiceAccount"));
  Node annotations = Node::mapping();
  annotations.set("iam.gke.io/gcp-service-account",
                  Node::string(cat(config.service_account.name,
                                   "@",
                                   config.service_account.project,
                                   ".iam.gserviceaccount.com")));
  resource.metadata()->set("annotations", std::move(annotations));
  resource.set_name(config.kubernetes_service.name);
  if (!config.kubernetes_service.ns.empty()) resource.set_ns(config.kubernetes_service.ns);
  return resource;
}

Result<Resource> run_generator(const Resource& plugin, const Loader& loader) {
  const std::string kind(plugin.kind());
  data::Value object = TRY(object_of(plugin));
  if (kind == "IAMPolicyGenerator") return iam_policy(object);
  if (kind == "HelmChartInflationGenerator") {
    return Error(Code::Unsupported,
                 cat("plugin ",
                     plugin.original_id().text(),
                     " fails configuration: must specify --enable-helm"));
  }
  // The object's own name and namespace are those of what is generated.
  const data::Value& metadata = object["metadata"];
  data::Value args = object;
  for (std::string_view name : {"name", "namespace"}) {
    if (!args[name].is_string() || args[name].as_string().empty()) args.set(name, metadata[name]);
  }
  data::Value chosen = data::Value::object();
  for (std::string_view name :
       {"namespace", "name", "behavior", "literals", "files", "envs", "env", "options", "type"}) {
    if (const data::Value* value = args.find(name)) chosen.set(name, *value);
  }
  SecretArgs read = TRY(data::decode<SecretArgs>(chosen));
  if (!read.env.empty()) read.envs.push_back(read.env);
  return kind == "SecretGenerator" ? make_secret(read, loader) : make_config_map(read, loader);
}

Origin plugin_origin(const Resource& plugin) {
  Origin origin;
  if (plugin.origin) {
    origin.configured_in =
        plugin.origin->path.empty() ? plugin.origin->configured_in : plugin.origin->path;
  }
  origin.by_api_version = plugin.node.member_text("apiVersion");
  origin.by_kind = plugin.kind();
  origin.by_name = plugin.name();
  origin.by_namespace = plugin.ns();
  return origin;
}

}  // namespace

Result<ResMap> Target::plugin_configs(const Strings& entries, std::string_view what) {
  Accumulator configs;
  Strings paths;
  for (const std::string& entry : entries) {
    auto inline_config = parse_resources(entry);
    if (!inline_config.ok()) {
      paths.push_back(entry);
      continue;
    }
    for (Resource& one : *inline_config) {
      if (origin_path_) {
        Origin origin;
        origin.path = join_path(*origin_path_, file_name_);
        one.origin = std::make_shared<const Origin>(std::move(origin));
      }
      TRY(configs.resources.append(std::move(one)).within(cat("configuring external ", what)));
    }
  }
  TRY(accumulate_resources(configs, paths));
  return std::move(configs.resources);
}

Result<> Target::run_plugins(Accumulator& into, const Strings& entries) {
  ResMap configs = TRY(plugin_configs(entries, "transformer"));
  for (const Resource& plugin : configs.all())
    TRY(check_plugin(plugin, false));
  for (const Resource& plugin : configs.all()) {
    TRY(run_transformer(into.resources, plugin, loader_, state_.schema));
    into.resources.drop_empties();
    if (origin_path_) note_transformation(into, plugin_origin(plugin));
  }
  return {};
}

Result<> Target::run_generator_plugins(Accumulator& into) {
  if (!kustomization_.generators) return {};
  ResMap configs = TRY(
      plugin_configs(*kustomization_.generators, "generator").within("loading generator plugins"));
  for (const Resource& plugin : configs.all()) {
    TRY(check_plugin(plugin, true)
            .within("failed to load generator")
            .within("loading generator plugins"));
  }
  for (const Resource& plugin : configs.all()) {
    Resource made = TRY(run_generator(plugin, loader_));
    if (origin_path_) made.origin = std::make_shared<const Origin>(plugin_origin(plugin));
    TRY(into.resources.absorb(std::move(made))
            .within(cat("merging from generator &{", config_yaml(plugin), "}")));
  }
  return {};
}

Result<> Target::run_validators(Accumulator& into) {
  if (!kustomization_.validators) return {};
  ResMap configs = TRY(plugin_configs(*kustomization_.validators, "transformer"));
  for (const Resource& plugin : configs.all())
    TRY(check_plugin(plugin, false));
  for (const Resource& plugin : configs.all()) {
    ResMap before = into.resources;
    TRY(run_transformer(into.resources, plugin, loader_, state_.schema));
    auto plain = [](const Resource& resource) {
      Resource copy = resource;
      if (Node* labels =
              copy.node.find("metadata") == nullptr ? nullptr : copy.metadata()->find("labels")) {
        labels->remove("validated-by");
        if (labels->empty()) copy.metadata()->remove("labels");
      }
      return json_text(copy);
    };
    for (size_t i = 0; i < before.size() && i < into.resources.size(); i++) {
      const Resource& old = before.all()[i];
      const Resource& now = into.resources.all()[i];
      if (plain(old) == plain(now)) continue;
      if (!old.current_id().same_as(now.current_id())) {
        return invalid(
            cat("validator shouldn't modify the resource map: id in self missing from other; id: ",
                old.current_id().text()));
      }
      return invalid(cat("validator shouldn't modify the resource map: nodes unequal: \n -- ",
                         json_text(old),
                         ",\n -- ",
                         json_text(now),
                         "\n\n--\n",
                         kGoResource,
                         "\n------\n",
                         kGoResource,
                         "\n"));
    }
    if (before.size() != into.resources.size()) {
      return invalid(
          "validator shouldn't modify the resource map: lists have different number of entries");
    }
  }
  return {};
}

}  // namespace fleet::kustomize
