#include "controller/gitjob/network_charts.h"

#include "base/strings.h"
#include "fleet/bundle/source.h"
#include "helm/chart/chart.h"
#include "helm/repo/download.h"

namespace fleet::gitjob {

namespace {

constexpr std::string_view kOci = "oci://";

helm::RepoAuth repo_auth(const bundle::Auth& auth) {
  return {.username = auth.username,
          .password = auth.password,
          .ca_bundle = auth.ca_bundle,
          .insecure_skip_verify = auth.insecure_skip_verify};
}

}  // namespace

Result<std::string> NetworkCharts::url(const api::HelmOptions& chart, const bundle::Auth& auth) {
  if (chart.repo.starts_with(kOci)) return chart.repo;
  if (chart.repo.empty()) return chart.chart;
  helm::RepoIndex index = TRY(helm::fetch_index(ctx_, chart.repo, repo_auth(auth)));
  helm::ChartVersion found = TRY(index.find(chart.chart, chart.version));
  if (found.urls.empty()) {
    return Error{
        Code::NotFound,
        cat("no URLs found for chart ", found.name, " ", found.version, " at ", chart.repo)};
  }
  return bundle::absolute_chart_url(chart.repo, found.urls.front());
}

Result<FileTree> NetworkCharts::fetch(const std::string& source,
                                      const std::string&,
                                      const bundle::Auth& auth) {
  if (source.starts_with(kOci)) {
    return Error{Code::Unsupported, "charts in registries cannot be bundled; use a HelmOp"};
  }
  bundle::ParsedSource parsed = TRY(bundle::parse_source(source, ""));
  if (parsed.scheme != bundle::ParsedSource::Scheme::Http) {
    return Error{Code::Unsupported, "charts in other git repositories cannot be bundled"};
  }
  FileTree files = TRY(helm::fetch_files(ctx_, parsed.url, repo_auth(auth)));
  if (parsed.sub_dir.empty()) return files;
  if (!is_local_path(parsed.sub_dir)) {
    return Error{Code::Invalid,
                 cat("invalid subdir ",
                     quote(parsed.sub_dir),
                     ": subdir ",
                     quote(parsed.sub_dir),
                     " escapes base directory")};
  }
  return files.subtree(parsed.sub_dir);
}

Result<> NetworkCharts::add_dependency(const helm::Dependency& dependency, FileTree& files) {
  if (dependency.repository.empty()) return {};  // lies in charts/ already
  if (dependency.repository.starts_with(kOci)) {
    return Error{Code::Unsupported,
                 cat("dependency ", dependency.name, " lies in a registry: put it into charts/")};
  }
  api::HelmOptions wanted;
  wanted.chart = dependency.name;
  wanted.repo = dependency.repository;
  wanted.version = dependency.version;
  std::string place = TRY(url(wanted, {}));
  std::string archive = TRY(helm::download(ctx_, place, {}));
  return files.add(cat("charts/", base_name(place)), std::move(archive));
}

Result<FileTree> NetworkCharts::update_dependencies(const std::string&, const FileTree& chart) {
  helm::Chart loaded = TRY(helm::load(chart));
  FileTree out;
  for (const auto& dependency : loaded.metadata->dependencies) {
    if (dependency) TRY(add_dependency(*dependency, out));
  }
  return out;
}

}  // namespace fleet::gitjob
