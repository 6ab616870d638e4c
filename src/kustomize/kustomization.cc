#include "kustomize/kustomization.h"

#include <algorithm>
#include <utility>

#include "base/strings.h"
#include "data/yaml/yaml.h"

namespace fleet::kustomize {
namespace {

using data::field;

constexpr std::string_view kRunFix =
    " Run 'kustomize edit fix' to update your Kustomization automatically.";

std::string deprecated(std::string_view field,
                       std::string_view instead,
                       bool experimental = false) {
  return cat("# Warning: '",
             field,
             "' is deprecated. Please use '",
             instead,
             "' instead.",
             experimental ? " [EXPERIMENTAL]" : "",
             kRunFix);
}

template <typename T>
void append_to(std::optional<std::vector<T>>& to, std::optional<std::vector<T>>& from) {
  if (!from) return;
  if (!to) to.emplace();
  to->insert(to->end(), from->begin(), from->end());
  if (to->empty()) to.reset();
  from.reset();
}

template <typename Args>
void move_env(std::optional<std::vector<Args>>& generators) {
  if (!generators) return;
  for (Args& args : *generators) {
    if (!args.env.empty()) args.envs.push_back(std::exchange(args.env, {}));
  }
}

template <typename T>
bool is_set(const std::optional<T>& value) {
  return value.has_value();
}

// Nothing but a type: there is nothing to build.
bool is_empty(const Kustomization& k) {
  return !k.metadata && k.openapi.empty() && k.name_prefix.empty() && k.name_suffix.empty() &&
         k.ns.empty() && !is_set(k.common_labels) && !is_set(k.labels) &&
         !is_set(k.common_annotations) && !is_set(k.patches_strategic_merge) &&
         !is_set(k.patches_json6902) && !is_set(k.patches) && !is_set(k.images) &&
         !is_set(k.replacements) && !is_set(k.replicas) && !is_set(k.vars) &&
         !is_set(k.sort_options) && !is_set(k.resources) && !is_set(k.components) &&
         !is_set(k.crds) && !is_set(k.config_maps) && !is_set(k.secrets) &&
         !is_set(k.helm_globals) && !is_set(k.helm_charts) && !is_set(k.generator_options) &&
         !is_set(k.configurations) && !is_set(k.generators) && !is_set(k.transformers) &&
         !is_set(k.validators) && !is_set(k.build_metadata);
}

// The old list of Helm charts named its members otherwise.
void rename_helm(Kustomization& k) {
  if (!k.helm_inflation) return;
  constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"chartName", "name"},
      {"chartVersion", "version"},
      {"chartRepoUrl", "repo"},
      {"values", "valuesFile"},
      {"valuesLocal", "valuesInline"}};
  for (data::Value& chart : *k.helm_inflation) {
    for (const auto& [old_name, new_name] : kNames) {
      if (const data::Value* value = chart.find(old_name)) {
        data::Value moved = *value;
        chart.erase(old_name);
        chart.set(new_name, std::move(moved));
      }
    }
  }
}

void normalise(Kustomization& k) {
  if (k.kind.empty()) k.kind = "Kustomization";
  if (k.api_version.empty()) {
    k.api_version = cat("kustomize.config.k8s.io/", k.kind == "Component" ? "v1alpha1" : "v1beta1");
  }
  append_to(k.resources, k.bases);
  append_to(k.images, k.image_tags);
  move_env(k.config_maps);
  move_env(k.secrets);
  rename_helm(k);
  append_to(k.helm_charts, k.helm_inflation);
}

void warn(const Kustomization& k, Strings& warnings) {
  if (k.bases) warnings.push_back(deprecated("bases", "resources"));
  if (k.common_labels) warnings.push_back(deprecated("commonLabels", "labels"));
  if (k.image_tags) warnings.push_back(deprecated("imageTags", "images"));
  if (k.patches_json6902) warnings.push_back(deprecated("patchesJson6902", "patches"));
  if (k.patches_strategic_merge) warnings.push_back(deprecated("patchesStrategicMerge", "patches"));
  if (k.vars) warnings.push_back(deprecated("vars", "replacements", true));
}

}  // namespace

data::Fields FieldSpec::fields() {
  return {field("group", &FieldSpec::group),
          field("version", &FieldSpec::version),
          field("kind", &FieldSpec::kind),
          field("path", &FieldSpec::path),
          field("create", &FieldSpec::create)};
}

data::Fields Selector::fields() {
  return {field("group", &Selector::group),
          field("version", &Selector::version),
          field("kind", &Selector::kind),
          field("name", &Selector::name),
          field("namespace", &Selector::ns),
          field("annotationSelector", &Selector::annotation_selector),
          field("labelSelector", &Selector::label_selector)};
}

Id Selector::id() const {
  Id id;
  id.gvk = {group, version, kind};
  id.name = name;
  id.ns = ns;
  return id;
}

std::string Selector::text() const {
  return cat(id().text(), ":a=", annotation_selector, ":l=", label_selector);
}

data::Fields PatchOptions::fields() {
  return {field("allowNameChange", &PatchOptions::allow_name_change),
          field("allowKindChange", &PatchOptions::allow_kind_change)};
}

data::Fields Patch::fields() {
  return {field("path", &Patch::path),
          field("patch", &Patch::patch),
          field("target", &Patch::target),
          field("options", &Patch::options)};
}

data::Fields Label::fields() {
  return {field("pairs", &Label::pairs),
          field("includeSelectors", &Label::include_selectors),
          field("includeTemplates", &Label::include_templates),
          field("fields", &Label::fields_)};
}

data::Fields Image::fields() {
  return {field("name", &Image::name),
          field("newName", &Image::new_name),
          field("tagSuffix", &Image::tag_suffix),
          field("newTag", &Image::new_tag),
          field("digest", &Image::digest)};
}

data::Fields Replica::fields() {
  return {field("name", &Replica::name), field("count", &Replica::count)};
}

data::Fields FieldOptions::fields() {
  return {field("delimiter", &FieldOptions::delimiter),
          field("index", &FieldOptions::index),
          field("encoding", &FieldOptions::encoding),
          field("create", &FieldOptions::create)};
}

data::Fields SourceSelector::fields() {
  return {field("group", &SourceSelector::group),
          field("version", &SourceSelector::version),
          field("kind", &SourceSelector::kind),
          field("name", &SourceSelector::name),
          field("namespace", &SourceSelector::ns),
          field("fieldPath", &SourceSelector::field_path),
          field("options", &SourceSelector::options)};
}

data::Fields TargetSelector::fields() {
  return {field("select", &TargetSelector::select),
          field("reject", &TargetSelector::reject),
          field("fieldPaths", &TargetSelector::field_paths),
          field("options", &TargetSelector::options)};
}

data::Fields Replacement::fields() {
  return {field("source", &Replacement::source),
          field("targets", &Replacement::targets),
          field("sourceValue", &Replacement::source_value),
          field("path", &Replacement::path)};
}

data::Fields VarTarget::fields() {
  return {field("apiVersion", &VarTarget::api_version),
          field("group", &VarTarget::group),
          field("version", &VarTarget::version),
          field("kind", &VarTarget::kind),
          field("name", &VarTarget::name),
          field("namespace", &VarTarget::ns)};
}
data::Fields VarField::fields() {
  return {field("fieldPath", &VarField::field_path)};
}
data::Fields Var::fields() {
  return {
      field("name", &Var::name), field("objref", &Var::objref), field("fieldref", &Var::fieldref)};
}

data::Fields GeneratorOptions::fields() {
  return {field("labels", &GeneratorOptions::labels),
          field("annotations", &GeneratorOptions::annotations),
          field("disableNameSuffixHash", &GeneratorOptions::disable_name_suffix_hash),
          field("immutable", &GeneratorOptions::immutable)};
}

data::Fields ConfigMapArgs::fields() {
  return {field("namespace", &GeneratorArgs::ns),
          field("name", &GeneratorArgs::name),
          field("behavior", &GeneratorArgs::behavior),
          field("literals", &GeneratorArgs::literals),
          field("files", &GeneratorArgs::files),
          field("envs", &GeneratorArgs::envs),
          field("env", &GeneratorArgs::env),
          field("options", &GeneratorArgs::options)};
}
data::Fields SecretArgs::fields() {
  data::Fields fields = ConfigMapArgs::fields();
  fields.push_back(field("type", &GeneratorArgs::type));
  return fields;
}

data::Fields LegacySortOptions::fields() {
  return {field("orderFirst", &LegacySortOptions::order_first),
          field("orderLast", &LegacySortOptions::order_last)};
}
data::Fields SortOptions::fields() {
  return {field("order", &SortOptions::order), field("legacySortOptions", &SortOptions::legacy)};
}

data::Fields KustomizationMeta::fields() {
  return {field("name", &KustomizationMeta::name),
          field("namespace", &KustomizationMeta::ns),
          field("labels", &KustomizationMeta::labels),
          field("annotations", &KustomizationMeta::annotations)};
}

data::Fields Kustomization::fields() {
  using K = Kustomization;
  return {field("kind", &K::kind),
          field("apiVersion", &K::api_version),
          field("metadata", &K::metadata),
          field("openapi", &K::openapi),
          field("namePrefix", &K::name_prefix),
          field("nameSuffix", &K::name_suffix),
          field("namespace", &K::ns),
          field("commonLabels", &K::common_labels),
          field("labels", &K::labels),
          field("commonAnnotations", &K::common_annotations),
          field("patchesStrategicMerge", &K::patches_strategic_merge),
          field("patchesJson6902", &K::patches_json6902),
          field("patches", &K::patches),
          field("images", &K::images),
          field("imageTags", &K::image_tags),
          field("replacements", &K::replacements),
          field("replicas", &K::replicas),
          field("vars", &K::vars),
          field("sortOptions", &K::sort_options),
          field("resources", &K::resources),
          field("components", &K::components),
          field("crds", &K::crds),
          field("bases", &K::bases),
          field("configMapGenerator", &K::config_maps),
          field("secretGenerator", &K::secrets),
          field("helmGlobals", &K::helm_globals),
          field("helmCharts", &K::helm_charts),
          field("helmChartInflationGenerator", &K::helm_inflation),
          field("generatorOptions", &K::generator_options),
          field("configurations", &K::configurations),
          field("generators", &K::generators),
          field("transformers", &K::transformers),
          field("validators", &K::validators),
          field("buildMetadata", &K::build_metadata)};
}

bool Kustomization::wants(std::string_view option) const {
  return build_metadata && std::ranges::find(*build_metadata, option) != build_metadata->end();
}

Result<Kustomization> read_kustomization(std::string_view text,
                                         std::string_view root,
                                         Strings& warnings) {
  auto value = yaml::parse(text);
  if (!value.ok())
    return Error(Code::Invalid, cat("invalid Kustomization: ", value.error().message()));
  data::DecodeOptions options;
  options.unknown = data::DecodeOptions::Unknown::Refused;
  Kustomization k =
      TRY(data::decode<Kustomization>(*value, options).within("invalid Kustomization"));
  warn(k, warnings);
  normalise(k);
  if (is_empty(k)) return Error(Code::Invalid, "kustomization.yaml is empty");
  Strings problems;
  if (k.kind != "Kustomization" && k.kind != "Component") {
    problems.emplace_back("kind should be Kustomization or Component");
  }
  const std::string version =
      cat("kustomize.config.k8s.io/", k.kind == "Component" ? "v1alpha1" : "v1beta1");
  if (k.api_version != version)
    problems.push_back(cat("apiVersion for ", k.kind, " should be ", version));
  if (!problems.empty()) {
    return Error(
        Code::Invalid,
        cat("Failed to read kustomization file under ", root, ":\n", join(problems, "\n")));
  }
  return k;
}

}  // namespace fleet::kustomize
