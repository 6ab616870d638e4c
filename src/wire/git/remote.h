// Remote: one git repository on some host. What commit does a name mean now? What is in it?
//
// Names are asked for in process (smart HTTP v2), or by the git program over ssh. Files come by the
// installed git program in a closed environment: no configuration but ours, no prompts, no hooks,
// no filters, secrets neither in arguments nor in messages.
//
// Errors: NotFound (`commit not found for branch: x`, `repository not found`), Unauthorized
// (credentials or host key refused), Forbidden, ServiceUnavailable (host away, bad certificate),
// Invalid (the URL), Timeout, Cancelled, RequestEntityTooLarge.
// As Fleet 0.16: a revision decides what is polled, a branch what is checked out; without both it
// is branch master; files of Git LFS are their pointers.
// Threads: any.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/file_tree.h"
#include "base/result.h"
#include "base/secret.h"
#include "sys/context.h"

namespace fleet::git {

struct RemoteOptions {
  std::string url{};  // http, https, ssh, git, git+ssh, or [user@]host:path
  std::string username{};
  Secret<> password{};            // alone, without a user name, it is the user name (a token)
  Secret<> ssh_private_key{};     // needed for ssh
  std::string ssh_known_hosts{};  // empty: any host key is accepted
  std::string ca_bundle{};        // PEM, trusted beside the system's authorities
  bool insecure_skip_tls_verify = false;
};

struct CheckoutRequest {
  std::string branch{};
  std::string revision{};  // a tag, a commit, or what git understands; used without a branch
  std::string commit{};    // exactly this one, if it is known; full hexadecimal
};

struct Limits {
  size_t max_files = 200'000;
  size_t max_total_bytes = size_t{1} << 30;
  int max_submodule_depth = 10;
};

struct Checkout {
  std::string commit;
  FileTree tree;  // with the files of submodules
};

struct Author {
  std::string name;
  std::string email;
};

class Remote {
 public:
  // Invalid: `failed to parse "x": ...`, or ssh without a key.
  static Result<Remote> open(RemoteOptions options);

  // Full hexadecimal. A revision of that form is returned without asking.
  Result<std::string> latest_commit(const Context& ctx,
                                    std::string_view branch,
                                    std::string_view revision) const;
  Result<Checkout> checkout(const Context& ctx,
                            const CheckoutRequest& request,
                            const Limits& limits = {}) const;
  // Writes these files on top of a branch and pushes; the new commit. The branch must not have
  // moved meanwhile (Conflict).
  Result<std::string> push(const Context& ctx,
                           std::string_view branch,
                           const std::map<std::string, std::string>& files,
                           const Author& author,
                           const std::string& message) const;

 private:
  explicit Remote(RemoteOptions options)
      : options_(std::move(options)) {}
  RemoteOptions options_;
};

// As Fleet 0.16: "invalid branch name: ...".
Result<> check_branch_name(std::string_view branch);
bool is_commit_id(std::string_view text);  // 40 or 64 hexadecimal digits

}  // namespace fleet::git
