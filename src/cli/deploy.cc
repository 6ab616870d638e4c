// fleet deploy: a Content and a BundleDeployment → the objects of a release.
#include <memory>
#include <optional>
#include <ostream>

#include "cli/commands.h"
#include "cli/common.h"
#include "cli/render_offline.h"
#include "data/yaml/yaml.h"
#include "fleet/api/bundledeployment.h"
#include "fleet/api/content.h"
#include "fleet/bundle/content.h"

namespace fleet::cli {

namespace {

struct DeployFlags {
  std::string input;
  bool dry_run = false;
  std::string ns;
  std::string kube_version;
  std::string agent_namespace;
  std::string kubeconfig;
};

struct Input {
  std::optional<api::Content> content;
  std::optional<api::BundleDeployment> deployment;
};

// The last one of each kind counts.
Result<Input> read_documents(const std::string& text) {
  Input out;
  for (const data::Value& object : TRY(yaml::to_objects(text))) {
    std::string_view kind = object["kind"].as_string();
    if (kind == "Content") out.content = TRY(data::decode<api::Content>(object));
    if (kind == "BundleDeployment") {
      out.deployment = TRY(data::decode<api::BundleDeployment>(object));
    }
  }
  return out;
}

Result<int> run_deploy(const DeployFlags& flags, Invocation& invocation) {
  if (flags.input.empty()) {
    invocation.out << invocation.help;
    return 0;
  }
  Input input = TRY(read_documents(TRY(read_input(flags.input))));
  if (!input.content) {
    return Error{Code::Invalid, "failed to read content resource from file"};
  }
  if (!input.deployment) {
    return Error{Code::Invalid, "failed to read bundledeployment resource from file"};
  }
  deploy::Request request;
  request.bundle_id = input.deployment->metadata.name;
  request.resources = TRY(bundle::read_content(*input.content));
  request.options = input.deployment->spec.options;
  request.agent_namespace = flags.agent_namespace;
  if (!flags.dry_run) {
    return Error{Code::Unsupported, "only --dry-run is supported: releases are made by the agent"};
  }
  deploy::Objects objects =
      TRY(render_offline(request, flags.kube_version, RenderLike::UpstreamsCommands));
  data::Value list = data::Value::array();
  for (const auto* part : {&objects.manifests, &objects.hooks}) {
    for (const data::Value& object : *part) {
      list.push_back(object);
    }
  }
  if (list.empty()) list = data::Value();
  invocation.out << yaml::print(list) << "\n";
  return 0;
}

}  // namespace

Command deploy_command() {
  return {.name = "deploy",
          .usage = "[flags]",
          .summary = "Print what a BundleDeployment and its Content would deploy.",
          .origin = Origin::Upstream,
          .setup = [](Setup& setup) -> Run {
            auto flags = setup.state<DeployFlags>();
            setup.text("i,input-file", flags->input, "File with a Content and a BundleDeployment.");
            setup.flag("d,dry-run", flags->dry_run, "Print the objects, deploy nothing.");
            setup.text("n,namespace", flags->ns, "Namespace when the options name none.");
            setup.text("kube-version", flags->kube_version, "Version of Kubernetes to assume.");
            setup.text("a,agent-namespace", flags->agent_namespace, "Namespace of the agent.");
            setup.text("kubeconfig", flags->kubeconfig, "Path of a kubeconfig.");
            add_log_flags(setup);
            return [flags](Invocation& invocation) { return run_deploy(*flags, invocation); };
          }};
}

}  // namespace fleet::cli
