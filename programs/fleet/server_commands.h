// `fleet server`, `fleet playground` and `fleet agent`: the long-running ones.
#pragma once

#include <vector>

#include "cli/command.h"

namespace fleet {

std::vector<cli::Command> server_commands();

}  // namespace fleet
