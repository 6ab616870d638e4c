#include "cli/commands.h"

#include "cli/helm_template.h"
#include "cli/kustomize_build.h"
#include "cli/online.h"

namespace fleet::cli {

std::vector<Command> all_commands() {
  return {
      get_command(),
      status_command(),
      cluster_command(),
      repo_command(),
      apply_command(),
      deploy_command(),
      render_command(),
      target_command(),
      bundlediff_command(),
      analyze_command(),
      test_command(),
      helm_command(),
      kustomize_command(),
  };
}

}  // namespace fleet::cli
