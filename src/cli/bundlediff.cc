// fleet bundlediff: how live objects differ, as the agents last reported it.
#include <algorithm>
#include <map>
#include <memory>
#include <ostream>
#include <set>

#include "base/strings.h"
#include "cli/commands.h"
#include "cli/common.h"
#include "data/json/parse.h"
#include "data/json/print.h"
#include "data/yaml/yaml.h"
#include "fleet/api/bundledeployment.h"
#include "fleet/summary/summarize.h"

namespace fleet::cli {

namespace {

using data::Value;

struct DiffFlags {
  ClusterFlags cluster;
  std::string deployment;
  std::string bundle;
  bool json = false;
  bool fleet_yaml = false;
};

// What one BundleDeployment reports.
struct Diff {
  std::string name;
  std::string bundle;
  std::string ns;
  std::vector<api::ModifiedStatus> modified;
  std::vector<api::NonReadyStatus> non_ready;

  static constexpr const char* kGoType = "cli.DiffOutput";
  static data::Fields fields() {
    return {data::field("bundleDeploymentName", &Diff::name).always(),
            data::field("bundleName", &Diff::bundle).always(),
            data::field("namespace", &Diff::ns).always(),
            data::field("modifiedResources", &Diff::modified).always(),
            data::field("nonReadyResources", &Diff::non_ready)};
  }
};

std::string rule() {
  return repeat("━", 66);
}

std::optional<Diff> diff_of(const api::BundleDeployment& deployment) {
  const api::BundleDeploymentStatus& status = deployment.status;
  if (status.modified_status.empty() && status.non_ready_status.empty()) return std::nullopt;
  return Diff{deployment.metadata.name,
              std::string(deployment.metadata.label(api::label::kBundle)),
              deployment.metadata.namespace_,
              status.modified_status,
              status.non_ready_status};
}

std::string pretty_patch(const std::string& patch, const std::string& indent) {
  Result<Value> parsed = json::parse(patch, {.numbers = json::Numbers::Double});
  if (!parsed.ok()) return indent + patch;
  return indent + json::print_indented(*parsed, json::Keys::Sorted, {indent, "  "});
}

template <typename Status>
std::string resource_id(const Status& status) {
  return cat(status.kind,
             ".",
             status.api_version,
             " ",
             status.namespace_,
             status.namespace_.empty() ? "" : "/",
             status.name);
}

void print_modified(std::ostream& out,
                    const api::ModifiedStatus& status,
                    const std::string& indent) {
  out << indent << "Resource: " << resource_id(status) << "\n";
  if (status.missing) {
    out << indent << "Status: "
        << (status.exist ? "Resource exists but is not owned by Fleet"
                         : "Resource is missing (should be created)")
        << "\n";
  } else if (status.extra) {
    out << indent << "Status: Extra resource (should be deleted)\n";
  } else if (!status.patch.empty()) {
    out << indent << "Status: Modified\n"
        << indent << "Patch:\n"
        << pretty_patch(status.patch, indent + "  ") << "\n";
  }
}

void print_non_ready(std::ostream& out,
                     const api::NonReadyStatus& status,
                     const std::string& indent) {
  out << indent << "Resource: " << resource_id(status) << "\n" << indent << "Status: Not Ready\n";
  if (!status.summary.state.empty()) {
    out << indent << "Summary: " << summary::describe(status.summary) << "\n";
  }
}

void print_one(std::ostream& out, const Diff& diff) {
  out << "BundleDeployment: " << diff.ns << "/" << diff.name << "\n";
  if (!diff.bundle.empty()) out << "Bundle: " << diff.bundle << "\n";
  out << rule() << "\n";
  if (!diff.modified.empty()) out << "\nModified Resources:\n";
  for (const api::ModifiedStatus& status : diff.modified) {
    out << "\n";
    print_modified(out, status, "  ");
  }
  if (!diff.non_ready.empty()) out << "\nNon-Ready Resources:\n";
  for (const api::NonReadyStatus& status : diff.non_ready) {
    out << "\n";
    print_non_ready(out, status, "  ");
  }
}

void print_grouped(std::ostream& out, const std::vector<Diff>& diffs) {
  std::map<std::string, std::vector<const Diff*>> by_bundle;
  for (const Diff& diff : diffs) {
    by_bundle[diff.bundle.empty() ? "(unknown)" : diff.bundle].push_back(&diff);
  }
  bool is_first = true;
  for (const auto& [bundle, list] : by_bundle) {
    if (!is_first) out << "\n";
    is_first = false;
    out << "Bundle: " << bundle << "\nBundleDeployments with diffs: " << list.size() << "\n"
        << rule() << "\n";
    for (const Diff* diff : list) {
      out << "\n  BundleDeployment: " << diff->ns << "/" << diff->name << "\n";
      if (!diff->modified.empty()) {
        out << "  Modified Resources (" << diff->modified.size() << "):\n";
      }
      for (const api::ModifiedStatus& status : diff->modified) {
        print_modified(out, status, "    ");
      }
      if (!diff->non_ready.empty()) {
        out << "  Non-Ready Resources (" << diff->non_ready.size() << "):\n";
      }
      for (const api::NonReadyStatus& status : diff->non_ready) {
        print_non_ready(out, status, "    ");
      }
    }
  }
}

// A merge patch as "remove" operations for each of its leaves.
void add_operations(const Value& patch,
                    const std::string& path,
                    std::vector<api::CompareOperation>& out) {
  const Value sorted = patch.sorted();
  for (const data::Member& member : sorted.members()) {
    std::string token = replace_all(replace_all(member.key.view(), "~", "~0"), "/", "~1");
    std::string place = cat(path, "/", token);
    if (member.value.is_object() && !member.value.empty()) {
      add_operations(member.value, place, out);
    } else {
      out.push_back({.op = "remove", .path = place, .value = {}});
    }
  }
}

std::string patch_key(const api::ComparePatch& patch) {
  return cat(patch.api_version, "|", patch.kind, "|", patch.namespace_, "|", patch.name);
}

// Operations of both, without doubles; the first patch of a key keeps its place.
void unite(std::vector<api::ComparePatch>& patches, const api::ComparePatch& more) {
  auto same = std::ranges::find(patches, patch_key(more), patch_key);
  if (same == patches.end()) {
    patches.push_back(more);
    return;
  }
  for (const api::CompareOperation& operation : more.operations) {
    if (std::ranges::find(same->operations, operation) == same->operations.end()) {
      same->operations.push_back(operation);
    }
  }
}

std::vector<api::ComparePatch> patches_of(const Diff& diff) {
  std::vector<api::ComparePatch> out;
  for (const api::ModifiedStatus& status : diff.modified) {
    if (status.patch.empty()) continue;
    Result<Value> patch = json::parse(status.patch);
    if (!patch.ok() || !patch->is_object()) continue;
    api::ComparePatch made{.api_version = status.api_version,
                           .kind = status.kind,
                           .name = status.name,
                           .namespace_ = status.namespace_,
                           .json_pointers = {},
                           .operations = {}};
    add_operations(*patch, "", made.operations);
    if (!made.operations.empty()) unite(out, made);
  }
  return out;
}

class BundleDiff {
 public:
  BundleDiff(const DiffFlags& flags, Invocation& invocation)
      : flags_(flags),
        invocation_(invocation) {}

  Result<int> run() {
    if (flags_.json && flags_.fleet_yaml) {
      return Error{Code::BadRequest, "cannot specify both --json and --fleet-yaml"};
    }
    client_ = TRY(open_client(flags_.cluster).within("failed to get k8s config"));
    if (flags_.fleet_yaml && flags_.deployment.empty()) {
      return Error{Code::BadRequest, "--fleet-yaml requires --bundle-deployment to be specified"};
    }
    std::vector<Diff> diffs = TRY(read());
    if (flags_.json) return print_json(diffs);
    if (diffs.empty()) {
      (flags_.fleet_yaml ? invocation_.err : invocation_.out) << "No modified resources found.\n";
      return 0;
    }
    if (flags_.fleet_yaml) return print_fleet_yaml(diffs.front());
    if (flags_.deployment.empty()) {
      print_grouped(invocation_.out, diffs);
    } else {
      print_one(invocation_.out, diffs.front());
    }
    return 0;
  }

 private:
  Result<api::BundleDeployment> get(const kube::Key& key) {
    kube::Object object =
        TRY(client_->get(invocation_.ctx, api::BundleDeployment::kKind.resource(), key)
                .within(cat("failed to get BundleDeployment ", key.ns, "/", key.name)));
    return api::from_object<api::BundleDeployment>(object);
  }

  Result<std::vector<Diff>> read() {
    std::vector<Diff> out;
    const std::string& ns = flags_.cluster.ns;
    if (!flags_.deployment.empty()) {
      auto diff = diff_of(TRY(get({ns, flags_.deployment})));
      if (diff) out.push_back(std::move(*diff));
      return out;
    }
    kube::ListOptions options;
    if (ns != api::kLocalNamespace) options.ns = ns;
    if (!flags_.bundle.empty()) {
      options.labels =
          kube::LabelSelector::from_set({{std::string(api::label::kBundle), flags_.bundle}});
    }
    auto list = TRY(
        kube::list_all(invocation_.ctx, *client_, api::BundleDeployment::kKind.resource(), options)
            .within("failed to list BundleDeployments"));
    for (const kube::Object& object : list.items) {
      auto diff = diff_of(TRY(api::from_object<api::BundleDeployment>(object)));
      if (diff) out.push_back(std::move(*diff));
    }
    return out;
  }

  Result<int> print_json(const std::vector<Diff>& diffs) {
    Value out = Value::object();
    if (!flags_.bundle.empty()) out.set("bundleName", flags_.bundle);
    out.set("namespace", flags_.cluster.ns);
    // As upstream: nothing found by a list is null, by a name an empty list.
    bool is_null = diffs.empty() && flags_.deployment.empty();
    out.set("bundleDeploymentDiffs", is_null ? Value() : data::encode(diffs));
    if (diffs.empty() && !is_null) out.set("bundleDeploymentDiffs", Value::array());
    invocation_.out << json::print_indented(out, json::Keys::AsWritten, {"", "  "}) << "\n";
    return 0;
  }

  Result<int> print_fleet_yaml(const Diff& diff) {
    if (diff.bundle.empty()) {
      return Error{Code::NotFound, cat("failed to find bundle deployment ", flags_.deployment)};
    }
    std::vector<api::ComparePatch> found = patches_of(diff);
    if (found.empty()) return 0;
    api::BundleDeployment deployment = TRY(get({diff.ns, diff.name}));
    std::string ns(deployment.metadata.label(api::label::kBundleNamespace));
    if (ns.empty()) ns = flags_.cluster.ns;
    kube::Object object =
        TRY(client_->get(invocation_.ctx, api::Bundle::kKind.resource(), {ns, diff.bundle})
                .within(cat("failed to get Bundle ", ns, "/", diff.bundle)));
    api::Bundle bundle = TRY(api::from_object<api::Bundle>(object));
    api::DiffOptions merged = bundle.spec.options.diff.value_or(api::DiffOptions{});
    for (const api::ComparePatch& patch : found) {
      unite(merged.compare_patches, patch);
    }
    std::ranges::stable_sort(merged.compare_patches, {}, patch_key);
    invocation_.out << "diff:\n";
    const std::string text = yaml::print(data::encode(merged));
    for (std::string_view line : split_lines(text)) {
      invocation_.out << "  " << line << "\n";
    }
    return 0;
  }

  const DiffFlags& flags_;
  Invocation& invocation_;
  std::unique_ptr<kube::Client> client_;
};

}  // namespace

Command bundlediff_command() {
  return {.name = "bundlediff",
          .usage = "[flags]",
          .summary = "Show how live objects differ from what bundles want.",
          .origin = Origin::Upstream,
          .setup = [](Setup& setup) -> Run {
            auto flags = setup.state<DiffFlags>();
            flags->cluster.add_to(setup, ClusterFlags::Namespace::Default);
            setup.text("bundle-deployment", flags->deployment, "One BundleDeployment, in -n.");
            setup.text("b,bundle", flags->bundle, "All BundleDeployments of one bundle.");
            setup.flag("json", flags->json, "Print JSON.");
            setup.flag("fleet-yaml", flags->fleet_yaml, "Print comparePatches for fleet.yaml.");
            add_log_flags(setup);
            return [flags](Invocation& invocation) { return BundleDiff(*flags, invocation).run(); };
          }};
}

}  // namespace fleet::cli
