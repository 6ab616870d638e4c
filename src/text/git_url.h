// URLs of git repositories: ordinary ones and git's own user@host:path.
//
// As Fleet 0.16 (pkg/git-urls). Errors: Invalid: `failed to parse "x": no scp URL found in "x"`.
// Limits: kMaxScpBytes. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "text/url.h"

namespace fleet::text {

inline constexpr size_t kMaxScpBytes = 2048;

// user@host:path comes out with scheme ssh and a path without a leading "/".
Result<Url> parse_git_url(std::string_view text);

// True for a URL that git reaches by ssh.
bool is_ssh_url(std::string_view text);

// Where a host that is known for it tells the newest commit of a branch; "" for other hosts.
std::string commits_url(std::string_view repo, std::string_view branch);

}  // namespace fleet::text
