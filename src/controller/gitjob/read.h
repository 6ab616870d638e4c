// A checked-out repository → its bundles, for one GitRepo.
#pragma once

#include <vector>

#include "controller/gitjob/tree_surroundings.h"
#include "fleet/api/gitrepo.h"
#include "fleet/bundle/read.h"

namespace fleet::gitjob {

// As `fleet apply` would read them with the flags that a git job gives it: paths or bundles of the
// GitRepo, its targets, labels, account, namespace and switches.
// Errors: Invalid, in Fleet's words, with the file.
Result<std::vector<bundle::ReadResult>> read_repository(const api::GitRepo& repo,
                                                        const FileTree& tree,
                                                        Charts& charts,
                                                        const bundle::Auth& auth);

}  // namespace fleet::gitjob
