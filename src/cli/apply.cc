// fleet apply: folders → Bundles, printed or written to the hub.
#include "controller/gitjob/apply.h"

#include <algorithm>
#include <map>
#include <memory>
#include <ostream>
#include <utility>

#include "base/file_tree.h"
#include "base/strings.h"
#include "cli/commands.h"
#include "cli/common.h"
#include "cli/export.h"
#include "codec/base64.h"
#include "controller/gitjob/disk_surroundings.h"
#include "data/json/parse.h"
#include "data/yaml/yaml.h"
#include "fleet/api/names.h"
#include "fleet/bundle/read.h"
#include "fleet/bundle/scan.h"
#include "kube/client/kubeconfig.h"
#include "sys/environment.h"
#include "sys/files.h"
#include "text/glob.h"

namespace fleet::cli {

namespace {

// Credentials for charts as a file lists them, by path.
struct PathAuth {
  std::string username;
  std::string password;
  api::Bytes ca_bundle;
  api::Bytes ssh_private_key;
  api::Bytes ssh_known_hosts;
  bool insecure_skip_verify = false;
  bool basic_http = false;

  static constexpr const char* kGoType = "bundlereader.Auth";
  static data::Fields fields() {
    return {data::field("username", &PathAuth::username),
            data::field("password", &PathAuth::password),
            data::field("caBundle", &PathAuth::ca_bundle),
            data::field("sshPrivateKey", &PathAuth::ssh_private_key),
            data::field("sshKnownHosts", &PathAuth::ssh_known_hosts),
            data::field("insecureSkipVerify", &PathAuth::insecure_skip_verify),
            data::field("basicHTTP", &PathAuth::basic_http)};
  }
};
using AuthByPath = std::map<std::string, PathAuth>;

struct ApplyFlags {
  ClusterFlags cluster;
  std::string file;
  std::string output;
  std::vector<std::string> labels;
  std::string commit;
  std::string username;
  std::string password_file;
  std::string ca_certs_file;
  std::string ssh_key_file;
  std::string credentials_by_path;
  bool basic_http = false;
  bool insecure_skip_tls = false;
  bool compress = false;
  std::string oci_registry_secret;
  bool driven_scan = false;
  std::string driven_separator = ":";
  int64_t max_concurrency = 4;
  bundle::ReadOptions read;
};

void add_bundle_flags(Setup& setup, ApplyFlags& flags) {
  bundle::ReadOptions& read = flags.read;
  setup.text("b,bundle-file", read.bundle_file, "Options file in each folder, not fleet.yaml.");
  setup.text("f,file", flags.file, "A Bundle to read instead of a folder.");
  setup.list("l,label", flags.labels, "Labels of the bundles, as key=value.");
  setup.text("targets-file", read.targets_file, "File with targets and restrictions to add.");
  setup.flag("c,compress", flags.compress, "Compress every file.");
  setup.text("a,service-account", read.service_account, "Account to deploy as.");
  setup.integer("sync-generation", read.sync_generation, "Another number deploys again.");
  setup.text("target-namespace", read.target_namespace, "Namespace of all objects.");
  setup.flag("paused", read.paused, "Make the bundles paused.");
  setup.text("commit", flags.commit, "Commit the bundles are made from.");
  setup.environment("commit", "COMMIT");
  setup.flag("keep-resources", read.keep_resources, "Leave objects when a bundle goes.");
  setup.flag("delete-namespace", read.delete_namespace, "Delete the namespace with the bundle.");
  setup.flag("correct-drift", read.correct_drift.enabled, "Put back what others change.");
  setup.flag("correct-drift-force", read.correct_drift.force, "Replace objects to do so.");
  setup.flag("correct-drift-keep-fail-history",
             read.correct_drift.keep_fail_history,
             "Keep revisions of corrections that failed.");
  setup.flag("imagescan-enabled", read.image_scan_enabled, "Allow image scans in fleet.yaml.");
}

void add_chart_flags(Setup& setup, ApplyFlags& flags) {
  setup.text("username", flags.username, "User for chart repositories.");
  setup.environment("username", "HELM_USERNAME");
  setup.text("password-file", flags.password_file, "File with the password.");
  setup.text("cacerts-file", flags.ca_certs_file, "File with certificates to trust.");
  setup.text("ssh-privatekey-file", flags.ssh_key_file, "File with a key for git.");
  setup.text("helm-repo-url-regex",
             flags.read.helm_repo_url_regex,
             "Credentials go only to repositories that match.");
  setup.text("helm-credentials-by-path-file",
             flags.credentials_by_path,
             "File with credentials by folder; replaces the flags above.");
  setup.flag("helm-basic-http", flags.basic_http, "Use plain HTTP with registries.");
  setup.flag("helm-insecure-skip-tls", flags.insecure_skip_tls, "Do not check certificates.");
}

void add_run_flags(Setup& setup, ApplyFlags& flags) {
  setup.text("o,output", flags.output, "Print the bundles to this file, - for stdout.");
  setup.text("oci-registry-secret", flags.oci_registry_secret, "Secret that names a registry.");
  setup.flag("driven-scan", flags.driven_scan, "Read exactly the folders named.");
  setup.text("driven-scan-sep", flags.driven_separator, "Between folder and options file.");
  setup.integer("bundle-creation-max-concurrency", flags.max_concurrency, "Bundles at once.");
  setup.environment("bundle-creation-max-concurrency", "FLEET_BUNDLE_CREATION_MAX_CONCURRENCY");
  flags.cluster.add_to(setup, ClusterFlags::Namespace::Default);
}

// A missing file counts as an empty one.
Result<std::string> read_optional(const std::string& path) {
  Result<std::string> text = read_input(path);
  if (!text.ok() && text.error().code() == Code::NotFound) return std::string();
  return text;
}

Result<> read_auth(const ApplyFlags& flags, bundle::Auth& auth) {
  if (!flags.username.empty() && !flags.password_file.empty()) {
    auth.username = flags.username;
    auth.password = Secret<std::string>(TRY(read_optional(flags.password_file)));
  }
  if (!flags.ca_certs_file.empty()) auth.ca_bundle = TRY(read_optional(flags.ca_certs_file));
  if (!flags.ssh_key_file.empty()) {
    auth.ssh_private_key = Secret<std::string>(TRY(read_optional(flags.ssh_key_file)));
  }
  auth.basic_http = flags.basic_http;
  auth.insecure_skip_verify = flags.insecure_skip_tls;
  auth.ssh_known_hosts = sys::env("FLEET_KNOWN_HOSTS").value_or("");
  return {};
}

Result<AuthByPath> read_auth_by_path(const std::string& path) {
  std::string text = TRY(read_optional(path));
  if (trim(text).empty()) return Error{Code::Invalid, "EOF"};
  data::Value document = TRY(yaml::parse(text).within("error converting YAML to JSON"));
  return data::decode<AuthByPath>(document);
}

// The folder's own credentials: by its name, else by the first pattern that matches.
Result<> choose_auth(const AuthByPath& by_path, const std::string& folder, bundle::Auth& auth) {
  auto chosen = by_path.find(folder);
  for (auto at = by_path.begin(); chosen == by_path.end() && at != by_path.end(); ++at) {
    bool is_match = TRY(
        text::path_match(at->first, folder).within("failed to check for matches in auth paths"));
    if (is_match) chosen = at;
  }
  if (chosen == by_path.end()) return {};
  const PathAuth& found = chosen->second;
  auth = {.username = found.username,
          .password = Secret<std::string>(found.password),
          .ca_bundle = found.ca_bundle.data,
          .ssh_private_key = Secret<std::string>(found.ssh_private_key.data),
          .ssh_known_hosts = found.ssh_known_hosts.data,
          .insecure_skip_verify = found.insecure_skip_verify,
          .basic_http = found.basic_http};
  return {};
}

// As upstream, a Bundle given with --file cannot be read; only its faults are told.
Error unusable_bundle_file(const std::string& name, std::string_view text) {
  std::string doing = cat("decoding bundle ", name);
  std::string_view rest = text;
  Result<data::Value> parsed = json::parse_next(rest);
  if (!parsed.ok()) return std::move(parsed).error().within(doing);
  return Error{Code::Invalid, "json: Unmarshal(nil *v1alpha1.Bundle)"}.within(doing);
}

class Apply {
 public:
  Apply(const ApplyFlags& flags, Invocation& invocation)
      : flags_(flags),
        invocation_(invocation),
        around_(invocation.ctx),
        read_(flags.read) {}

  Result<int> run() {
    TRY(prepare());
    std::vector<bundle::BundleFolder> folders = TRY(scan());
    std::vector<bundle::ReadResult> bundles;
    // Last first: of several faults upstream, which reads all at once, mostly tells the last one.
    for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder) {
      bundle::ReadResult read = TRY(read_folder(*folder));
      if (!read.bundle.spec.resources.empty()) bundles.push_back(std::move(read));
    }
    std::ranges::reverse(bundles);
    if (bundles.empty()) {
      return Error{
          Code::NotFound,
          cat("no resource found at the following paths to deploy: [", join(paths_, " "), "]")};
    }
    if (flags_.output.empty()) return write_online(bundles);
    return print(bundles);
  }

 private:
  Result<> prepare() {
    if (!flags_.credentials_by_path.empty()) {
      by_path_ = TRY(read_auth_by_path(flags_.credentials_by_path).within("adding auth to opts"));
    } else {
      TRY(read_auth(flags_, read_.auth).within("adding auth to opts"));
    }
    TRY(name_arguments());
    std::string commit = flags_.commit.empty() ? current_commit(".") : flags_.commit;
    for (const std::string& label : flags_.labels) {
      auto parts = cut(label, "=");
      read_.labels[std::string(parts ? parts->before : label)] = parts ? parts->after : "";
    }
    if (!commit.empty()) read_.labels[std::string(api::label::kCommit)] = commit;
    read_.ns = flags_.cluster.ns;
    if (flags_.compress) read_.compress = bundle::Compress::Yes;
    // Even without a request upstream wants to know an API server.
    TRY(kube::default_access({.path = flags_.cluster.kubeconfig})
            .within("no kubeconfig: name one with --kubeconfig or $KUBECONFIG"));
    return {};
  }

  Result<> name_arguments() {
    const std::vector<std::string>& args = invocation_.args;
    if (!flags_.file.empty()) {
      file_text_ = TRY(read_input(flags_.file));
      if (args.size() != 1) {
        return Error{Code::BadRequest, "the bundle name is required as the first argument"};
      }
      name_ = args[0];
      paths_ = args;
      return {};
    }
    if (args.empty()) {
      return Error{Code::BadRequest, "at least one argument is required: BUNDLE_NAME"};
    }
    name_ = args[0];
    paths_.assign(args.begin() + 1, args.end());
    if (paths_.empty()) paths_.emplace_back(".");
    return {};
  }

  Result<std::vector<bundle::BundleFolder>> scan() {
    if (flags_.driven_scan) return bundle::scan_driven(paths_, flags_.driven_separator);
    FileTree names = TRY(gitjob::read_names("."));
    return bundle::scan_classic(names, paths_);
  }

  Result<bundle::ReadResult> read_folder(const bundle::BundleFolder& folder) {
    bundle::ReadOptions options = read_;
    if (!folder.bundle_file.empty()) options.bundle_file = folder.bundle_file;
    TRY(choose_auth(by_path_, folder.base, options.auth));
    std::string name = api::bundle_name(name_, folder.base, options.bundle_file);
    if (file_text_) return unusable_bundle_file(name, *file_text_);
    return bundle::read_bundle_folder(name, folder.base, options, around_);
  }

  Result<int> print(const std::vector<bundle::ReadResult>& bundles) {
    std::string text;
    for (const bundle::ReadResult& each : bundles) {
      std::vector<data::Value> objects{api::to_value(each.bundle)};
      for (const api::ImageScan& scan : each.scans) {
        objects.push_back(api::to_value(scan));
      }
      text += TRY(export_objects(objects));
    }
    if (flags_.output == "-") {
      invocation_.out << text;
      return 0;
    }
    if (flags_.output == "/dev/null") return 0;
    TRY(sys::make_folders(dir_name(flags_.output)));
    TRY(sys::write_file(flags_.output, text));
    return 0;
  }

  Result<int> write_online(const std::vector<bundle::ReadResult>& bundles);

  const ApplyFlags& flags_;
  Invocation& invocation_;
  gitjob::DiskSurroundings around_;
  bundle::ReadOptions read_;
  AuthByPath by_path_;
  std::optional<std::string> file_text_;
  std::string name_;
  std::vector<std::string> paths_;
};

// Tries again while somebody else writes the same bundles.
Result<int> Apply::write_online(const std::vector<bundle::ReadResult>& bundles) {
  auto client = TRY(open_client(flags_.cluster));
  int64_t tries = 1;
  if (auto text = sys::env("FLEET_APPLY_CONFLICT_RETRIES")) tries = parse_int(*text).value_or(1);
  for (int64_t i = 0; i < tries; ++i) {
    auto written = gitjob::apply_bundles(invocation_.ctx,
                                         *client,
                                         {.repo = name_,
                                          .ns = flags_.cluster.ns,
                                          .commit = read_.labels[std::string(api::label::kCommit)],
                                          .paths = paths_,
                                          .bundles = bundles});
    if (written.ok()) break;
    bool may_retry = written.error().code() == Code::Conflict && i + 1 < tries;
    if (!may_retry) return written.error();
  }
  return 0;
}

}  // namespace

Command apply_command() {
  return {.name = "apply",
          .usage = "[flags] BUNDLE_NAME PATH...",
          .summary = "Make bundles from folders, and print them or write them to the hub.",
          .origin = Origin::Upstream,
          .setup = [](Setup& setup) -> Run {
            auto flags = setup.state<ApplyFlags>();
            add_bundle_flags(setup, *flags);
            add_chart_flags(setup, *flags);
            add_run_flags(setup, *flags);
            return [flags](Invocation& invocation) { return Apply(*flags, invocation).run(); };
          }};
}

}  // namespace fleet::cli
