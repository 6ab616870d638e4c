// `fleet helm template [NAME] CHART`: what `helm template` prints.
//
// As Helm 4.2.3, pkg/cmd/template.go: the same output, errors and exit codes, for charts on this
// machine and without a cluster. Flags that change nothing here are accepted.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/helm_values.h"
#include "gotemplate/host.h"

namespace fleet::cli {

struct HelmTemplateFlags {
  ValueFlags values;
  std::string namespace_name = "default";
  std::string name_template;
  std::string kube_version;
  std::vector<std::string> api_versions;
  std::vector<std::string> show_only;
  std::string output_dir;
  std::string dry_run = "client";
  bool include_crds = false;
  bool skip_tests = false;
  bool is_upgrade = false;
  bool no_hooks = false;
  bool release_name = false;
  bool generate_name = false;
  bool skip_schema_validation = false;
  bool debug = false;

  // Flags of Helm that make no difference without a cluster.
  struct Unused {
    std::vector<std::string> lists;
    std::string text;
    bool flag = false;
    int64_t number = 0;
    double real = 0;
  } unused;
};

void name_helm_template_flags(Setup& setup, HelmTemplateFlags& flags);

// Prints to `out`, errors to `err` as "Error: …"; the exit code.
int run_helm_template(const HelmTemplateFlags& flags,
                      const std::vector<std::string>& args,
                      gotemplate::Host& host,
                      std::ostream& out,
                      std::ostream& err);

// The group `helm` with its one command.
Command helm_command();

}  // namespace fleet::cli
