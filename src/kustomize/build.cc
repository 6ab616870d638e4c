#include "kustomize/build.h"

#include <utility>

#include "base/strings.h"
#include "kustomize/order.h"
#include "kustomize/output.h"
#include "kustomize/target.h"
#include "kustomize/transform.h"
#include "kustomize/vars.h"

namespace fleet::kustomize {
namespace {

constexpr std::string_view kLocalConfig = "config.kubernetes.io/local-config";
constexpr std::string_view kOrigin = "config.kubernetes.io/origin";
constexpr std::string_view kTransformations = "alpha.config.kubernetes.io/transformations";

// What is marked as local was there for others to read, not for the cluster.
void drop_local(ResMap& resources) {
  auto& all = resources.all();
  std::erase_if(all, [](const Resource& resource) {
    if (resource.is_empty()) return true;
    const yaml::Node* metadata = resource.metadata();
    const yaml::Node* annotations = metadata == nullptr ? nullptr : metadata->find("annotations");
    const yaml::Node* local = annotations == nullptr ? nullptr : annotations->find(kLocalConfig);
    return local != nullptr && local->text() != "false";
  });
  resources.forget_index();
}

Result<> sort(ResMap& resources,
              const Kustomization& top,
              const Options& options,
              Strings& warnings) {
  if (top.sort_options) {
    if (options.reorder == Reorder::Legacy || options.reorder == Reorder::None) {
      warnings.emplace_back(
          "Warning: Sorting order is set both in 'kustomization.yaml' ('sortOptions') and in a CLI "
          "flag "
          "('--reorder'). Using the kustomization file over the CLI flag.");
    }
    return sort_resources(resources, *top.sort_options);
  }
  if (options.reorder == Reorder::None) return {};
  SortOptions legacy;
  legacy.order = "legacy";
  return sort_resources(resources, legacy);
}

void set_annotation(Resource& resource, std::string_view name, std::string_view value) {
  yaml::Node* metadata = resource.metadata();
  yaml::Node* annotations = metadata->find("annotations");
  if (annotations == nullptr || !annotations->is_mapping()) {
    annotations = &metadata->set("annotations", yaml::Node::mapping());
  }
  annotations->set(name, yaml::Node::string(value));
}

std::string transformations_text(const std::vector<Origin>& origins) {
  std::string out;
  for (const Origin& origin : origins) {
    bool first = true;
    const std::string text = origin.yaml();
    for (std::string_view line : split_lines(text)) {
      out += cat(first ? "- " : "  ", line, "\n");
      first = false;
    }
  }
  return out;
}

void add_metadata(ResMap& resources, const Kustomization& top) {
  for (Resource& resource : resources.all()) {
    if (top.wants("originAnnotations") && resource.origin) {
      set_annotation(resource, kOrigin, resource.origin->yaml());
    }
    if (top.wants("transformerAnnotations") && !resource.transformations.empty()) {
      set_annotation(resource, kTransformations, transformations_text(resource.transformations));
    }
  }
}

// Annotations of these names that files brought along do not survive either.
void remove_metadata(data::Value& object, const Kustomization& top) {
  const data::Value* annotations = object["metadata"].find("annotations");
  if (annotations == nullptr) return;
  data::Value kept = *annotations;
  if (!top.wants("originAnnotations")) kept.erase(kOrigin);
  if (!top.wants("transformerAnnotations")) kept.erase(kTransformations);
  if (kept.size() == annotations->size()) return;
  if (kept.empty()) {
    object.edit("metadata").erase("annotations");
  } else {
    object.set({"metadata", "annotations"}, std::move(kept));
  }
}

}  // namespace

Result<Built> build(const Files& files, std::string_view path, const Options& options) {
  BuildState state;
  state.options = options;
  const Loader loader = TRY(Loader::open(files, path, options.load));
  Target target = TRY(Target::open(loader, state));
  TRY(target.set_schema(true));
  const Kustomization top = target.kustomization();
  if (top.build_metadata && !top.build_metadata->empty()) target.track_origins("");
  Accumulator accumulated = TRY(target.accumulate());
  ResMap& resources = accumulated.resources;
  TRY(add_hashes(resources));
  TRY(fix_references(resources, accumulated.config.name_reference));
  TRY(resolve_vars(resources, accumulated.vars, accumulated.config.var_reference, state.warnings));
  drop_local(resources);
  TRY(sort(resources, top, options, state.warnings));
  if (options.managed_by_label || top.wants("managedByLabel")) {
    FieldSpec labels;
    labels.path = "metadata/labels";
    labels.create = true;
    TRY(add_labels(resources, {{"app.kubernetes.io/managed-by", options.version}}, {labels}));
  }
  add_metadata(resources, top);
  Built built;
  built.objects.reserve(resources.size());
  for (Resource& resource : resources.all()) {
    data::Value object = TRY(object_of(resource));
    remove_metadata(object, top);
    built.objects.push_back(std::move(object));
    resource.node = yaml::Node();  // the tree is not needed any more
  }
  built.warnings = std::move(state.warnings);
  return built;
}

Result<Built> build(const FileTree& tree, std::string_view path, const Options& options) {
  const TreeFiles files(tree);
  return build(files, path, options);
}

}  // namespace fleet::kustomize
