// Repositories: a git host with bare repositories, and commits to them.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "sys/context.h"
#include "wire/git/http_host.h"

namespace fleet::e2e {

// Path → text; nothing: the file, or all of the folder, is removed if it is there.
using Changes = std::map<std::string, std::optional<std::string>>;

class Repositories {
 public:
  // Everything is kept below `folder`.
  static Result<Repositories> start(const Context& ctx, const std::string& folder);

  std::string url(const std::string& repository) const { return host_->url(repository); }
  // "http://127.0.0.1:4711"
  std::string base_url() const;

  // A commit on `main` of a repository, which is made when it is not there. The commit's id.
  Result<std::string> commit(const Context& ctx,
                             const std::string& repository,
                             const Changes& changes);
  // The same from all files of a folder.
  Result<std::string> commit_folder(const Context& ctx,
                                    const std::string& repository,
                                    const std::string& folder);

 private:
  std::string folder_;
  std::unique_ptr<git::HttpHost> host_;
};

}  // namespace fleet::e2e
