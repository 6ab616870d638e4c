#include "cli/commands.h"

#include "cli/helm_template.h"
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
      test_command(),
      helm_command(),
  };
}

}  // namespace fleet::cli
