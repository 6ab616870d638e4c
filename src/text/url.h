// URLs as Go 1.26's net/url reads, escapes, resolves and prints them.
//
// Not a validator: what Go lets pass passes. Errors: Invalid, in Go's words:
// `parse "http://h/%zz": invalid URL escape "%zz"`. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fleet::text {

// What a text is escaped for: each part of a URL leaves other characters as they are.
enum class UrlPart { Path, PathSegment, Host, Zone, User, Query, Fragment };
std::string url_escape(std::string_view text, UrlPart part);
Result<std::string> url_unescape(std::string_view text, UrlPart part);

struct UrlUser {
  std::string name;
  std::optional<std::string> password;

  std::string str() const;
  friend bool operator==(const UrlUser&, const UrlUser&) = default;
};

struct Url {
  std::string scheme;  // lower case
  std::string opaque;  // "x" of "mailto:x"
  std::optional<UrlUser> user;
  std::string host;      // with port
  std::string path;      // unescaped
  std::string raw_path;  // as written, when escaping `path` would give something else
  bool omits_host = false;
  bool has_empty_query = false;  // ends in "?"
  std::string raw_query;
  std::string fragment;
  std::string raw_fragment;

  static Result<Url> parse(std::string_view text);

  bool is_absolute() const { return !scheme.empty(); }
  std::string escaped_path() const;
  std::string escaped_fragment() const;
  std::string hostname() const;  // without port and brackets
  std::string port() const;
  std::string str() const;
  std::string redacted() const;  // the password as "xxxxx"

  // With more path behind; ".." is resolved, but not above the root. As URL.JoinPath.
  Result<Url> join(std::string_view more) const;
  // A reference as seen from this URL. As URL.Parse.
  Result<Url> resolve(std::string_view reference) const;

  Result<> set_path(std::string_view escaped);
  friend bool operator==(const Url&, const Url&) = default;
};

// A query's parameters by key. Errors: "invalid semicolon separator in query", bad escapes.
using UrlQuery = std::map<std::string, std::vector<std::string>>;
Result<UrlQuery> parse_url_query(std::string_view text);
// What can be read of a query, faults left out. As URL.Query.
UrlQuery read_url_query(std::string_view text);
std::string encode_url_query(const UrlQuery& query);

}  // namespace fleet::text
