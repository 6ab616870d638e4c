// fleet test: which target of a bundle a cluster would match, and what it would get.
#include <memory>
#include <ostream>

#include "base/strings.h"
#include "cli/commands.h"
#include "cli/common.h"
#include "cli/export.h"
#include "cli/render_offline.h"
#include "controller/gitjob/disk_surroundings.h"
#include "fleet/bundle/fleet_yaml.h"
#include "fleet/bundle/read.h"
#include "fleet/target/match.h"
#include "fleet/target/options.h"

namespace fleet::cli {

namespace {

struct TestFlags {
  std::string file;
  std::string bundle_file;
  bool quiet = false;
  std::string group;
  std::string name;
  std::vector<std::string> labels;
  std::vector<std::string> group_labels;
  std::string target;
};

api::StringMap to_map(const std::vector<std::string>& pairs) {
  api::StringMap out;
  for (const std::string& pair : pairs) {
    auto parts = cut(pair, "=");
    out[std::string(parts ? parts->before : pair)] = parts ? parts->after : "";
  }
  return out;
}

Result<api::Bundle> read_bundle(const TestFlags& flags, const Invocation& invocation) {
  if (!flags.bundle_file.empty()) return bundle::read_bundle(TRY(read_input(flags.bundle_file)));
  gitjob::DiskSurroundings around(invocation.ctx);
  bundle::ReadOptions options;
  // As upstream, the options file named here is read but stays among the bundle's files.
  options.bundle_file = flags.file;
  options.is_bundle_file_taken = true;
  std::string base = invocation.args.empty() ? "." : invocation.args[0];
  return TRY(bundle::read_bundle_folder("test", base, options, around)).bundle;
}

const api::BundleTarget* find_target(const TestFlags& flags, const target::BundleMatcher& matcher) {
  if (!flags.target.empty()) return matcher.named(flags.target);
  std::string group = flags.group;
  if (group.empty() && flags.labels.empty() && flags.group_labels.empty()) group = "default";
  return matcher.match(flags.name, to_map(flags.labels), {{group, to_map(flags.group_labels)}});
}

Result<int> run_test(const TestFlags& flags, Invocation& invocation) {
  invocation.err << "Command \"test\" is deprecated, use target and deploy sub-commands instead.\n";
  api::Bundle bundle = TRY(read_bundle(flags, invocation));
  target::BundleMatcher matcher = TRY(target::BundleMatcher::compile(bundle.spec));
  const api::BundleTarget* found = find_target(flags, matcher);
  if (!found) return Error{Code::NotFound, "no match found"};
  invocation.err << "# Matched: " << found->name << "\n";
  if (flags.quiet) return 0;
  deploy::Request request;
  request.bundle_id = bundle.metadata.name;
  request.resources = bundle.spec.resources;
  request.options = target::merge_options(bundle.spec.options, found->options);
  deploy::Objects objects = TRY(render_offline(request, "", RenderLike::UpstreamsCommands));
  invocation.out << TRY(export_objects(objects.manifests));
  return 0;
}

}  // namespace

Command test_command() {
  return {.name = "test",
          .usage = "[flags] [PATH]",
          .summary = "Match a bundle to a target and print what it gets (deprecated).",
          .origin = Origin::Upstream,
          .hidden = true,
          .max_args = 1,
          .setup = [](Setup& setup) -> Run {
            auto flags = setup.state<TestFlags>();
            setup.text("f,file", flags->file, "Options file in the folder, not fleet.yaml.");
            setup.text(
                "b,bundle-file", flags->bundle_file, "A Bundle to read instead of a folder.");
            setup.flag("q,quiet", flags->quiet, "Only say what matched.");
            setup.text("g,group", flags->group, "Cluster group to match.");
            setup.text("N,name", flags->name, "Cluster name to match.");
            setup.list("l,label", flags->labels, "Cluster labels to match.");
            setup.list("L,group-label", flags->group_labels, "Labels of the group to match.");
            setup.text("t,target", flags->target, "Take this target without matching.");
            return [flags](Invocation& invocation) { return run_test(*flags, invocation); };
          }};
}

}  // namespace fleet::cli
