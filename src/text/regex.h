// Regular expressions with the syntax, the matches and the error texts of Go's regexp.
//
// Leftmost-first, linear time. The pattern language is Go's: what RE2 accepts and Go does not
// (`\C`) is refused, what Go accepts and RE2 does not (`(?<name>…)`) is rewritten.
// Errors: Invalid, worded as Go: "error parsing regexp: missing closing ): `(a`".
// Limits: patterns up to kMaxRegexBytes. Threads: const access from any number of them.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fleet::text {

inline constexpr size_t kMaxRegexBytes = 64 * 1024;

class Regex {
 public:
  // A group of a match: bytes [begin, end) of the text, or `matched == false`.
  struct Span {
    size_t begin = 0;
    size_t end = 0;
    bool matched = false;
    std::string_view in(std::string_view text) const {
      return matched ? text.substr(begin, end - begin) : std::string_view();
    }
  };
  // Group 0 is the whole match.
  using Match = std::vector<Span>;

  static Result<Regex> compile(std::string_view pattern);

  const std::string& pattern() const { return pattern_; }
  size_t groups() const;                          // without group 0
  const std::vector<std::string>& names() const;  // by group; "" for group 0 and unnamed ones

  bool matches(std::string_view text) const;  // anywhere in the text
  std::optional<Match> find(std::string_view text, size_t from = 0) const;
  // At most `limit` matches; all of them if negative. As Go: an empty match right behind a match
  // does not count.
  std::vector<Match> find_all(std::string_view text, int limit = -1) const;

  // Every match replaced by the template: `$1`, `${1}`, `$name`, `${name}`, `$$`.
  std::string replace_all(std::string_view text, std::string_view replacement) const;
  std::string replace_all_literal(std::string_view text, std::string_view replacement) const;
  // The text between matches, as Go's Split: 0 gives nothing, negative gives all parts.
  std::vector<std::string> split(std::string_view text, int limit = -1) const;
  // A template filled with the groups of one match, as Go's Expand.
  std::string expand(std::string_view replacement, std::string_view text, const Match& match) const;

 private:
  struct Program;
  std::string pattern_;
  std::shared_ptr<const Program> program_;
};

// About how many parts a pattern has when its repetitions are written out: `(ab{3}){10}` has 40.
// The time and memory to compile it grow with that, so that who compiles patterns of strangers can
// count before. Patterns that do not parse have some size too.
size_t regex_size(std::string_view pattern);

// The text with every special character escaped. As Go's regexp.QuoteMeta.
std::string regex_quote(std::string_view text);

}  // namespace fleet::text
