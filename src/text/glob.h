// Path patterns, in the two dialects our originals use.
//
// Glob is gobwas/glob 0.2.3 with its habits, oddities included (`?` alone matches the empty name,
// `a**a` matches "a"): `*` stops at separators, `**` does not, `?`, `[abc]`, `[!a-z]`, `{x,y}`,
// `\` escapes. path_match is Go's path.Match.
// Errors: Invalid. Threads: const access from any number of them.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fleet::text {

inline constexpr size_t kMaxGlobBytes = 4096;
inline constexpr size_t kMaxGlobDepth = 64;  // nested { }

struct GlobNode;

class Glob {
 public:
  // `separators`: the runes at which `*` and `?` stop; none if empty.
  static Result<Glob> compile(std::string_view pattern, std::u32string_view separators = {});
  bool matches(std::string_view name) const;

 private:
  std::shared_ptr<const GlobNode> root_;
};

// The whole name against the pattern: `*` and `?` stop at "/", `[a-z]`, `[^a-z]`, `\` escapes.
// Invalid ("syntax error in pattern") as soon as a bad part of the pattern is reached.
Result<bool> path_match(std::string_view pattern, std::string_view name);

}  // namespace fleet::text
