// fleet target: a Bundle → the Content and BundleDeployments that the hub would make of it.
#include <memory>
#include <ostream>

#include "base/strings.h"
#include "cli/commands.h"
#include "cli/common.h"
#include "cli/world.h"
#include "data/yaml/yaml.h"
#include "fleet/api/hashes.h"
#include "fleet/bundle/content.h"
#include "fleet/bundle/fleet_yaml.h"
#include "fleet/rollout/plan.h"

namespace fleet::cli {

namespace {

struct TargetFlags {
  std::string bundle_file;
  bool dump = false;
  ClusterFlags cluster;
};

// The manifest, under the digest that the bundle's status vouches for.
api::Manifest manifest_of(const api::Bundle& bundle) {
  api::Manifest out = api::make_manifest(bundle.spec.resources);
  if (!bundle.status.resources_sha256_sum.empty()) {
    out.id = api::manifest_id(bundle.status.resources_sha256_sum);
  }
  return out;
}

data::Value dump_of(const std::vector<target::Target>& targets, const api::Bundle& bundle) {
  data::Value out = data::Value::array();
  for (const target::Target& target : targets) {
    api::Cluster cluster = *target.cluster;
    cluster.metadata.managed_fields.clear();
    data::Value groups = data::Value::array();
    for (const auto& [name, labels] : target.groups) {
      groups.push_back(name);
    }
    out.push_back(data::Value::object(
        {{"Bundle", api::to_value(bundle)},
         {"Cluster", api::to_value(cluster)},
         {"ClusterGroups", groups},
         {"Deployment", target.deployment ? api::to_value(*target.deployment) : data::Value()},
         {"DeploymentID", target.deployment_id},
         {"Options", data::encode(target.options)}}));
  }
  return out;
}

std::string print_all(const api::Bundle& bundle,
                      const api::Manifest& manifest,
                      const std::vector<target::Target>& targets) {
  api::Content content = bundle::make_content(manifest);
  std::string out = cat("---\n", yaml::print(api::to_value(content)), "\n");
  for (const target::Target& target : targets) {
    if (!target.deployment) continue;
    api::BundleDeployment deployment = target::deployment_of(target, bundle);
    deployment.metadata.uid.clear();
    out += cat("---\n", yaml::print(api::to_value(deployment)), "\n");
  }
  return out;
}

Result<int> run_target(const TargetFlags& flags, Invocation& invocation) {
  if (flags.bundle_file.empty()) {
    invocation.out << invocation.help;
    return 0;
  }
  api::Bundle bundle = TRY(bundle::read_bundle(TRY(read_input(flags.bundle_file))));
  if (!flags.cluster.ns.empty()) bundle.metadata.namespace_ = flags.cluster.ns;
  api::Manifest manifest = manifest_of(bundle);
  auto client = TRY(open_client(flags.cluster));
  target::World world = TRY(read_world(invocation.ctx, *client));
  std::vector<target::Target> targets = TRY(target::find_targets(bundle, world, manifest.id));
  target::attach_deployments(targets,
                             TRY(read_deployments(invocation.ctx, *client, bundle.metadata)));
  if (flags.dump) invocation.err << yaml::print(dump_of(targets, bundle)) << "\n";
  // All may be new at once here; the partitions' limits still hold.
  if (!bundle.spec.rollout_strategy) bundle.spec.rollout_strategy.emplace();
  bundle.spec.rollout_strategy->max_new = static_cast<int>(targets.size());
  // As upstream, the budget is what the file's status says.
  TRY(rollout::update(bundle.status, targets, bundle));
  invocation.out << print_all(bundle, manifest, targets);
  return 0;
}

}  // namespace

Command target_command() {
  return {.name = "target",
          .usage = "[flags]",
          .summary = "Print the deployments that a bundle would get on the hub's clusters.",
          .origin = Origin::Upstream,
          .setup = [](Setup& setup) -> Run {
            auto flags = setup.state<TargetFlags>();
            setup.text("b,bundle-file", flags->bundle_file, "File with the Bundle.");
            setup.flag("l,dump-input-list", flags->dump, "Print what was matched, on stderr.");
            flags->cluster.add_to(setup, ClusterFlags::Namespace::Empty);
            add_log_flags(setup);
            return [flags](Invocation& invocation) { return run_target(*flags, invocation); };
          }};
}

}  // namespace fleet::cli
