// `fleet server`: the hub in one process. Read this first.
//
// Store, API server and controllers share the process; playground clusters and their agents are
// children of it. Everyone meets in the API, as on any cluster.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "server/options.h"
#include "sys/context.h"

namespace fleet::server {

// How to start ourselves again, for children: the program and the words before a subcommand.
using SelfCommand = std::vector<std::string>;

// Until the Context stops: ends watches, lets running requests finish, and returns {}.
// Errors: Conflict when another hub has the data folder (it names its pid); what listening or
// opening the store gives.
Result<> run_hub(const Context& ctx, const ServerOptions& options, const SelfCommand& self);

}  // namespace fleet::server
