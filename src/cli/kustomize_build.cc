#include "cli/kustomize_build.h"

#include <ostream>

#include "base/strings.h"
#include "kustomize/build.h"
#include "kustomize/disk/disk.h"
#include "sys/files.h"

namespace fleet::cli {
namespace {

struct Flags {
  std::string reorder;
  std::string restrictor = "LoadRestrictionsRootOnly";
  std::string output;
  bool managed_by = false;
  bool plugins = false;
  bool exec = false;
  bool helm = false;
};

Result<kustomize::Options> options_of(const Flags& flags) {
  kustomize::Options options;
  options.managed_by_label = flags.managed_by;
  if (flags.reorder.empty()) {
    options.reorder = kustomize::Reorder::Unasked;
  } else if (flags.reorder == "none") {
    options.reorder = kustomize::Reorder::None;
  } else if (flags.reorder == "legacy") {
    options.reorder = kustomize::Reorder::Legacy;
  } else {
    return Error(
        Code::Invalid,
        cat("illegal flag value --reorder ", flags.reorder, "; legal values: [legacy none]"));
  }
  if (flags.restrictor == "LoadRestrictionsNone") {
    options.load = kustomize::LoadFrom::Anywhere;
  } else if (flags.restrictor != "LoadRestrictionsRootOnly") {
    return Error(Code::Invalid,
                 cat("illegal flag value --load-restrictor ",
                     flags.restrictor,
                     "; legal values: [LoadRestrictionsNone LoadRestrictionsRootOnly]"));
  }
  if (flags.plugins || flags.exec || flags.helm) {
    return Error(Code::Unsupported,
                 "--enable-alpha-plugins, --enable-exec and --enable-helm need other programs, "
                 "which are never started here");
  }
  return options;
}

Result<> build_to(const Flags& flags, const std::vector<std::string>& args, Invocation& to) {
  kustomize::Options options = TRY(options_of(flags));
  if (args.size() > 1) {
    return Error(Code::Invalid, "specify one path to a kustomization directory");
  }
  kustomize::DiskFiles files(TRY(sys::current_folder()));
  kustomize::Built built =
      TRY(kustomize::build(files, args.empty() ? std::string(".") : args[0], options));
  for (const std::string& line : built.warnings)
    to.err << line << "\n";
  if (flags.output.empty()) {
    to.out << built.yaml();
    return {};
  }
  return sys::write_file(flags.output, built.yaml());
}

void name_flags(Setup& setup, Flags& flags) {
  setup.text("reorder", flags.reorder, "legacy or none: the order of the objects printed");
  setup.text("load-restrictor",
             flags.restrictor,
             "LoadRestrictionsNone also reads files outside the folder");
  setup.text("o,output", flags.output, "write to this file instead of printing");
  setup.flag("enable-managedby-label",
             flags.managed_by,
             "label every object with app.kubernetes.io/managed-by");
  setup.flag("enable-alpha-plugins", flags.plugins, "refused");
  setup.flag("enable-exec", flags.exec, "refused");
  setup.flag("enable-helm", flags.helm, "refused");
  for (const char* name : {"enable-alpha-plugins", "enable-exec", "enable-helm"})
    setup.hide(name);
}

}  // namespace

Command kustomize_command() {
  Command command{
      .name = "build",
      .usage = "[DIR]",
      .summary = "Print what a kustomization builds, as `kustomize build` does.",
      .details =
          "Builds the kustomization in DIR (the current folder by default) without a cluster or a\n"
          "network. Output, errors and exit codes are those of kustomize 5.8.1. Remote bases, "
          "Helm\n"
          "charts and plugins that are programs are refused.",
      .origin = Origin::Upstream,
      .setup = [](Setup& setup) -> Run {
        auto flags = setup.state<Flags>();
        name_flags(setup, *flags);
        return [flags](Invocation& invocation) -> Result<int> {
          auto done = build_to(*flags, invocation.args, invocation);
          if (done.ok()) return 0;
          invocation.err << "Error: " << done.error().message() << "\n";
          return 1;
        };
      },
  };
  Command group{.name = "kustomize", .summary = "Work with kustomizations."};
  group.commands.push_back(std::move(command));
  return group;
}

}  // namespace fleet::cli
