#include "cli/commands.h"

namespace fleet::cli {

std::vector<Command> all_commands() {
  return {
      apply_command(),
  };
}

}  // namespace fleet::cli
