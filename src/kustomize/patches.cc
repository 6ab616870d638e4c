// Patches: strategic ones, and JSON patches.
#include <algorithm>
#include <unordered_set>
#include <utility>

#include "base/strings.h"
#include "data/json/parse.h"
#include "data/json/print.h"
#include "data/patch/json_patch.h"
#include "data/yaml/yaml.h"
#include "kustomize/merge.h"
#include "kustomize/parse.h"
#include "kustomize/transform.h"

namespace fleet::kustomize {
namespace {

using yaml::Node;

Error invalid(std::string message) {
  return Error(Code::Invalid, std::move(message));
}

// A text of operations: JSON if it starts with "[", else YAML 1.1 of one document.
Result<data::Value> read_operations(std::string_view text) {
  if (text.empty()) return invalid("empty json patch operations");
  auto operations =
      text[0] == '[' ? json::parse(text, {json::Numbers::AsWritten}) : yaml::parse(text);
  if (!operations.ok()) return std::move(operations).error();
  if (operations->is_null()) return data::Value::array();
  if (!operations->is_array()) {
    std::string_view found = operations->is_object()   ? "object"
                             : operations->is_string() ? "string"
                             : operations->is_bool()   ? "bool"
                                                       : "number";
    return invalid(cat("json: cannot unmarshal ", found, " into Go value of type jsonpatch.Patch"));
  }
  for (const data::Value& operation : operations->items()) {
    if (operation.is_object() || operation.is_null()) continue;
    std::string_view found = operation.is_array()    ? "array"
                             : operation.is_string() ? "string"
                             : operation.is_bool()   ? "bool"
                                                     : "number";
    return invalid(
        cat("json: cannot unmarshal ", found, " into Go value of type jsonpatch.Operation"));
  }
  return operations;
}

// Applies operations to one resource: by way of JSON, as the original does it.
Result<> patch_json(Resource& resource, const data::Value& operations) {
  data::Value object = TRY(yaml::to_value(resource.node));
  // Numbers are compared by the text that JSON gives them.
  const std::string text = json::print(object, json::Keys::Sorted);
  data::Value document = TRY(json::parse(text, {json::Numbers::AsWritten}));
  // The history stands in annotations there: so there are some.
  const bool had = document["metadata"].contains("annotations");
  if (!resource.history.empty() && !had)
    document.set({"metadata", "annotations"}, data::Value::object());
  data::Value patched = TRY(patch::apply_json_patch(document, operations));
  // As the original: read back with all numbers as doubles.
  resource.node = yaml::from_value(
      TRY(json::parse(json::print(patched, json::Keys::AsWritten), {json::Numbers::Double})));
  if (Node* metadata = resource.node.find("metadata")) {
    const Node* annotations = metadata->find("annotations");
    if (annotations != nullptr && annotations->is_mapping() && annotations->empty())
      metadata->remove("annotations");
  }
  return {};
}

Result<> patch_strategic(Resource& target, const Resource& patch, const KustomizeSchema& schema) {
  const std::string name(target.name());
  const std::string ns(target.ns());
  const std::string kind(target.kind());
  if (patch.allow_name_change || patch.allow_kind_change) target.record();
  auto merged = TRY(merge_patch(std::move(target.node), patch.node, schema));
  if (!merged) {
    target.node = Node();
    return {};
  }
  target.node = std::move(*merged);
  if (target.is_empty()) return {};
  if (!patch.allow_kind_change) target.node.set("kind", Node::string(kind));
  if (!patch.allow_name_change) target.set_name(name);
  target.set_ns(ns);
  return {};
}

// The patch as it looks for one target: of its version, with its own kind.
Resource aimed(const Resource& patch, const Resource& target) {
  Resource copy = patch;
  copy.node.set("apiVersion", Node::string(target.node.member_text("apiVersion")));
  return copy;
}

Result<> check_ids(const ResMap& resources) {
  std::unordered_set<std::string> seen;
  for (const Resource& resource : resources.all()) {
    if (resource.is_empty()) continue;
    const Id id = resource.current_id();
    if (!seen.insert(id.key()).second) {
      return invalid(cat("may not add resource with an already registered id: ", id.text()));
    }
  }
  return {};
}

// Applies to all resources whose current ids are among those selected.
Result<> patch_selected(ResMap& resources,
                        const std::vector<size_t>& selected,
                        const Resource& patch,
                        const KustomizeSchema& schema) {
  for (size_t at : selected) {
    Resource& target = resources.all()[at];
    TRY(patch_strategic(target, aimed(patch, target), schema));
  }
  resources.drop_empties();
  resources.forget_index();
  return check_ids(resources);
}

std::string config_text(const Patch& patch) {
  std::string out;
  data::Value value = data::Value::object();
  auto add = [&](std::string_view key, const std::string& text) {
    if (!text.empty()) value.set(key, text);
  };
  if (patch.options) {
    data::Value options = data::Value::object();
    if (patch.options->allow_name_change) options.set("allowNameChange", true);
    if (patch.options->allow_kind_change) options.set("allowKindChange", true);
    value.set("options", std::move(options));
  }
  add("patch", patch.patch);
  add("path", patch.path);
  if (patch.target) value.set("target", data::encode(*patch.target));
  return value.empty() ? "{}\n" : yaml::print(value);
}

// What a patch entry turned out to be.
struct LoadedPatch {
  std::string source;
  std::vector<Resource> strategic;
  data::Value operations;
  bool is_strategic = false;
};

Result<LoadedPatch> load_patch(const Patch& patch, const Loader& loader) {
  LoadedPatch loaded;
  std::string text(trim(patch.patch));
  if (text.empty() && patch.path.empty()) {
    return invalid(cat("must specify one of patch and path in\n", config_text(patch)));
  }
  if (!text.empty() && !patch.path.empty()) {
    return invalid(cat("patch and path can't be set at the same time\n", config_text(patch)));
  }
  if (!text.empty()) {
    loaded.source = cat("[patch: ", quote(text), "]");
  } else {
    auto read = loader.load(patch.path);
    if (!read.ok()) {
      return std::move(read).error().within(
          cat("failed to get the patch file from path(", patch.path, ")"));
    }
    text = std::move(read).value();
    loaded.source = cat("[path: ", quote(patch.path), "]");
  }
  auto strategic = parse_resources(text);
  auto operations = read_operations(text);
  const bool some_strategic = strategic.ok() && !strategic->empty();
  const bool some_operations = operations.ok() && !operations->empty();
  if (some_strategic && some_operations) {
    return invalid(cat("illegally qualifies as both an SM and JSON patch: ", loaded.source));
  }
  if (!strategic.ok() && !operations.ok()) {
    return invalid(cat("unable to parse SM or JSON patch from ", loaded.source));
  }
  loaded.is_strategic = strategic.ok();
  if (strategic.ok()) {
    loaded.strategic = std::move(strategic).value();
    for (Resource& one : loaded.strategic) {
      one.allow_name_change = patch.options && patch.options->allow_name_change;
      one.allow_kind_change = patch.options && patch.options->allow_kind_change;
    }
  } else {
    loaded.operations = std::move(operations).value();
  }
  return loaded;
}

Result<> run_strategic(ResMap& resources,
                       const Patch& patch,
                       const LoadedPatch& loaded,
                       const KustomizeSchema& schema) {
  if (loaded.strategic.empty()) return {};
  if (patch.target) {
    if (loaded.strategic.size() > 1) {
      return invalid(
          cat("Multiple Strategic-Merge Patches in one `patches` entry is not allowed to set "
              "`patches.target` field: ",
              loaded.source));
    }
    auto selected = TRY(
        resources.select(*patch.target)
            .within(cat(
                "unable to find patch target ", quote(patch.target->text()), " in `resources`")));
    return patch_selected(resources, selected, loaded.strategic[0], schema);
  }
  for (const Resource& one : loaded.strategic) {
    auto target = resources.find_target(one.original_id());
    if (!target.ok()) {
      return std::move(target).error().within(
          cat("no resource matches strategic merge patch ", quote(one.original_id().text())));
    }
    TRY(patch_strategic(resources.all()[*target], one, schema));
    resources.forget_index();
  }
  return {};
}

}  // namespace

std::string config_failure(std::string_view kind,
                           const std::string& config_yaml,
                           const std::string& plugin) {
  if (!plugin.empty()) return cat("plugin ", plugin, " fails configuration");
  return cat("trouble configuring builtin ", kind, " with config: `\n", config_yaml, "`");
}

Result<> apply_patch(ResMap& resources,
                     const Patch& patch,
                     const Loader& loader,
                     const KustomizeSchema& schema,
                     const std::string& plugin) {
  LoadedPatch loaded =
      TRY(load_patch(patch, loader)
              .within(config_failure("PatchTransformer", config_text(patch), plugin)));
  if (loaded.is_strategic) return run_strategic(resources, patch, loaded, schema);
  if (loaded.operations.empty()) return {};
  if (!patch.target) return invalid(cat("must specify a target for JSON patch ", loaded.source));
  for (size_t at : TRY(resources.select(*patch.target))) {
    Resource& resource = resources.all()[at];
    resource.record();
    TRY(patch_json(resource, loaded.operations));
  }
  resources.forget_index();
  return {};
}

Result<> apply_strategic_patches(ResMap& resources,
                                 const Strings& patches,
                                 const std::string& inline_text,
                                 const Loader& loader,
                                 const KustomizeSchema& schema,
                                 const std::string& plugin) {
  std::vector<Resource> loaded;
  auto add = [&](std::vector<Resource> more) {
    for (Resource& one : more)
      loaded.push_back(std::move(one));
  };
  auto load = [&]() -> Result<> {
    if (patches.empty() && inline_text.empty())
      return invalid("empty file path and empty patch content");
    for (const std::string& patch : patches) {
      // The text itself may be the patch.
      auto as_text = parse_resources(patch);
      if (as_text.ok()) {
        add(std::move(as_text).value());
        continue;
      }
      std::string text = TRY(loader.load(patch));
      auto from_file = parse_resources(text);
      if (!from_file.ok()) return in_file(std::move(from_file).error(), patch);
      add(std::move(from_file).value());
    }
    if (!inline_text.empty()) add(TRY(parse_resources(inline_text)));
    if (loaded.empty()) {
      return invalid(
          cat("patch appears to be empty; files=[", join(patches, " "), "], Patch=", inline_text));
    }
    return {};
  };
  data::Value config = data::Value::object();
  data::Value paths = data::Value::array();
  for (const std::string& patch : patches)
    paths.push_back(patch);
  if (!inline_text.empty()) config.set("patches", inline_text);
  if (!paths.empty()) config.set("paths", std::move(paths));
  TRY(load().within(config_failure("PatchStrategicMergeTransformer", yaml::print(config), plugin)));
  for (const Resource& one : loaded) {
    size_t target = TRY(resources.find_target(one.original_id()));
    TRY(patch_selected(resources, {target}, one, schema));
  }
  return {};
}

Result<> apply_json6902(ResMap& resources,
                        const Patch& patch,
                        const Loader& loader,
                        const std::string& plugin) {
  data::Value operations;
  std::string text = patch.patch;
  auto load = [&]() -> Result<> {
    if (!patch.target || patch.target->name.empty()) return invalid("must specify the target name");
    if (patch.path.empty() && text.empty()) return invalid("empty file path and empty jsonOp");
    if (!patch.path.empty()) {
      if (!text.empty()) return invalid("must specify a file path or jsonOp, not both");
      text = TRY(loader.load(patch.path));
      if (text.empty())
        return invalid(cat("patch file '", patch.path, "' empty seems to be empty"));
    }
    std::string shown = text;
    if (text[0] != '[') shown = json::print(TRY(yaml::parse(text)), json::Keys::Sorted);
    operations = TRY(read_operations(text).within(cat("decoding ", shown)));
    if (operations.empty()) {
      return invalid(cat("patch appears to be empty; file=", patch.path, ", JsonOp=", shown));
    }
    return {};
  };
  data::Value config = data::Value::object();
  if (!patch.patch.empty()) config.set("jsonOp", patch.patch);
  if (!patch.path.empty()) config.set("path", patch.path);
  if (patch.target) config.set("target", data::encode(*patch.target));
  TRY(load().within(config_failure(
      "PatchJson6902Transformer", config.empty() ? "{}\n" : yaml::print(config), plugin)));
  for (size_t at : TRY(resources.select(*patch.target))) {
    TRY(patch_json(resources.all()[at], operations));
  }
  resources.forget_index();
  return {};
}

}  // namespace fleet::kustomize
