#include "kustomize/config.h"

#include <algorithm>
#include <utility>

#include "base/strings.h"
#include "data/json/parse.h"
#include "data/yaml/yaml.h"
#include "kustomize/order.h"
#include "kustomize/tables.h"

namespace fleet::kustomize {
namespace {

using data::field;

void sort_references(Config& config) {
  std::ranges::stable_sort(
      config.name_reference,
      [](const NameReference& a, const NameReference& b) { return gvk_less(a.gvk(), b.gvk()); });
  for (FieldSpecs* specs : {&config.name_prefix,
                            &config.name_suffix,
                            &config.ns,
                            &config.common_labels,
                            &config.labels,
                            &config.template_labels,
                            &config.common_annotations,
                            &config.var_reference,
                            &config.images,
                            &config.replicas}) {
    std::ranges::stable_sort(
        *specs, [](const FieldSpec& a, const FieldSpec& b) { return gvk_less(a.gvk(), b.gvk()); });
  }
}

Result<> merge_reference(std::vector<NameReference>& to, const NameReference& other) {
  bool found = false;
  for (NameReference& reference : to) {
    if (reference.gvk() != other.gvk()) continue;
    TRY(merge_specs(reference.specs, other.specs));
    found = true;
  }
  if (!found) to.push_back(other);
  return {};
}

Result<Config> read_config(std::string_view text) {
  auto value = yaml::parse(text, yaml::Duplicates::Refused);
  if (!value.ok()) {
    return Error(Code::Invalid, cat("error converting YAML to JSON: ", value.error().message()));
  }
  data::DecodeOptions options;
  options.unknown = data::DecodeOptions::Unknown::Refused;
  auto config = data::decode<Config>(*value, options);
  if (!config.ok()) {
    return Error(Code::Invalid,
                 cat("error unmarshaling JSON: while decoding JSON: ", config.error().message()));
  }
  sort_references(*config);
  return std::move(*config);
}

// Follows the properties of one type, adding what their extensions say.
class CrdReader {
 public:
  CrdReader(const data::Value& types, Config& config)
      : types_(types),
        config_(config) {}

  Result<> read(const std::string& type, const std::string& root_kind, const Strings& path) {
    const data::Value* definition = types_.find(type);
    if (definition == nullptr || path.size() > kMaxDepth) return {};
    for (const data::Member& member : (*definition)["Schema"]["properties"].members()) {
      TRY(property(member.value, root_kind, extended(path, name(member))));
    }
    return {};
  }

 private:
  static constexpr size_t kMaxDepth = 64;

  static Strings extended(Strings path, std::string_view part) {
    path.emplace_back(part);
    return path;
  }

  Result<> property(const data::Value& property,
                    const std::string& root_kind,
                    const Strings& path) {
    FieldSpec spec;
    spec.kind = root_kind;
    spec.path = join(path, "/");
    if (property["x-kubernetes-annotation"].is_string())
      TRY(merge_specs(config_.common_annotations, {spec}));
    if (property["x-kubernetes-label-selector"].is_string())
      TRY(merge_specs(config_.common_labels, {spec}));
    if (property["x-kubernetes-identity"].is_string())
      TRY(merge_specs(config_.name_prefix, {spec}));
    const data::Value& version = property["x-kubernetes-object-ref-api-version"];
    const data::Value& kind = property["x-kubernetes-object-ref-kind"];
    if (version.is_string() && kind.is_string()) {
      const data::Value& key = property["x-kubernetes-object-ref-name-key"];
      spec.path += cat("/", key.is_string() ? key.as_string() : std::string_view("name"));
      NameReference reference;
      reference.version = version.to_string();
      reference.kind = kind.to_string();
      reference.specs = {spec};
      TRY(merge_reference(config_.name_reference, reference));
    }
    if (property["$ref"].is_string()) return read(property["$ref"].to_string(), root_kind, path);
    return {};
  }

  const data::Value& types_;
  Config& config_;
};

Result<> check_definitions(const data::Value& types) {
  std::string_view found = types.is_array() ? "array" : types.is_string() ? "string" : "number";
  if (!types.is_object()) {
    return Error(Code::Invalid,
                 cat("error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ",
                     found,
                     " into Go value of type accumulator.nameToApiMap"));
  }
  for (const data::Member& member : types.members()) {
    if (member.value.is_object() || member.value.is_null()) continue;
    std::string_view kind = member.value.is_array()    ? "array"
                            : member.value.is_string() ? "string"
                            : member.value.is_bool()   ? "bool"
                                                       : "number";
    return Error(Code::Invalid,
                 cat("error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ",
                     kind,
                     " into Go value of type accumulator.OpenAPIDefinition"));
  }
  return {};
}

}  // namespace

data::Fields NameReference::fields() {
  return {field("group", &NameReference::group),
          field("version", &NameReference::version),
          field("kind", &NameReference::kind),
          field("fieldSpecs", &NameReference::specs)};
}

data::Fields Config::fields() {
  return {field("namePrefix", &Config::name_prefix),
          field("nameSuffix", &Config::name_suffix),
          field("namespace", &Config::ns),
          field("commonLabels", &Config::common_labels),
          field("labels", &Config::labels),
          field("templateLabels", &Config::template_labels),
          field("commonAnnotations", &Config::common_annotations),
          field("nameReference", &Config::name_reference),
          field("varReference", &Config::var_reference),
          field("images", &Config::images),
          field("replicas", &Config::replicas)};
}

Result<> merge_specs(FieldSpecs& to, const FieldSpecs& from) {
  for (const FieldSpec& spec : from) {
    auto same = std::ranges::find_if(to, [&](const FieldSpec& known) {
      return known.path == spec.path && known.gvk().is_selected(spec.gvk());
    });
    if (same == to.end()) {
      to.push_back(spec);
    } else if (same->create != spec.create) {
      return Error(Code::Invalid, "conflicting fieldspecs");
    }
  }
  return {};
}

Result<> Config::merge(const Config& other) {
  if (other == Config() || other == *this) return {};
  auto merge_field = [](std::string_view name, FieldSpecs& to, const FieldSpecs& from) {
    return merge_specs(to, from).within(cat("failed to merge ", name, " fieldSpec"));
  };
  TRY(merge_field("NamePrefix", name_prefix, other.name_prefix));
  TRY(merge_field("NameSuffix", name_suffix, other.name_suffix));
  TRY(merge_field("NameSpace", ns, other.ns));
  TRY(merge_field("CommonAnnotations", common_annotations, other.common_annotations));
  TRY(merge_field("CommonLabels", common_labels, other.common_labels));
  TRY(merge_field("Labels", labels, other.labels));
  TRY(merge_field("TemplateLabels", template_labels, other.template_labels));
  TRY(merge_field("VarReference", var_reference, other.var_reference));
  for (const NameReference& reference : other.name_reference) {
    TRY(merge_reference(name_reference, reference)
            .within("failed to merge NameReference fieldSpec"));
  }
  TRY(merge_field("Images", images, other.images));
  TRY(merge_field("Replicas", replicas, other.replicas));
  sort_references(*this);
  return {};
}

const Config& builtin_config() {
  static const Config kConfig = [] {
    auto config = data::decode<Config>(fieldspecs_table());
    CHECK(config.ok());
    Config merged;  // each spec once
    CHECK(merged.merge(*config).ok());
    return merged;
  }();
  return kConfig;
}

Result<Config> load_config(const Loader& loader, const Strings& paths) {
  Config config = builtin_config();
  Config added;
  for (const std::string& path : paths) {
    std::string text = TRY(loader.load(path));
    TRY(added.merge(TRY(read_config(text))));
  }
  TRY(config.merge(added));
  return config;
}

Result<Config> load_crds(const Loader& loader, const Strings& paths) {
  Config config;
  for (const std::string& path : paths) {
    std::string text = TRY(loader.load(path));
    auto types = trim(text).starts_with('{') ? json::parse(text) : yaml::parse(text);
    Result<> checked = types.ok() ? check_definitions(*types) : Result<>(types.error());
    if (!checked.ok()) {
      return Error(Code::Invalid,
                   cat("unable to parse open API definition from '",
                       path,
                       "': ",
                       checked.error().message()));
    }
    for (const data::Member& member : types->members()) {
      const data::Value& properties = member.value["Schema"]["properties"];
      if (!properties.contains("kind") || !properties.contains("apiVersion") ||
          !properties.contains("metadata")) {
        continue;
      }
      const std::string type(name(member));
      const std::string kind =
          type.substr(type.rfind('.') == std::string::npos ? 0 : type.rfind('.') + 1);
      Config one;
      TRY(CrdReader(*types, one).read(type, kind, {}));
      TRY(config.merge(one));
    }
  }
  return config;
}

}  // namespace fleet::kustomize
