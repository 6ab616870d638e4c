#include "fleet/bundle/read.h"

#include <iterator>
#include <utility>

#include "base/file_tree.h"
#include "base/strings.h"
#include "data/json/print.h"
#include "fleet/api/names.h"
#include "fleet/bundle/fleet_yaml.h"

namespace fleet::bundle {

namespace {

using api::BundleTarget;

template <typename T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

// The options file: the one named, else fleet.yaml, else fleet.yml, else nothing.
Result<std::string> options_text(const std::string& base,
                                 const std::string& bundle_file,
                                 Surroundings& around) {
  if (!bundle_file.empty()) {
    return around.read_file(join_path(base, bundle_file))
        .within(cat("failed to open file ", quote(bundle_file)));
  }
  for (std::string_view name : {"fleet.yaml", "fleet.yml"}) {
    Result<std::string> text = around.read_file(join_path(base, name));
    if (text.ok()) return text;
    if (text.error().code() != Code::NotFound) {
      return std::move(text).within(cat("failed to open existing fleet.yaml in ", quote(base)));
    }
  }
  return std::string("{}");
}

Result<std::vector<api::ImageScan>> image_scans(const FleetYaml& yaml,
                                                const std::string& name,
                                                const ReadOptions& options) {
  std::vector<api::ImageScan> out;
  if (!yaml.image_scans.empty() && !options.image_scan_enabled) {
    return Error{Code::Invalid,
                 "imagescan is disabled; remove imagescans from your config files, or enable "
                 "imagescan"};
  }
  for (size_t i = 0; i < yaml.image_scans.size(); ++i) {
    const api::ImageScanSpec& spec = yaml.image_scans[i].spec;
    if (spec.image.empty()) continue;
    if (spec.tag_name.empty()) return Error{Code::Invalid, "the name of scan is required"};
    api::ImageScan scan;
    scan.metadata.name = api::safe_concat_name({"imagescan", name, std::to_string(i)});
    scan.spec = spec;
    out.push_back(std::move(scan));
  }
  return out;
}

void name_targets(std::vector<BundleTarget>& targets) {
  for (size_t i = 0; i < targets.size(); ++i) {
    if (!targets[i].name.empty()) continue;
    std::string digits = std::to_string(i);
    targets[i].name =
        cat("target", std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0'), digits);
  }
}

// Targets with Helm options of their own still mean the root's chart.
void pass_chart_on(api::BundleSpec& spec) {
  if (!spec.options.helm) return;
  const api::HelmOptions& root = *spec.options.helm;
  for (BundleTarget& target : spec.targets) {
    if (!target.options.helm) continue;
    api::HelmOptions& own = *target.options.helm;
    if (own.repo.empty()) own.repo = root.repo;
    if (own.chart.empty()) own.chart = root.chart;
    if (own.version.empty()) own.version = root.version;
  }
}

Result<> add_targets(api::BundleSpec& spec,
                     const FleetYaml& yaml,
                     const ReadOptions& options,
                     Surroundings& around) {
  if (yaml.override_targets) {
    for (const api::GitTarget& chosen : *yaml.override_targets) {
      BundleTarget target;
      target.name = chosen.name;
      target.cluster_name = chosen.cluster_name;
      target.cluster_selector = chosen.cluster_selector;
      target.cluster_group = chosen.cluster_group;
      target.cluster_group_selector = chosen.cluster_group_selector;
      spec.targets.push_back(std::move(target));
      spec.target_restrictions.push_back({chosen});
    }
  } else if (!options.targets_file.empty()) {
    std::string text = TRY(around.read_file(options.targets_file));
    api::BundleSpec more = TRY(read_bundle_spec(text));
    append(spec.targets, more.targets);
    append(spec.target_restrictions, more.target_restrictions);
  }
  if (spec.targets.empty()) {
    BundleTarget target;
    target.name = "default";
    target.cluster_group = "default";
    spec.targets.push_back(std::move(target));
  }
  return {};
}

// What the command line says wins over fleet.yaml, but can only switch things on.
void apply_options(api::BundleSpec& spec, const ReadOptions& options) {
  if (!options.service_account.empty()) spec.options.service_account = options.service_account;
  spec.options.force_sync_generation = options.sync_generation;
  spec.paused |= options.paused;
  spec.options.keep_resources |= options.keep_resources;
  spec.options.delete_namespace |= options.delete_namespace;
  if (options.correct_drift.enabled) spec.options.correct_drift = options.correct_drift;
  if (options.target_namespace.empty()) return;
  spec.options.target_namespace = options.target_namespace;
  for (BundleTarget& target : spec.targets) {
    target.options.target_namespace = options.target_namespace;
  }
}

Result<ReadResult> read_once(const std::string& name,
                             const std::string& base,
                             const std::string& text,
                             const ReadOptions& options,
                             Surroundings& around) {
  FleetYaml yaml = TRY(read_fleet_yaml(text).within("reading fleet.yaml"));
  TRY(validate(yaml).within("validating fleet.yaml"));
  ReadResult out;
  out.scans = TRY(image_scans(yaml, name, options));
  api::BundleSpec& spec = out.bundle.spec;
  out.bundle.metadata = TRY(read_metadata(text));
  out.bundle.metadata.name = yaml.name.empty() ? name : yaml.name;
  out.bundle.metadata.namespace_ = options.ns;
  spec = std::move(yaml.spec);
  append(spec.targets, yaml.target_customizations);
  name_targets(spec.targets);
  pass_chart_on(spec);
  ResourceOptions resource_options{
      .bundle_file = options.is_bundle_file_taken ? std::string() : options.bundle_file,
      .compress = options.compress,
      .auth = options.auth,
      .helm_repo_url_regex = options.helm_repo_url_regex};
  spec.resources = TRY(read_resources(spec, base, resource_options, around)
                           .within(cat("failed reading resources for ", quote(base))));
  for (const api::StringMap* labels : {&options.labels, &std::as_const(yaml.labels)}) {
    for (const auto& [key, value] : *labels) {
      out.bundle.metadata.labels[key] = value;
    }
  }
  TRY(add_targets(spec, yaml, options, around));
  apply_options(spec, options);
  return out;
}

}  // namespace

Result<ReadResult> read_bundle_folder(const std::string& name,
                                      const std::string& base,
                                      const ReadOptions& options,
                                      Surroundings& around) {
  constexpr std::string_view kDoing = "failed to process bundle";
  std::string folder = base.empty() ? "." : base;
  std::string text = TRY(options_text(folder, options.bundle_file, around));
  ReadResult out = TRY(read_once(name, folder, text, options, around).within(kDoing));
  size_t bytes = json::print(data::encode(out.bundle), json::Keys::AsWritten).size();
  if (bytes < kCompressAbove) return out;
  ReadOptions compressing = options;
  compressing.compress = Compress::Yes;
  return read_once(name, folder, text, compressing, around).within(kDoing);
}

}  // namespace fleet::bundle
