// Bundles as read from a repository → Bundles on the hub: written, and pruned.
//
// A Bundle is written only when something but its commit label differs, so a commit that touches
// one folder touches one Bundle. Values go to a Secret beside it.
//
// Prune: Bundles of the repository that are not among those read are deleted, found by a live list.
// When nothing was read at all, nothing is deleted: an empty folder looks like a mistyped path.
// As Fleet 0.16 (gitops.md §8.3) but for that. Errors: in Fleet's words; Conflict is worth a retry.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "fleet/bundle/read.h"
#include "kube/client/client.h"
#include "sys/context.h"

namespace fleet::gitjob {

struct ApplyInput {
  std::string repo;  // name of the GitRepo, or the name given to `fleet apply`
  std::string ns;
  std::string commit;              // empty: none known
  std::vector<std::string> paths;  // for the message when nothing was found
  std::vector<bundle::ReadResult> bundles;
};

struct ApplyReport {
  int written = 0;
  int unchanged = 0;
  int deleted = 0;
};

Result<ApplyReport> apply_bundles(const Context& ctx, kube::Client& client, ApplyInput input);

}  // namespace fleet::gitjob
