// URLs as Go 1.26's net/url reads and writes them, for urlParse and urlJoin.
//
// Errors: Go's texts: `parse "http://h/%zz": invalid URL escape "%zz"`.
// For the .cc files of this room.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fleet::gotemplate {

struct GoUrl {
  struct User {
    std::string name;
    std::string password;
    bool has_password = false;
    std::string text() const;  // escaped, "name:password"
  };

  std::string scheme;
  std::string opaque;
  std::optional<User> user;
  std::string host;  // with the port
  std::string path;
  std::string query;
  std::string fragment;
  bool force_query = false;
  bool omit_host = false;

  std::string host_name() const;
  std::string text() const;
};

Result<GoUrl> parse_url(std::string_view text);

}  // namespace fleet::gotemplate
