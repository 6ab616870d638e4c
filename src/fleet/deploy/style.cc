#include "fleet/deploy/style.h"

#include "base/file_tree.h"
#include "base/strings.h"
#include "fleet/bundle/resources.h"

namespace fleet::deploy {

namespace {

constexpr std::string_view kChart = "Chart.yaml";
constexpr std::string_view kKustomization = "kustomization.yaml";

std::string joined(std::string_view folder, std::string_view file) {
  return std::string(trim_prefix(join_path(folder, file), "/"));
}

// Chart.yaml directly in the folder of a chart from elsewhere, or one folder below it.
bool is_external_chart(std::string_view folder, std::string_view name) {
  if (folder.empty() || !name.starts_with(folder)) return false;
  std::vector<std::string_view> parts = split(name.substr(folder.size()), '/');
  return parts.size() <= 2 && parts.back() == kChart;
}

}  // namespace

Style style_of(std::span<const api::BundleResource> resources,
               const api::BundleDeploymentOptions& options) {
  std::string chart(kChart);
  std::string external;
  if (options.helm) {
    chart = joined(options.helm->chart.empty() ? options.helm->repo : options.helm->chart, kChart);
    external = bundle::chart_folder(*options.helm) + "/";
  }
  std::string folder = options.kustomize ? options.kustomize->dir : "";
  std::string kustomization =
      folder.empty() ? std::string(kKustomization) : joined(folder, kKustomization);
  Style out;
  for (const api::BundleResource& resource : resources) {
    if (resource.name.empty()) continue;
    if (resource.name == chart || is_external_chart(external, resource.name)) {
      out.chart_path = resource.name;
    } else if (resource.name == kustomization) {
      out.kustomize_path = kustomization;
    }
  }
  return out;
}

}  // namespace fleet::deploy
