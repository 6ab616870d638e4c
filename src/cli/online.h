// Our commands that talk to a hub. `commands.cc` lists them.
#pragma once

#include "cli/command.h"

namespace fleet::cli {

Command get_command();      // the lists
Command status_command();   // one screen: what is deployed where, what is not and why
Command cluster_command();  // cluster token, cluster add
Command repo_command();     // repo add, sync, pause, resume, remove

}  // namespace fleet::cli
