// One playground cluster: an API server and simulated nodes, in this process.
#pragma once

#include <string>

#include "base/result.h"
#include "base/time.h"
#include "server/options.h"
#include "sys/context.h"

namespace fleet::server {

struct PlaygroundOptions {
  std::string data_dir;  // empty: all in memory
  ListenAddress listen;
  Store store = Store::Sqlite;
  std::string kubeconfig_out;
  Duration ready_delay = std::chrono::milliseconds(300);
};

// Until the Context stops; then {}. The port is kept in the data folder, so that a cluster that is
// started again is found where it was.
Result<> run_playground(const Context& ctx, const PlaygroundOptions& options);

}  // namespace fleet::server
