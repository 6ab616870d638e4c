// The commands, one function each; the list of them is in commands.cc.
#pragma once

#include "cli/command.h"

namespace fleet::cli {

Command analyze_command();
Command apply_command();
Command bundlediff_command();
Command deploy_command();
Command render_command();
Command target_command();
Command test_command();

}  // namespace fleet::cli
