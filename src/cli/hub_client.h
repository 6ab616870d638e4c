// How commands reach the hub: flags like kubectl's, and a client made of them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "kube/client/client.h"
#include "kube/client/kubeconfig.h"

namespace fleet::cli {

struct HubFlags {
  std::string kubeconfig;
  std::string context;
  std::string ns;

  // Names --kubeconfig, --context and -n, --namespace.
  void add_to(Setup& setup);
};

struct HubClient {
  std::unique_ptr<kube::Client> client;
  std::string ns;  // of the flag, else of the context; empty: none was named
};

// Where: the flag, $KUBECONFIG, ~/.kube/config, and at last the admin.kubeconfig of a `fleet
// server` of this user. Errors: what kubeconfigs give, with the next step.
Result<HubClient> connect(const HubFlags& flags);

// "12s ago", "never".
std::string ago(std::string_view rfc3339, TimePoint now);

// Several lines as one, for a cell of a table.
std::string one_line(std::string_view text);

}  // namespace fleet::cli
