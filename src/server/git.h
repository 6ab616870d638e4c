// The hub's git: repositories read by wire/git.
#pragma once

#include "controller/gitjob/source.h"

namespace fleet::server {

class GitSource final : public gitjob::GitSource {
 public:
  Result<std::string> latest_commit(const Context& ctx, const gitjob::GitQuery& query) override;
  Result<FileTree> checkout(const Context& ctx,
                            const gitjob::GitQuery& query,
                            const std::string& commit) override;
};

}  // namespace fleet::server
