// What many commands share: where the API server is, which namespace, what is logged.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "cli/command.h"
#include "kube/client/client.h"

namespace fleet::cli {

// Flags of upstream's commands that talk to an API server.
struct ClusterFlags {
  std::string ns = "fleet-local";
  std::string kubeconfig;
  bool debug = false;
  int64_t debug_level = 0;

  enum class Namespace { Default, Empty };  // fleet-local with $NAMESPACE, or none
  void add_to(Setup& setup, Namespace which);
};
// Names flags that upstream's commands accept for their log library and that change nothing here.
void add_log_flags(Setup& setup);

// NotFound when no kubeconfig names an API server.
Result<std::unique_ptr<kube::Client>> open_client(const ClusterFlags& flags);

// The commit that the repository around a folder is at; "" outside of one.
std::string current_commit(const std::string& folder);

// A file's bytes; an error as the operating system words it.
Result<std::string> read_input(const std::string& path);

}  // namespace fleet::cli
