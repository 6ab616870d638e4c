#include "fleet/bundle/resources.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/file_tree.h"
#include "base/strings.h"
#include "codec/digest.h"
#include "data/yaml/yaml.h"
#include "fleet/bundle/source.h"
#include "text/regex.h"

namespace fleet::bundle {

namespace {

using data::Value;

constexpr std::string_view kRegexHint =
    "helmRepoURLRegex is empty, so Helm credentials were not forwarded; set spec.helmRepoURLRegex "
    "to allow credential forwarding";

// One place that files come from, and where they lie in the bundle.
struct Source {
  std::string prefix;
  std::string source;  // "." for the folder itself
  std::string version;
  Auth auth;
  bool has_stripped_credentials = false;
};

Value merged(const Value& base, const Value& over) {
  Value out = base;
  for (const data::Member& member : over.members()) {
    const Value* below = out.find(member.key.view());
    bool is_merged = below && below->is_object() && member.value.is_object();
    out.set(member.key, is_merged ? merged(*below, member.value) : member.value);
  }
  return out;
}

std::string_view go_kind(const Value& value) {
  if (value.is_array()) return "array";
  if (value.is_bool()) return "bool";
  return value.is_string() ? "string" : "number";
}

Result<Value> parse_values(std::string_view text) {
  Value parsed = TRY(yaml::parse(text).within("error converting YAML to JSON"));
  if (parsed.is_null()) return Value::object();
  if (parsed.is_object()) return api::with_float_numbers(parsed);
  return Error{Code::Invalid,
               cat("error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ",
                   go_kind(parsed),
                   " into Go value of type map[string]interface {}")};
}

// Values files over the values of the same options.
Result<> merge_values_files(api::HelmOptions& helm, const std::string& base, Surroundings& around) {
  if (helm.values_files.empty()) return {};
  Value values = helm.values ? helm.values->data : Value::object();
  for (const std::string& file : helm.values_files) {
    std::string path = cat(base, "/", file);
    std::string doing = cat("reading values file: ", path);
    std::string text = TRY(around.read_file(path).within(doing));
    values = merged(values, TRY(parse_values(text).within(doing)));
  }
  if (!values.empty()) helm.values = api::GenericMap{std::move(values)};
  return {};
}

// The options that name a chart: the root's, then the targets'.
Result<std::vector<const api::HelmOptions*>> charts_of(api::BundleSpec& spec,
                                                       const std::string& base,
                                                       Surroundings& around) {
  std::vector<const api::HelmOptions*> out;
  auto has_chart = [](const api::HelmOptions& helm) {
    return !helm.chart.empty() || !helm.repo.empty();
  };
  if (spec.options.helm && has_chart(*spec.options.helm)) {
    TRY(merge_values_files(*spec.options.helm, base, around));
    out.push_back(&*spec.options.helm);
  }
  for (api::BundleTarget& target : spec.targets) {
    if (!target.options.helm) continue;
    TRY(merge_values_files(*target.options.helm, base, around));
    if (has_chart(*target.options.helm)) out.push_back(&*target.options.helm);
  }
  return out;
}

// Whether credentials may go where this chart comes from.
Result<bool> may_send_credentials(const std::string& pattern, const api::HelmOptions& helm) {
  if (pattern.empty()) return false;
  TRY(text::Regex::compile(pattern));
  text::Regex anchored = TRY(text::Regex::compile(cat("^(?:", pattern, ")")));
  return anchored.matches(helm.repo.empty() ? helm.chart : helm.repo);
}

Result<Source> source_of(const api::HelmOptions& helm,
                         const ResourceOptions& options,
                         Surroundings& around) {
  std::string what = cat("repo=", helm.repo, " chart=", helm.chart, " version=", helm.version);
  Source out;
  out.auth = options.auth;
  bool is_trusted = TRY(may_send_credentials(options.helm_repo_url_regex, helm)
                            .within(cat("failed to add auth to request for ", what)));
  if (!is_trusted) {
    bool has_credentials = !out.auth.username.empty() || !out.auth.password.empty() ||
                           !out.auth.ssh_private_key.empty();
    out.has_stripped_credentials = options.helm_repo_url_regex.empty() && has_credentials;
    out.auth.username.clear();
    out.auth.password = {};
    out.auth.ssh_private_key = {};
  }
  out.source = TRY(around.chart_url(helm, out.auth).within(cat("failed to resolve URL of ", what)));
  out.prefix = chart_folder(helm);
  out.version = helm.version;
  return out;
}

Result<std::vector<Source>> sources_of(const std::vector<const api::HelmOptions*>& charts,
                                       const std::string& base,
                                       const ResourceOptions& options,
                                       Surroundings& around) {
  std::vector<Source> out{{.prefix = ".", .source = ".", .version = {}, .auth = {}}};
  for (const api::HelmOptions* helm : charts) {
    bool is_inside = helm->repo.empty() && around.exists(join_path(base, helm->chart));
    if (is_inside) continue;
    out.push_back(
        TRY(source_of(*helm, options, around).within("failed to add directory for chart")));
  }
  return out;
}

std::vector<std::string> configuration_files(const api::BundleSpec& spec,
                                             const std::string& bundle_file) {
  std::vector<std::string> out{"fleet.yaml", bundle_file};
  auto add = [&out](const std::optional<api::HelmOptions>& helm) {
    if (!helm) return;
    for (const std::string& file : helm->values_files) {
      out.push_back(file);
      out.emplace_back(base_name(file));
    }
  };
  add(spec.options.helm);
  for (const api::BundleTarget& target : spec.targets) {
    add(target.options.helm);
  }
  return out;
}

Result<FileTree> load_source(const Source& source,
                             const std::string& base,
                             const FolderRules& rules,
                             Surroundings& around) {
  std::string shown = redact_url(source.source);
  FileTree tree;
  std::string place = around.absolute(base);
  if (source.prefix == ".") {
    tree = TRY(around.read_folder(base).within(cat("retrieving file from ", quote(shown))));
  } else {
    tree = TRY(around.fetch(base, source.source, source.version, source.auth)
                   .within(cat("retrieving file from ", quote(shown))));
  }
  // A chart from elsewhere is read from a folder of its own, whatever its name.
  std::string walked = source.prefix == "." ? place : std::string("/content");
  return read_folder_content(tree, walked, rules, around)
      .within(cat("failed to read ", shown, " relative to ", place));
}

Result<std::vector<api::BundleResource>> load(const Source& source,
                                              const std::string& base,
                                              const FolderRules& rules,
                                              const ResourceOptions& options,
                                              Surroundings& around) {
  Result<FileTree> tree = load_source(source, base, rules, around);
  if (!tree.ok()) {
    Error error = std::move(tree).error();
    if (source.has_stripped_credentials) {
      error = Error{error.code(), cat(error.message(), ": ", kRegexHint)};
    }
    return std::move(error).within(cat("loading directory ", source.prefix, ", ", base));
  }
  std::vector<api::BundleResource> out;
  for (const auto& [name, file] : tree->files()) {
    out.push_back(encode_resource(join_path(source.prefix, name), file.bytes, options.compress));
  }
  return out;
}

}  // namespace

std::string chart_folder(const api::HelmOptions& helm) {
  return cat(".chart/", codec::sha256_hex(cat(helm.chart, ":", helm.repo, ":", helm.version)));
}

Result<std::vector<api::BundleResource>> read_resources(api::BundleSpec& spec,
                                                        const std::string& base,
                                                        const ResourceOptions& options,
                                                        Surroundings& around) {
  auto charts = TRY(charts_of(spec, base, around));
  std::vector<Source> sources = TRY(sources_of(charts, base, options, around));
  FolderRules rules;
  rules.not_taken = configuration_files(spec, options.bundle_file);
  rules.update_dependencies = !spec.options.helm || !spec.options.helm->disable_dependency_update;
  std::map<std::string, std::vector<api::BundleResource>> by_prefix;
  std::set<std::string> loaded;
  for (const Source& source : sources) {
    std::string id = cat(source.prefix, "\n", source.source, "\n", source.version);
    if (!loaded.insert(id).second) continue;
    by_prefix[source.prefix] = TRY(load(source, base, rules, options, around));
  }
  std::vector<api::BundleResource> out;
  for (auto& [prefix, resources] : by_prefix) {
    std::ranges::move(resources, std::back_inserter(out));
  }
  std::ranges::stable_sort(out, {}, &api::BundleResource::name);
  return out;
}

}  // namespace fleet::bundle
