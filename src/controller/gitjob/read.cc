#include "controller/gitjob/read.h"

#include <utility>

#include "base/strings.h"
#include "data/json/print.h"
#include "data/yaml/yaml.h"
#include "fleet/api/labels.h"
#include "fleet/api/names.h"
#include "fleet/bundle/scan.h"

namespace fleet::gitjob {
namespace {

// Where the reader finds the targets of the GitRepo, beside the repository's own files.
constexpr std::string_view kTargetsFile = ".fleet-targets/targets.yaml";

std::string targets_text(const api::GitRepo& repo) {
  api::BundleSpec spec;
  std::vector<api::GitTarget> targets = repo.spec.targets;
  if (targets.empty()) {
    api::GitTarget all;
    all.name = "default";
    all.cluster_group = "default";
    targets.push_back(std::move(all));
  }
  for (const api::GitTarget& target : targets) {
    api::BundleTarget out;
    out.name = target.name;
    out.cluster_name = target.cluster_name;
    out.cluster_selector = target.cluster_selector;
    out.cluster_group = target.cluster_group;
    out.cluster_group_selector = target.cluster_group_selector;
    spec.targets.push_back(std::move(out));
    spec.target_restrictions.push_back({target});
  }
  return json::print(data::encode(spec), json::Keys::AsWritten);
}

bundle::ReadOptions read_options(const api::GitRepo& repo, const bundle::Auth& auth) {
  bundle::ReadOptions options;
  for (const auto& [key, value] : repo.metadata.labels)
    options.labels[key] = value;
  options.labels[std::string(api::label::kRepo)] = repo.metadata.name;
  options.service_account = repo.spec.service_account;
  options.targets_file = std::string(kTargetsFile);
  options.target_namespace = repo.spec.target_namespace;
  options.paused = repo.spec.paused;
  options.sync_generation = repo.spec.force_sync_generation;
  options.auth = auth;
  options.helm_repo_url_regex = repo.spec.helm_repo_url_regex;
  options.keep_resources = repo.spec.keep_resources;
  options.delete_namespace = repo.spec.delete_namespace;
  if (repo.spec.correct_drift && repo.spec.correct_drift->enabled) {
    options.correct_drift = *repo.spec.correct_drift;
  }
  options.ns = repo.metadata.namespace_;
  return options;
}

Result<std::vector<bundle::BundleFolder>> folders_of(const api::GitRepo& repo,
                                                     const FileTree& tree) {
  if (repo.spec.bundles.empty()) {
    std::vector<std::string> paths = repo.spec.paths;
    if (paths.empty()) paths = {"."};
    return bundle::scan_classic(tree, paths);
  }
  std::vector<bundle::BundleFolder> folders;
  for (const api::BundlePath& path : repo.spec.bundles)
    folders.push_back({path.base, path.options});
  return folders;
}

bool is_manifest(std::string_view name) {
  const std::string_view ending = extension(name);
  return ending == ".yaml" || ending == ".yml" || ending == ".json";
}

// Plain manifests that cannot be parsed are refused here, with file and line, and not on every
// cluster later: what runs is left alone. Charts are templates and wait for their rendering.
Result<> check_manifests(const api::BundleSpec& spec, const std::string& base) {
  bool is_chart = spec.options.helm && !spec.options.helm->chart.empty();
  for (const api::BundleResource& resource : spec.resources) {
    is_chart = is_chart || base_name(resource.name) == "Chart.yaml";
  }
  if (is_chart) return {};
  for (const api::BundleResource& resource : spec.resources) {
    if (!resource.encoding.empty() || !is_manifest(resource.name)) continue;
    const auto parsed = yaml::parse_all(resource.content);
    if (!parsed.ok()) {
      return Error(Code::Invalid,
                   cat(join_path(base, resource.name), ": ", parsed.error().message()));
    }
  }
  return {};
}

}  // namespace

Result<std::vector<bundle::ReadResult>> read_repository(const api::GitRepo& repo,
                                                        const FileTree& tree,
                                                        Charts& charts,
                                                        const bundle::Auth& auth) {
  FileTree files = tree;
  TRY(files.add(kTargetsFile, targets_text(repo)));
  TreeSurroundings around(files, charts);
  const bundle::ReadOptions common = read_options(repo, auth);
  std::vector<bundle::ReadResult> out;
  for (const bundle::BundleFolder& folder : TRY(folders_of(repo, tree))) {
    bundle::ReadOptions options = common;
    options.bundle_file = folder.bundle_file;
    const std::string_view file(folder.bundle_file);
    const std::string name = api::bundle_name(
        repo.metadata.name, folder.base, file.substr(0, file.size() - extension(file).size()));
    bundle::ReadResult read =
        TRY(bundle::read_bundle_folder(name, folder.base, options, around).within(folder.base));
    if (read.bundle.spec.resources.empty() && read.bundle.spec.contents_id.empty()) continue;
    TRY(check_manifests(read.bundle.spec, folder.base));
    out.push_back(std::move(read));
  }
  return out;
}

}  // namespace fleet::gitjob
