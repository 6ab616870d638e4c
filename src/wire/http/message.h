// What an HTTP message is made of, for server and client alike.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/result.h"

namespace fleet::http {

// Header fields in order. Names compare without case and are kept in lower case, as HTTP/2 sends
// them.
class Headers {
 public:
  struct Field {
    std::string name;
    std::string value;
    friend bool operator==(const Field&, const Field&) = default;
  };

  Headers() = default;
  Headers(std::initializer_list<std::pair<std::string_view, std::string_view>> fields);

  void set(std::string_view name, std::string_view value);  // replaces all of that name
  void add(std::string_view name, std::string_view value);
  void erase(std::string_view name);

  const std::string* find(std::string_view name) const;  // the first of that name, or null
  std::string_view value(std::string_view name) const;   // the first, or empty
  std::vector<std::string_view> all(std::string_view name) const;
  // True when a comma-separated list field has this member, without case: ("connection", "close").
  bool lists(std::string_view name, std::string_view member) const;

  const std::vector<Field>& fields() const { return fields_; }
  bool empty() const { return fields_.empty(); }
  friend bool operator==(const Headers&, const Headers&) = default;

 private:
  std::vector<Field> fields_;
};

// The decoded parameters of a query string, in order: "a=1&b=x%20y&a=2".
class Query {
 public:
  Query() = default;
  Query(std::initializer_list<std::pair<std::string_view, std::string_view>> parameters);
  // As Go's url.ParseQuery, but pairs with bad escapes or ";" are left out.
  static Query parse(std::string_view text);

  void add(std::string_view name, std::string_view value);
  void set(std::string_view name, std::string_view value);
  bool has(std::string_view name) const { return find(name) != nullptr; }
  const std::string* find(std::string_view name) const;  // the first, or null
  std::string_view value(std::string_view name) const;   // the first, or empty
  std::vector<std::string_view> all(std::string_view name) const;

  struct Parameter {
    std::string name;
    std::string value;
    friend bool operator==(const Parameter&, const Parameter&) = default;
  };
  const std::vector<Parameter>& parameters() const { return parameters_; }
  bool empty() const { return parameters_.empty(); }
  std::string text() const;  // escaped, without "?"

 private:
  std::vector<Parameter> parameters_;
};

// As Go's url.QueryEscape and url.PathEscape ("/" is escaped too).
std::string escape_query(std::string_view text);
std::string escape_path_segment(std::string_view text);
// Nothing for a bad escape. In a query "+" is a blank; in a path it is not.
std::optional<std::string> unescape_query(std::string_view text);
std::optional<std::string> unescape_path(std::string_view text);

// An absolute http or https URL, taken apart.
struct Url {
  std::string scheme;    // "http" or "https"
  std::string user;      // decoded; empty if none
  std::string password;  // decoded
  std::string host;      // without brackets around IPv6
  int port = 0;          // the scheme's own when the text names none
  std::string target;    // path and query as written: "/a%20b?x=1"; at least "/"

  bool tls() const { return scheme == "https"; }
  // "host:port", with brackets for IPv6; the port only when it is not the scheme's own.
  std::string authority() const;
  std::string text() const;  // without user and password
};
// Invalid when it is not such a URL.
Result<Url> parse_url(std::string_view text);
// What `reference` (a Location header) means at `base`.
Result<Url> resolve_url(const Url& base, std::string_view reference);

// "Not Found" for 404; empty for a number without a name.
std::string_view reason_phrase(int status);
// The HTTP status of an error, and the code that fits an answer best.
int status_of(Code code);
Code code_of_status(int status);

}  // namespace fleet::http
