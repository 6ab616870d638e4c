// What happens between rendering and applying: Kustomize, plain manifests, Fleet's marks.
#include <memory>
#include <optional>
#include <utility>

#include "base/file_tree.h"
#include "base/strings.h"
#include "data/yaml/yaml.h"
#include "fleet/bundle/content.h"
#include "fleet/deploy/object_set.h"
#include "fleet/deploy/prepare.h"
#include "kustomize/build.h"

namespace fleet::deploy {

namespace {

using data::Value;
using Documents = std::vector<Value>;

constexpr std::string_view kFileAnnotation = "postrenderer.helm.sh/postrender-filename";
constexpr std::string_view kKustomization = "kustomization.yaml";
constexpr std::string_view kRendered = "fleet-manifests.yaml";
constexpr std::string_view kRawYaml = "raw-yaml/";
constexpr std::string_view kDoing = "error while running post render on files";

std::string print_stream(const Documents& objects) {
  std::string out;
  for (const Value& object : objects) {
    if (!out.empty()) out += "---\n";
    out += yaml::print(object);
  }
  return out;
}

// All files as one stream; each document remembers its file.
Result<Documents> merge_files(const helm::RenderedFiles& files) {
  Documents out;
  for (const auto& [name, text] : files) {
    if (base_name(name).starts_with('_') || trim(text).empty()) continue;
    std::string doing = cat("error merging manifests: parsing ", name);
    // As Helm's post-renderer, which reads with kyaml and keeps its word for such texts.
    Result<Documents> documents = yaml::parse_all(text).within("MalformedYAMLError");
    for (Value& document : TRY(std::move(documents).within(doing))) {
      if (document.is_object()) {
        document.set({"metadata", "annotations", kFileAnnotation}, name);
      }
      out.push_back(std::move(document));
    }
  }
  return out;
}

bool has_kustomization(const std::vector<api::BundleResource>& resources) {
  for (const api::BundleResource& resource : resources) {
    if (resource.name.ends_with("kustomization.yaml") ||
        resource.name.ends_with("kustomization.yml") || resource.name.ends_with("Kustomization")) {
      return true;
    }
  }
  return false;
}

// The kustomization with what Helm rendered as its first resource.
Result<std::string> with_rendered(const std::string& kustomization) {
  Value document = TRY(yaml::parse(kustomization).within("error converting YAML to JSON"));
  if (!document.is_object()) document = Value::object();
  Value resources = Value::array({kRendered});
  for (const Value& resource : document["resources"].items()) {
    if (resource.is_string() && resource.as_string() == kRendered) return kustomization;
    resources.push_back(resource);
  }
  document.set("resources", std::move(resources));
  return yaml::print(document);
}

// The objects that Kustomize makes; nothing when its folder has no kustomization.
Result<std::optional<Documents>> kustomized(const Request& request, const std::string& rendered) {
  const auto& options = request.options.kustomize;
  std::string folder = options && !options->dir.empty() ? options->dir : ".";
  FileTree tree;
  for (const api::BundleResource& resource : request.resources) {
    if (resource.name.empty() || !is_local_path(clean_path(resource.name))) continue;
    TRY(tree.add(resource.name, TRY(bundle::decode_resource(resource))));
  }
  TRY(tree.add(join_path(folder, kRendered), rendered));
  std::string path = join_path(folder, kKustomization);
  const std::string* kustomization = tree.file(path);
  if (!kustomization) return std::optional<Documents>();
  if (!rendered.empty()) TRY(tree.add(path, TRY(with_rendered(*kustomization))));
  kustomize::Built built = TRY(kustomize::build(tree, folder, {}));
  return std::optional(std::move(built.objects));
}

// Plain manifests travel as files of the chart.
Result<Documents> raw_objects(const helm::Chart& chart) {
  Documents out;
  if (!chart.files) return out;
  for (const helm::ChartFile& file : *chart.files) {
    if (!file.name.starts_with(kRawYaml)) continue;
    Result<Documents> objects = yaml::to_objects(file.bytes);
    if (!objects.ok()) {
      // A file without a kind is no manifest.
      if (contains(objects.error().message(), "Object 'Kind' is missing")) continue;
      return std::move(objects).error();
    }
    for (Value& object : *objects) {
      bool is_typed =
          !object["apiVersion"].as_string().empty() && !object["kind"].as_string().empty();
      if (is_typed) out.push_back(std::move(object));
    }
  }
  return out;
}

Result<> check_scope(const Request& request, const Value& object) {
  if (!request.is_cluster_scoped) return {};
  std::string_view api_version = object["apiVersion"].as_string();
  std::string_view kind = object["kind"].as_string();
  if (!TRY(request.is_cluster_scoped(api_version, kind))) return {};
  return Error{Code::Invalid,
               cat("invalid cluster scoped object [name=",
                   object.at({"metadata", "name"}).as_string(),
                   " kind=",
                   kind,
                   " apiVersion=",
                   api_version,
                   "] found. Your config uses targetNamespace or namespace and thus forbids "
                   "cluster-scoped resources. If you do not intend to disallow cluster scoped "
                   "resources, you could switch to defaultNamespace")};
}

// Only texts are kept of labels and annotations; one of another type voids the whole map.
void add_texts(Value& object, std::string_view field, const api::StringMap& more) {
  Value out = Value::object();
  const Value& map = object.at({"metadata", field});
  bool is_valid = true;
  for (const data::Member& member : map.members()) {
    is_valid = is_valid && member.value.is_string();
  }
  if (is_valid && map.is_object()) out = map;
  for (const auto& [key, value] : more) {
    out.set(key, value);
  }
  object.set({"metadata", field}, std::move(out));
}

Result<> mark(Value& object, const Request& request, const std::string& id) {
  api::StringMap annotations = set_annotations(id);
  bool is_crd = object["kind"].as_string() == "CustomResourceDefinition";
  if (is_crd && !request.options.delete_crd_resources) {
    annotations[std::string(api::annotation::kResourcePolicy)] = "keep";
  }
  add_texts(object, "labels", set_labels(id));
  add_texts(object, "annotations", annotations);
  if (request.options.target_namespace.empty()) return {};
  TRY(check_scope(request, object));
  object.set({"metadata", "namespace"}, request.options.target_namespace);
  return {};
}

Result<Documents> process(const Request& request,
                          const helm::Chart& chart,
                          const Documents& rendered) {
  std::string stream = print_stream(rendered);
  Documents objects = TRY(yaml::to_objects(stream));
  if (objects.empty()) stream.clear();
  if (has_kustomization(request.resources)) {
    if (auto built = TRY(kustomized(request, stream))) objects = std::move(*built);
  }
  for (Value& object : TRY(raw_objects(chart))) {
    objects.push_back(std::move(object));
  }
  std::string id = set_id(request.bundle_id, request.label_prefix, request.label_suffix);
  for (Value& object : objects) {
    TRY(mark(object, request, id));
  }
  return objects;
}

// Back to files: the one a document came from, or one of its own for a new one.
helm::RenderedFiles split_files(Documents objects) {
  helm::RenderedFiles out;
  for (size_t i = 0; i < objects.size(); ++i) {
    Value& object = objects[i];
    std::string name = object.at({"metadata", "annotations", kFileAnnotation}).to_string();
    if (name.empty()) {
      name = cat("generated-by-postrender-", i, ".yaml");
    } else {
      object.edit({"metadata", "annotations"}).erase(kFileAnnotation);
    }
    std::string& text = out[name];
    if (!text.empty()) text += "---\n";
    text += yaml::print(object);
  }
  return out;
}

}  // namespace

std::function<Result<helm::RenderedFiles>(helm::RenderedFiles)> post_renderer(
    const Request& request, const helm::Chart& chart) {
  return [&request, &chart](helm::RenderedFiles files) -> Result<helm::RenderedFiles> {
    Documents rendered = TRY(merge_files(files));
    return split_files(TRY(process(request, chart, rendered).within(kDoing)));
  };
}

Result<Prepared> prepare(const Request& request,
                         const Value& values,
                         const helm::Capabilities& capabilities,
                         gotemplate::Host& host) {
  Prepared out;
  out.chart = TRY(make_chart(request));
  helm::RenderOptions options;
  options.skip_schema_validation =
      request.options.helm && request.options.helm->skip_schema_validation;
  options.rewrite_files = post_renderer(request, out.chart);
  helm::ReleaseOptions release{.name = release_name(request),
                               .namespace_name = release_namespace(request)};
  out.rendered = TRY(helm::render(out.chart, values, release, capabilities, host, options));
  return out;
}

}  // namespace fleet::deploy
