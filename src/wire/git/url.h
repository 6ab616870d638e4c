// Where a repository is, as git programs write it.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace fleet::git {

struct RemoteUrl {
  std::string scheme;    // "http", "https", "ssh", "git"
  std::string user;      // decoded; empty if none
  std::string password;  // decoded; only http(s)
  std::string host;
  int port = 0;      // 0: the scheme's own
  std::string path;  // as written

  bool is_http() const { return scheme == "http" || scheme == "https"; }
  bool is_ssh() const { return scheme == "ssh"; }
  // For the git program, without a password: "https://host:8443/path", "ssh://git@host/path".
  std::string text() const;
  std::string origin() const;  // "https://host:8443"
};

// URLs with one of these schemes (git+ssh is ssh), or the short form `[user@]host:path`.
// Local paths and options (a leading "-") are refused: `failed to parse "x": ...`.
Result<RemoteUrl> parse_remote_url(std::string_view text);

// A submodule's URL: "../other.git" and "./x" are relative to its parent's.
std::string resolve_submodule_url(const RemoteUrl& parent, std::string_view url);

}  // namespace fleet::git
