#include "kustomize/target.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/strings.h"
#include "data/yaml/yaml.h"
#include "kustomize/generate.h"
#include "kustomize/parse.h"
#include "kustomize/transform.h"
#include "kustomize/vars.h"

namespace fleet::kustomize {
namespace {

const Strings kNone;

const Strings& or_none(const std::optional<Strings>& list) {
  return list ? *list : kNone;
}

std::string quoted(const Error& error) {
  return quote(error.message());
}

}  // namespace

Result<> Accumulator::merge(Accumulator other) {
  TRY(resources.append_all(std::move(other.resources)));
  TRY(config.merge(other.config));
  return merge_vars(other.vars);
}

Result<> Accumulator::merge_vars(const std::vector<Var>& more) {
  return add_vars(vars, more);
}

Result<Target> Target::open(const Loader& loader, BuildState& state) {
  Strings found;
  std::string text;
  for (std::string_view name : kFileNames) {
    auto content = loader.load(name);
    if (!content.ok()) continue;
    found.emplace_back(name);
    text = std::move(content).value();
  }
  if (found.empty()) {
    return Error(Code::NotFound,
                 cat("unable to find one of 'kustomization.yaml', 'kustomization.yml' or "
                     "'Kustomization' in directory '",
                     loader.root(),
                     "'"));
  }
  if (found.size() > 1) {
    return Error(Code::Invalid,
                 cat("Found multiple kustomization files under: ", loader.root(), "\n"));
  }
  Kustomization kustomization = TRY(read_kustomization(text, loader.root(), state.warnings));
  return Target(loader, state, std::move(kustomization), found[0]);
}

// The top's schema counts; a child's only if none is set yet.
Result<> Target::set_schema(bool reset) {
  const StringMap& openapi = kustomization_.openapi;
  std::string text;
  auto path = openapi.find("path");
  if (path != openapi.end()) text = TRY(loader_.load(path->second));
  auto version = openapi.find("version");
  const bool has_version = version != openapi.end();
  if (has_version && path != openapi.end()) {
    return Error(Code::Invalid, "builtin version and custom schema provided, cannot use both");
  }
  if (has_version && version->second != "v1.21.2") {
    return Error(Code::Invalid, "the specified OpenAPI version is not built in");
  }
  if (state_.schema_chosen && !reset) return {};
  state_.schema_chosen = has_version || path != openapi.end();
  if (path == openapi.end()) return {};
  state_.schema = TRY(KustomizeSchema::of_document(text));
  state_.custom_schema = true;
  return {};
}

Result<Accumulator> Target::accumulate() {
  Accumulator accumulator;
  TRY(accumulate_into(accumulator));
  return accumulator;
}

Result<> Target::accumulate_into(Accumulator& into) {
  TRY(accumulate_resources(into, or_none(kustomization_.resources))
          .within("accumulating resources"));
  const Strings& configurations = or_none(kustomization_.configurations);
  if (configurations.empty() && into.config == Config()) {
    into.config = builtin_config();  // what merging it would give
  } else {
    TRY(into.config.merge(TRY(load_config(loader_, configurations))).within("merging config"));
  }
  const Strings& crds = or_none(kustomization_.crds);
  TRY(into.config.merge(
      TRY(load_crds(loader_, crds).within(cat("loading CRDs [", join(crds, " "), "]")))));
  TRY(generate(into));
  TRY(accumulate_components(into).within("accumulating components"));
  TRY(transform(into));
  TRY(run_validators(into));
  if (!kustomization_.vars) return {};
  const std::vector<Var>& vars = *kustomization_.vars;
  TRY(match_vars(into.resources, vars).within(vars_text(vars)));
  return into.merge_vars(vars).within(vars_text(vars));
}

Result<> Target::accumulate_resources(Accumulator& into, const Strings& paths) {
  for (const std::string& path : paths) {
    auto as_file = accumulate_file(into, path);
    if (as_file.ok()) continue;
    const Error file_error = std::move(as_file).error();
    auto loader = loader_.descend(path);
    if (!loader.ok()) {
      if (is_malformed_yaml(file_error)) return file_error;
      return std::move(loader).error().within(cat("accumulation err='", file_error.message(), "'"));
    }
    TRY(accumulate_folder(into, *loader, path, false)
            .within(cat("accumulation err='", file_error.message(), "'")));
  }
  return {};
}

Result<> Target::accumulate_file(Accumulator& into, const std::string& path) {
  auto read = [&]() -> Result<std::vector<Resource>> {
    std::string text = TRY(loader_.load(path));
    auto resources = parse_resources(text);
    if (!resources.ok()) return in_file(std::move(resources).error(), path);
    return resources;
  };
  auto resources = TRY(read().within(cat("accumulating resources from '", path, "'")));
  ResMap fresh;
  for (Resource& resource : resources) {
    resource.cluster_scoped_extra =
        state_.custom_schema && state_.schema.is_cluster_scoped(resource.gvk());
    if (origin_path_) {
      Origin origin;
      origin.path = join_path(*origin_path_, path);
      resource.origin = std::make_shared<const Origin>(std::move(origin));
    }
    TRY(fresh.append(std::move(resource)).within(cat("accumulating resources from '", path, "'")));
  }
  return into.resources.append_all(std::move(fresh))
      .within(cat("merging resources from '", path, "'"));
}

Result<> Target::accumulate_folder(Accumulator& into,
                                   const Loader& loader,
                                   const std::string& path,
                                   bool component) {
  Target child =
      TRY(open(loader, state_).within(cat("couldn't make target for path '", loader.root(), "'")));
  child.kustomization_.build_metadata = kustomization_.build_metadata;
  if (origin_path_) child.track_origins(join_path(*origin_path_, path));
  TRY(child.set_schema(false));
  const bool is_component = child.kustomization_.kind == "Component";
  if (component && !is_component) {
    return Error(Code::Invalid,
                 cat("expected kind 'Component' for path '",
                     loader.root(),
                     "' but got '",
                     child.kustomization_.kind,
                     "'"));
  }
  if (!component && is_component) {
    return Error(Code::Invalid, cat("expected kind != 'Component' for path '", loader.root(), "'"));
  }
  const std::string doing = cat("recursed accumulation of path '", loader.root(), "'");
  // A component works on what its parent has gathered; a base has its own.
  if (component) return child.accumulate_into(into).within(doing);
  Accumulator below = TRY(child.accumulate().within(doing));
  return into.merge(std::move(below))
      .within(cat("recursed merging from path '", loader.root(), "'"));
}

Result<> Target::accumulate_components(Accumulator& into) {
  for (const std::string& path : or_none(kustomization_.components)) {
    auto loader = loader_.descend(path);
    if (!loader.ok())
      return Error(loader.error().code(), cat("loader.New ", quoted(loader.error())));
    auto done = accumulate_folder(into, *loader, path, true);
    if (!done.ok())
      return Error(done.error().code(), cat("accumulateDirectory: ", quoted(done.error())));
  }
  return {};
}

Origin Target::builtin_origin(std::string_view kind) const {
  Origin origin;
  origin.configured_in = join_path(origin_path_.value_or(""), file_name_);
  origin.by_api_version = "builtin";
  origin.by_kind = kind;
  return origin;
}

void Target::note_transformation(Accumulator& into, const Origin& origin) {
  const auto shared = std::make_shared<const Origin>(origin);
  for (Resource& resource : into.resources.all()) {
    if (resource.origin) {
      resource.transformations.push_back(origin);
    } else {
      resource.origin = shared;
    }
  }
}

Result<> Target::generate(Accumulator& into) {
  auto absorb = [&](Resource resource, std::string_view kind, const std::string& args) -> Result<> {
    if (origin_path_) resource.origin = std::make_shared<const Origin>(builtin_origin(kind));
    return into.resources.absorb(std::move(resource)).within(cat("merging from generator ", args));
  };
  // A generator as Go prints it: two addresses, the second of its origin.
  const std::string shown = cat("&{0xc000000000 ", origin_path_ ? "0xc000000000" : "<nil>", "}");
  if (kustomization_.config_maps) {
    for (ConfigMapArgs args : *kustomization_.config_maps) {
      args.options = merged_options(args.options, kustomization_.generator_options);
      TRY(absorb(TRY(make_config_map(args, loader_)), "ConfigMapGenerator", shown));
    }
  }
  if (kustomization_.secrets) {
    for (SecretArgs args : *kustomization_.secrets) {
      args.options = merged_options(args.options, kustomization_.generator_options);
      TRY(absorb(TRY(make_secret(args, loader_)), "SecretGenerator", shown));
    }
  }
  if (kustomization_.helm_charts && !kustomization_.helm_charts->empty()) {
    data::Value config = kustomization_.helm_globals.value_or(data::Value::object());
    for (const data::Member& member : kustomization_.helm_charts->front().members()) {
      config.set(member.key, member.value);
    }
    return Error(Code::Unsupported, "must specify --enable-helm")
        .within(config_failure("HelmChartInflationGenerator", yaml::print(config), ""));
  }
  return run_generator_plugins(into);
}

Result<> Target::transform(Accumulator& into) {
  const Kustomization& k = kustomization_;
  ResMap& resources = into.resources;
  const Config& config = into.config;
  auto done = [&](std::string_view kind) {
    resources.drop_empties();
    note_builtin(into, kind);
  };
  TRY(transform_patches(into));
  if (!k.ns.empty()) {
    NamespaceOptions options;
    options.ns = k.ns;
    options.specs = config.ns;
    TRY(set_namespace(resources, options));
    done("NamespaceTransformer");
  }
  if (!k.name_prefix.empty()) {
    TRY(add_prefix(resources, k.name_prefix, config.name_prefix));
    done("PrefixTransformer");
  }
  if (!k.name_suffix.empty()) {
    TRY(add_suffix(resources, k.name_suffix, config.name_suffix));
    done("SuffixTransformer");
  }
  TRY(transform_labels(into));
  if (k.common_annotations && !k.common_annotations->empty()) {
    TRY(add_annotations(resources, *k.common_annotations, config.common_annotations));
    done("AnnotationsTransformer");
  }
  for (const Patch& patch : k.patches_json6902.value_or(std::vector<Patch>())) {
    TRY(apply_json6902(resources, patch, loader_));
    done("PatchJson6902Transformer");
  }
  for (const Replica& replica : k.replicas.value_or(std::vector<Replica>())) {
    TRY(set_replicas(resources, replica, config.replicas));
    done("ReplicaCountTransformer");
  }
  for (const Image& image : k.images.value_or(std::vector<Image>())) {
    TRY(set_images(resources, image, config.images));
    done("ImageTagTransformer");
  }
  if (k.replacements && !k.replacements->empty()) {
    TRY(apply_replacements(resources, *k.replacements, loader_));
    done("ReplacementTransformer");
  }
  return run_plugins(into, or_none(k.transformers));
}

Result<> Target::transform_patches(Accumulator& into) {
  const Kustomization& k = kustomization_;
  if (k.patches_strategic_merge && !k.patches_strategic_merge->empty()) {
    TRY(apply_strategic_patches(
        into.resources, *k.patches_strategic_merge, "", loader_, state_.schema));
    into.resources.drop_empties();
    note_builtin(into, "PatchStrategicMergeTransformer");
  }
  for (const Patch& patch : k.patches.value_or(std::vector<Patch>())) {
    TRY(apply_patch(into.resources, patch, loader_, state_.schema));
    into.resources.drop_empties();
    note_builtin(into, "PatchTransformer");
  }
  return {};
}

Result<> Target::transform_labels(Accumulator& into) {
  const Kustomization& k = kustomization_;
  const bool any =
      (k.labels && !k.labels->empty()) || (k.common_labels && !k.common_labels->empty());
  if (!any) return {};
  for (const Label& label : k.labels.value_or(std::vector<Label>())) {
    FieldSpecs specs = label.fields_;
    TRY(merge_specs(specs, into.config.labels).within("failed to merge labels"));
    if (label.include_selectors) {
      TRY(merge_specs(specs, into.config.common_labels).within("failed to merge labels"));
    } else {
      if (label.include_templates) {
        TRY(merge_specs(specs, into.config.template_labels)
                .within("failed to merge template fieldSpec"));
      }
      FieldSpec labels;
      labels.path = "metadata/labels";
      labels.create = true;
      TRY(merge_specs(specs, {labels}).within("failed to merge labels"));
    }
    TRY(add_labels(into.resources, label.pairs, specs));
    note_builtin(into, "LabelTransformer");
  }
  TRY(add_labels(into.resources, k.common_labels.value_or(StringMap()), into.config.common_labels));
  note_builtin(into, "LabelTransformer");
  return {};
}

}  // namespace fleet::kustomize
