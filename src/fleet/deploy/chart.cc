// From a bundle's files to the chart that Helm installs.
#include <memory>
#include <utility>

#include "base/file_tree.h"
#include "base/strings.h"
#include "data/yaml/yaml.h"
#include "fleet/api/hashes.h"
#include "fleet/api/names.h"
#include "fleet/bundle/content.h"
#include "fleet/deploy/overlay.h"
#include "fleet/deploy/prepare.h"
#include "fleet/deploy/style.h"

namespace fleet::deploy {

namespace {

using Resources = std::vector<api::BundleResource>;

constexpr std::string_view kRawYaml = "raw-yaml/";
constexpr size_t kCommitDigits = 12;

bool is_manifest(std::string_view name) {
  return name.ends_with(".yaml") || name.ends_with(".yml") || name.ends_with(".json");
}

// Folders that are bundles or charts of their own: their files are not this bundle's.
std::vector<std::string> foreign_folders(const Resources& resources) {
  std::vector<std::string> out;
  for (const api::BundleResource& resource : resources) {
    const std::string& name = resource.name;
    bool is_foreign = name.ends_with("/fleet.yaml") || name.ends_with("/fleet.yml") ||
                      name.ends_with("/Chart.yaml");
    if (is_foreign) out.push_back(dir_name(name) + "/");
  }
  return out;
}

// Plain manifests as files of a chart; templates/ is rendered, all else is not.
Resources raw_chart(const Resources& resources) {
  std::vector<std::string> foreign = foreign_folders(resources);
  Resources out;
  for (const api::BundleResource& resource : resources) {
    const std::string& name = resource.name;
    if (name == "fleet.yaml" || name == "fleet.yml" || !is_manifest(name)) continue;
    bool is_foreign = false;
    for (const std::string& folder : foreign) {
      is_foreign = is_foreign || name.starts_with(folder);
    }
    if (is_foreign) continue;
    out.push_back(resource);
    if (!name.starts_with("templates/")) out.back().name = cat(kRawYaml, name);
  }
  return out;
}

// The files below the chart's folder, with names relative to it.
Resources own_chart(const Resources& resources, const std::string& chart_path) {
  std::string folder = dir_name(chart_path);
  folder = folder == "." ? "" : folder + "/";
  Resources out;
  for (const api::BundleResource& resource : resources) {
    if (!resource.name.starts_with(folder)) continue;
    out.push_back(resource);
    out.back().name = resource.name.substr(folder.size());
  }
  return out;
}

api::BundleResource made_chart_yaml(const Request& request, const Resources& resources) {
  std::string id = request.commit.size() > kCommitDigits
                       ? cat("git-", request.commit.substr(0, kCommitDigits))
                       : api::make_manifest(resources).id;
  auto parts = cut(request.bundle_id, "/");
  data::Value metadata = data::Value::object(
      {{"apiVersion", "v2"},
       {"name", trim(parts ? parts->after : std::string_view(request.bundle_id))},
       {"version", cat("v0.0.0+", id)}});
  return {.name = "Chart.yaml", .content = yaml::print(metadata), .encoding = {}};
}

Result<helm::ChartFiles> decoded(const Resources& resources) {
  helm::ChartFiles out;
  for (const api::BundleResource& resource : resources) {
    out.push_back({resource.name, TRY(bundle::decode_resource(resource))});
  }
  return out;
}

void annotate(helm::Chart& chart, const Request& request) {
  auto metadata = std::make_shared<helm::Metadata>(*chart.metadata);
  auto set = [&metadata](std::string_view key, std::string_view value) {
    metadata->annotations[std::string(key)] = std::string(value);
  };
  set(api::annotation::kServiceAccount, request.options.service_account);
  set(api::annotation::kBundleId, request.bundle_id);
  set(api::annotation::kAgentNamespace, request.agent_namespace);
  set(api::annotation::kKeepResources, request.options.keep_resources ? "true" : "false");
  if (!request.commit.empty()) set(api::annotation::kCommit, request.commit);
  chart.metadata = std::move(metadata);
}

}  // namespace

Result<helm::Chart> make_chart(const Request& request) {
  // A deployment always has Helm options; without any, Chart.yaml lies at the root.
  api::BundleDeploymentOptions options = request.options;
  if (!options.helm) options.helm.emplace();
  Style style = style_of(request.resources, options);
  Resources resources = request.resources;
  if (style.is_raw_yaml()) {
    std::vector<std::string> overlays =
        options.yaml ? options.yaml->overlays : std::vector<std::string>();
    resources = TRY(apply_overlays(resources, overlays));
  }
  Resources files;
  if (style.is_helm()) {
    files = own_chart(resources, style.chart_path);
  } else {
    if (style.is_raw_yaml()) files = raw_chart(resources);
    files.push_back(made_chart_yaml(request, resources));
  }
  helm::Chart chart = TRY(helm::load_files(TRY(decoded(files))));
  annotate(chart, request);
  return chart;
}

std::string release_name(const Request& request) {
  const auto& helm = request.options.helm;
  if (helm && !helm->release_name.empty()) return helm->release_name;
  return api::helm_release_name(request.bundle_id);
}

std::string release_namespace(const Request& request) {
  if (!request.options.target_namespace.empty()) return request.options.target_namespace;
  if (!request.options.default_namespace.empty()) return request.options.default_namespace;
  return request.default_namespace;
}

data::Value values_of(const Request& request) {
  const auto& helm = request.options.helm;
  bool has_values = helm && helm->values && helm->values->data.is_object();
  return has_values ? helm->values->data : data::Value::object();
}

}  // namespace fleet::deploy
