#include "cli/helm_template.h"

#include <algorithm>
#include <ostream>
#include <set>

#include "base/file_tree.h"
#include "base/strings.h"
#include "cli/helm_chart_path.h"
#include "gotemplate/funcs.h"
#include "helm/engine/engine.h"
#include "helm/host/host.h"
#include "sys/files.h"
#include "text/glob.h"

namespace fleet::cli {
namespace {

Error refuse(std::string message) {
  return Error(Code::Invalid, std::move(message));
}

struct NameAndChart {
  std::string name;
  std::string chart;
};

Result<std::string> fill_name(const std::string& text, gotemplate::Host& host) {
  gotemplate::TemplateSet set(gotemplate::sprig_functions());
  TRY(set.parse("name-template", text));
  gotemplate::Execution run(std::make_shared<const gotemplate::TemplateSet>(std::move(set)), host);
  std::string out;
  if (!run.execute("name-template", gotemplate::Value::nil(), out)) {
    return refuse(run.failure().text());
  }
  return out;
}

Result<NameAndChart> name_and_chart(const HelmTemplateFlags& flags,
                                    const std::vector<std::string>& args,
                                    gotemplate::Host& host) {
  if (args.empty()) {
    return refuse(
        "\"helm template\" requires at least 1 argument\n\n"
        "Usage:  helm template [NAME] [CHART] [flags]");
  }
  if (args.size() > 2) {
    std::vector<std::string> extra(args.begin() + 2, args.end());
    return refuse(cat("expected at most two arguments, unexpected arguments: ", join(extra, ", ")));
  }
  if (args.size() == 2) {
    if (flags.generate_name) return refuse("cannot set --generate-name and also specify a name");
    if (!flags.name_template.empty()) {
      return refuse("cannot set --name-template and also specify a name");
    }
    return NameAndChart{args[0], args[1]};
  }
  if (flags.name_template.empty()) return NameAndChart{"release-name", args[0]};
  return NameAndChart{TRY(fill_name(flags.name_template, host)), args[0]};
}

Result<helm::Capabilities> capabilities_of(const HelmTemplateFlags& flags) {
  helm::Capabilities out = helm::default_capabilities();
  if (!flags.kube_version.empty()) {
    out.kube_version = TRY(helm::parse_kube_version(flags.kube_version)
                               .within(cat("invalid kube version '", flags.kube_version, "'")));
  }
  out.api_versions.insert(
      out.api_versions.end(), flags.api_versions.begin(), flags.api_versions.end());
  return out;
}

Result<> check_dry_run(const std::string& value) {
  if (value == "client" || value == "unset" || value == "none" || value == "false" ||
      value == "true") {
    return {};
  }
  if (value == "server") {
    return Error(Code::Unsupported, "cluster reachability check failed: there is no cluster here");
  }
  return refuse(
      cat("invalid dry-run value (", quote(value), R"(). Must be "none", "server", or "client")"));
}

Result<> check_chart(const helm::Chart& chart) {
  const std::string& type = chart.metadata->type;
  if (!type.empty() && type != "application") {
    return refuse(cat(type, " charts are not installable"));
  }
  return helm::check_dependencies(chart).within(
      "an error occurred while checking for chart dependencies. You may need to run 'helm "
      "dependency build' to fetch missing dependencies");
}

bool is_test(const helm::Hook& hook) {
  return std::find(hook.events.begin(), hook.events.end(), "test") != hook.events.end();
}

// Hooks that are shown, in order.
std::vector<const helm::Hook*> shown_hooks(const HelmTemplateFlags& flags,
                                           const helm::Rendered& rendered) {
  std::vector<const helm::Hook*> out;
  for (const helm::Hook& hook : rendered.hooks) {
    if (!flags.no_hooks && !(flags.skip_tests && is_test(hook))) out.push_back(&hook);
  }
  return out;
}

std::string all_text(const HelmTemplateFlags& flags, const helm::Rendered& rendered) {
  std::string out = cat(trim(rendered.manifest), "\n");
  for (const helm::Hook* hook : shown_hooks(flags, rendered)) {
    out += cat("---\n# Source: ", hook->path, "\n", hook->manifest, "\n");
  }
  return out;
}

// The path behind the chart's name in a document's "# Source:" line; empty without one.
std::string_view source_path(std::string_view document) {
  constexpr std::string_view kMark = "# Source: ";
  for (size_t at = document.find(kMark); at != std::string_view::npos;
       at = document.find(kMark, at + 1)) {
    std::string_view line = document.substr(at + kMark.size());
    line = line.substr(0, line.find('\n'));
    size_t slash = line.find('/');
    if (slash == std::string_view::npos || slash == 0 || slash + 1 == line.size()) continue;
    return line.substr(slash + 1);
  }
  return {};
}

Result<std::string> chosen_text(const std::vector<std::string>& wanted, const std::string& all) {
  std::string out;
  std::vector<std::string_view> documents = helm::split_manifests(all);
  for (const std::string& pattern : wanted) {
    bool found = false;
    for (std::string_view document : documents) {
      std::string_view path = source_path(document);
      if (path.empty() || !text::path_match(pattern, path).value_or(false)) continue;
      found = true;
      out += cat("---\n", document, "\n");
    }
    if (!found) return refuse(cat("could not find template ", pattern, " in chart"));
  }
  return out;
}

// --output-dir: one file for each source, further documents appended.
class FolderWriter {
 public:
  explicit FolderWriter(std::ostream& out)
      : out_(out) {}

  Result<> write(const std::string& folder, const std::string& name, std::string_view content) {
    std::string path = cat(folder, "/", name);
    std::string text = cat("---\n# Source: ", name, "\n", content, "\n");
    TRY(sys::make_folders(dir_name(path)));
    bool again = !written_.insert(path).second;
    TRY(again ? sys::append_file(path, text) : sys::write_file(path, text));
    out_ << "wrote " << path << "\n";
    return {};
  }

 private:
  std::ostream& out_;
  std::set<std::string> written_;
};

Result<> write_folder(const HelmTemplateFlags& flags,
                      const std::string& release,
                      const helm::Rendered& rendered,
                      std::ostream& out) {
  FolderWriter writer(out);
  if (flags.include_crds) {
    for (const helm::ChartFile& crd : rendered.crds) {
      TRY(writer.write(flags.output_dir, crd.name, crd.bytes));
    }
  }
  std::string folder = flags.output_dir;
  if (flags.release_name) folder = join_path(folder, release);
  for (const helm::Manifest& manifest : rendered.manifests) {
    TRY(writer.write(folder, manifest.path, manifest.content));
  }
  for (const helm::Hook* hook : shown_hooks(flags, rendered)) {
    TRY(writer.write(folder, hook->path, hook->manifest));
  }
  return {};
}

Result<> render_to(const HelmTemplateFlags& flags,
                   const std::vector<std::string>& args,
                   gotemplate::Host& host,
                   std::ostream& out) {
  helm::Capabilities capabilities = TRY(capabilities_of(flags));
  TRY(check_dry_run(flags.dry_run));
  NameAndChart names = TRY(name_and_chart(flags, args, host));
  data::Value values;
  helm::Chart chart = TRY(load_chart_path(names.chart));
  values = TRY(merge_value_flags(flags.values));
  TRY(check_chart(chart));
  TRY(helm::validate_release_name(names.name)
          .within(cat("release name check failed: release name ", quote(names.name))));

  helm::ReleaseOptions release;
  release.name = names.name;
  release.namespace_name = flags.namespace_name;
  release.is_upgrade = flags.is_upgrade;
  helm::RenderOptions options;
  options.skip_schema_validation = flags.skip_schema_validation;
  options.include_crds = flags.include_crds;
  helm::Renderer renderer(std::move(chart));
  auto rendered = renderer.render(values, release, capabilities, host, options);
  if (!rendered.ok()) {
    if (!renderer.failed_in_templates()) return std::move(rendered).error();
    if (flags.debug) {
      out << trim(renderer.unsorted_manifest()) << "\n";
      return std::move(rendered).error();
    }
    return refuse(
        cat(rendered.error().message(), "\n\nUse --debug flag to render out invalid YAML"));
  }
  std::string all;
  if (flags.output_dir.empty()) {
    all = all_text(flags, *rendered);
  } else {
    TRY(write_folder(flags, names.name, *rendered, out));
    all = "\n";
  }
  out << (flags.show_only.empty() ? all : TRY(chosen_text(flags.show_only, all)));
  return {};
}

constexpr const char* kUnusedFlags[] = {"create-namespace",
                                        "force-replace",
                                        "force",
                                        "force-conflicts",
                                        "server-side",
                                        "replace",
                                        "wait-for-jobs",
                                        "devel",
                                        "dependency-update",
                                        "disable-openapi-validation",
                                        "rollback-on-failure",
                                        "atomic",
                                        "skip-crds",
                                        "render-subchart-notes",
                                        "enable-dns",
                                        "hide-notes",
                                        "take-ownership",
                                        "validate",
                                        "verify",
                                        "insecure-skip-tls-verify",
                                        "plain-http",
                                        "pass-credentials",
                                        "wait",
                                        "kube-insecure-skip-tls-verify"};
constexpr const char* kUnusedTexts[] = {"timeout",
                                        "description",
                                        "l,labels",
                                        "version",
                                        "keyring",
                                        "repo",
                                        "username",
                                        "password",
                                        "cert-file",
                                        "key-file",
                                        "ca-file",
                                        "kubeconfig",
                                        "kube-context",
                                        "kube-token",
                                        "kube-as-user",
                                        "kube-apiserver",
                                        "kube-ca-file",
                                        "kube-tls-server-name",
                                        "registry-config",
                                        "repository-config",
                                        "repository-cache",
                                        "content-cache",
                                        "burst-limit",
                                        "qps",
                                        "color",
                                        "colour"};

// Flags of Helm that make no difference without a cluster.
void name_unused_flags(Setup& setup, HelmTemplateFlags::Unused& unused) {
  constexpr std::string_view kHelp = "accepted; makes no difference here";
  for (const char* name : kUnusedFlags) {
    setup.flag(name, unused.flag, kHelp);
    setup.hide(name);
  }
  for (const char* name : kUnusedTexts) {
    setup.text(name, unused.text, kHelp);
    setup.hide(name[1] == ',' ? name + 2 : name);
  }
  setup.texts("kube-as-group", unused.lists, kHelp);
  setup.hide("kube-as-group");
}

}  // namespace

void name_helm_template_flags(Setup& setup, HelmTemplateFlags& flags) {
  ValueFlags& values = flags.values;
  setup.list("f,values", values.files, "values in a YAML file (may be repeated)");
  setup.texts("set", values.sets, "values: key1=val1,key2=val2 (may be repeated)");
  setup.texts("set-string", values.set_strings, "values that are texts (may be repeated)");
  setup.texts("set-file", values.set_files, "values read from files: key1=path1 (may be repeated)");
  setup.texts(
      "set-json", values.set_json, "JSON values: key1=json1 or an object (may be repeated)");
  setup.texts("set-literal", values.set_literal, "a text taken as it is (may be repeated)");
  setup.text("n,namespace", flags.namespace_name, "namespace of the release");
  setup.text("name-template", flags.name_template, "template for the release's name");
  setup.flag("g,generate-name", flags.generate_name, "accepted; the name is release-name");
  setup.text("kube-version", flags.kube_version, "Kubernetes version of .Capabilities");
  setup.list("a,api-versions", flags.api_versions, "API versions added to .Capabilities");
  setup.texts("s,show-only", flags.show_only, "only what these templates give (may be repeated)");
  setup.text("output-dir", flags.output_dir, "write files below this folder instead of printing");
  setup.flag("release-name", flags.release_name, "put the release's name into --output-dir");
  setup.flag("include-crds", flags.include_crds, "print the CRDs of crds/ too");
  setup.flag("skip-tests", flags.skip_tests, "leave out test hooks");
  setup.flag("is-upgrade", flags.is_upgrade, "set .Release.IsUpgrade instead of .IsInstall");
  setup.flag("no-hooks", flags.no_hooks, "leave out hooks");
  setup.text("dry-run", flags.dry_run, "client is the only one here");
  setup.flag("skip-schema-validation", flags.skip_schema_validation, "do not check the values");
  setup.flag("debug", flags.debug, "print what was rendered even when it is not valid");
  name_unused_flags(setup, flags.unused);
}

int run_helm_template(const HelmTemplateFlags& flags,
                      const std::vector<std::string>& args,
                      gotemplate::Host& host,
                      std::ostream& out,
                      std::ostream& err) {
  auto done = render_to(flags, args, host, out);
  if (done.ok()) return 0;
  err << "Error: " << done.error().message() << "\n";
  return 1;
}

Command helm_command() {
  Command command{
      .name = "template",
      .usage = "[NAME] CHART",
      .summary = "Print what a chart renders to, as `helm template` does.",
      .details =
          "Renders a chart folder or archive of this machine without a cluster. Output, errors "
          "and\n"
          "exit codes are those of Helm 4.2.",
      .origin = Origin::Upstream,
      .setup = [](Setup& setup) -> Run {
        auto flags = setup.state<HelmTemplateFlags>();
        name_helm_template_flags(setup, *flags);
        return [flags](Invocation& invocation) -> Result<int> {
          helm::LocalHost host(sys::system_clock());
          return run_helm_template(*flags, invocation.args, host, invocation.out, invocation.err);
        };
      },
  };
  Command group{.name = "helm", .summary = "Work with Helm charts."};
  group.commands.push_back(std::move(command));
  return group;
}

}  // namespace fleet::cli
