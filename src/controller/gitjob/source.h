// Where a GitRepo's files come from: the seam between git jobs and the git program.
#pragma once

#include <string>

#include "base/file_tree.h"
#include "base/result.h"
#include "base/secret.h"
#include "fleet/api/gitrepo.h"
#include "kube/client/client.h"
#include "sys/context.h"

namespace fleet::gitjob {

// Which files, and how to log in. As Fleet 0.16: a revision decides what is polled, a branch what
// is cloned; without both it is branch master.
struct GitQuery {
  std::string url;
  std::string branch;
  std::string revision;
  std::string username;
  Secret<> password;
  Secret<> ssh_private_key;
  std::string ssh_known_hosts;
  std::string ca_bundle;  // PEM
  bool insecure_skip_tls_verify = false;
};

class GitSource {
 public:
  virtual ~GitSource() = default;
  // The commit that branch or revision name now.
  // NotFound: "commit not found for branch: x"; ServiceUnavailable when the host is away;
  // Unauthorized when it refuses the credentials.
  virtual Result<std::string> latest_commit(const Context& ctx, const GitQuery& query) = 0;
  virtual Result<FileTree> checkout(const Context& ctx,
                                    const GitQuery& query,
                                    const std::string& commit) = 0;
};

// A GitRepo's query; credentials are read from its secret, or from `gitcredential` if there is one.
Result<GitQuery> query_of(const Context& ctx, kube::Client& client, const api::GitRepo& repo);

}  // namespace fleet::gitjob
