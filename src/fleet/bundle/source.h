// Where a chart's source text points: a path, an http URL, a git repository. Pure.
//
// As Fleet 0.16. Errors: Invalid: "detecting source URL: github.com URLs must have the form
// github.com/user/repo".
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace fleet::bundle {

struct ParsedSource {
  enum class Scheme { Local, Http, Git };
  Scheme scheme = Scheme::Local;
  std::string url;      // for Local: a path, joined to the base folder when relative
  std::string sub_dir;  // what stands behind "//"
};
std::string_view to_string(ParsedSource::Scheme scheme);  // "local", "http", "git"

Result<ParsedSource> parse_source(std::string_view source, std::string_view base);

// The source without password and ssh key, for messages.
std::string redact_url(std::string_view source);

// A chart's URL of an index, joined to the repository's when it is relative.
Result<std::string> absolute_chart_url(std::string_view repo, std::string_view chart_url);

}  // namespace fleet::bundle
