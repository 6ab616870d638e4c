// .helmignore: which paths of a chart directory are left out.
//
// As Helm 4.2 `pkg/ignore`: one path.Match pattern a line, `#` comments, a leading `/` anchors,
// a pattern with `/` matches the whole path, others the last name; a trailing `/` means folders
// only; a leading `!` ignores what does NOT match. The first rule that decides wins.
// Errors: Invalid ("double-star (**) syntax is not supported", bad patterns).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fleet::text {

class IgnoreRules {
 public:
  enum class Kind { File, Folder };

  static Result<IgnoreRules> parse(std::string_view text);
  // Helm always appends `templates/.?*`.
  void add_defaults();
  bool ignores(std::string_view path, Kind kind) const;
  bool empty() const { return rules_.empty(); }

 private:
  enum class Scope { LastName, WholePath, Anchored };
  struct Rule {
    std::string pattern;  // for path_match
    Scope scope = Scope::LastName;
    bool negated = false;
    bool folders_only = false;
  };
  static Result<Rule> parse_rule(std::string_view line);

  std::vector<Rule> rules_;
};

}  // namespace fleet::text
