// fleet render: the manifests that one cluster would get from a folder.
#include <memory>
#include <ostream>

#include "base/strings.h"
#include "cli/commands.h"
#include "cli/common.h"
#include "cli/render_offline.h"
#include "cli/world.h"
#include "controller/gitjob/disk_surroundings.h"
#include "data/yaml/yaml.h"
#include "fleet/api/hashes.h"
#include "fleet/api/names.h"
#include "fleet/bundle/read.h"
#include "fleet/bundle/scan.h"
#include "fleet/target/target.h"
#include "sys/files.h"

namespace fleet::cli {

namespace {

struct RenderFlags {
  std::string cluster;
  std::string repo = "render";
  std::string targets_file;
  std::string kube_version;
  ClusterFlags hub;
};

// The clusters and groups to match: a file's documents, or the hub's with that one cluster alone.
Result<target::World> read_clusters(const RenderFlags& flags, const Invocation& invocation) {
  target::World out;
  if (sys::path_exists(flags.cluster)) {
    for (const data::Value& document : TRY(yaml::parse_all(TRY(read_input(flags.cluster))))) {
      if (document["kind"].as_string() == "ClusterGroup") {
        out.groups.push_back(std::make_shared<const api::ClusterGroup>(
            TRY(data::decode<api::ClusterGroup>(document))));
      } else {
        api::Cluster cluster = TRY(data::decode<api::Cluster>(document));
        if (cluster.metadata.namespace_.empty()) cluster.metadata.namespace_ = flags.hub.ns;
        out.clusters.push_back(std::make_shared<const api::Cluster>(std::move(cluster)));
      }
    }
    return out;
  }
  auto client = TRY(open_client(flags.hub));
  out = TRY(read_world(invocation.ctx, *client));
  std::erase_if(out.clusters, [&flags](const auto& cluster) {
    return cluster->metadata.name != flags.cluster || cluster->metadata.namespace_ != flags.hub.ns;
  });
  if (out.clusters.empty()) {
    return Error{Code::NotFound,
                 cat("cluster ",
                     flags.cluster,
                     " is neither a file nor a cluster in namespace ",
                     flags.hub.ns)};
  }
  return out;
}

Result<> render_bundle(const api::Bundle& bundle,
                       const target::World& world,
                       const RenderFlags& flags,
                       Invocation& invocation) {
  std::string id = api::make_manifest(bundle.spec.resources).id;
  for (const target::Target& target : TRY(target::find_targets(bundle, world, id))) {
    invocation.err << "# " << bundle.metadata.name << " on " << target.cluster_id() << ": target "
                   << target.matched << "\n";
    deploy::Request request;
    request.bundle_id = bundle.metadata.name;
    request.resources = bundle.spec.resources;
    request.options = target.options;
    deploy::Objects objects =
        TRY(render_offline(std::move(request), flags.kube_version, RenderLike::Agent)
                .within(bundle.metadata.name));
    for (const auto* part : {&objects.manifests, &objects.hooks}) {
      for (const data::Value& object : *part) {
        invocation.out << "---\n" << yaml::print(object);
      }
    }
  }
  return {};
}

Result<int> run_render(const RenderFlags& flags, Invocation& invocation) {
  if (flags.cluster.empty()) {
    return Error{Code::BadRequest, "name a cluster with --cluster"};
  }
  target::World world = TRY(read_clusters(flags, invocation));
  FileTree names = TRY(gitjob::read_names("."));
  auto folders = TRY(bundle::scan_classic(names, {invocation.args[0]}));
  gitjob::DiskSurroundings around(invocation.ctx);
  bundle::ReadOptions options;
  options.ns = flags.hub.ns;
  options.targets_file = flags.targets_file;
  for (const bundle::BundleFolder& folder : folders) {
    std::string name = api::bundle_name(flags.repo, folder.base);
    auto read = TRY(bundle::read_bundle_folder(name, folder.base, options, around));
    if (read.bundle.spec.resources.empty()) continue;
    TRY(render_bundle(read.bundle, world, flags, invocation));
  }
  return 0;
}

}  // namespace

Command render_command() {
  return {.name = "render",
          .usage = "DIR --cluster CLUSTER",
          .summary = "Print the manifests that one cluster would get from a folder.",
          .min_args = 1,
          .max_args = 1,
          .setup = [](Setup& setup) -> Run {
            auto flags = setup.state<RenderFlags>();
            setup.text("cluster", flags->cluster, "A cluster of the hub, or a file with one.");
            setup.text(
                "repo", flags->repo, "Name of the GitRepo, the beginning of bundles' names.");
            setup.text("targets-file", flags->targets_file, "File with targets and restrictions.");
            setup.text("kube-version", flags->kube_version, "Version of Kubernetes to assume.");
            flags->hub.add_to(setup, ClusterFlags::Namespace::Default);
            return [flags](Invocation& invocation) { return run_render(*flags, invocation); };
          }};
}

}  // namespace fleet::cli
