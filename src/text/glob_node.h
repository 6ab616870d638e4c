// The two forms of a glob inside this room: the pattern as parsed, and the matcher it becomes.
//
// As gobwas/glob 0.2.3: which matcher a pattern becomes decides its odd answers, so the choice
// follows the original: fixed-length neighbours become a Row, wildcards an Every, the rest a Split
// around the longest fixed-length part.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "text/glob.h"

namespace fleet::text {

inline constexpr size_t kMaxGlobParts = 256;
inline constexpr int kMaxGlobSteps = 200'000;  // of matching one name; then it does not match

struct GlobSyntax {
  enum class Kind { Nothing, Sequence, List, Range, Text, Any, Super, Single, Choice };
  Kind kind = Kind::Nothing;
  std::string text;     // Text
  std::u32string list;  // List, or the two ends of a Range
  bool negated = false;
  std::vector<GlobSyntax> children;
  friend bool operator==(const GlobSyntax&, const GlobSyntax&) = default;
};

Result<GlobSyntax> parse_glob(std::string_view pattern);

using GlobNodes = std::vector<std::shared_ptr<const GlobNode>>;

struct GlobNode {
  enum class Kind {
    Nothing,
    Text,
    List,
    Range,
    Single,
    Any,
    Super,
    Row,       // children one after another, each of fixed length
    Choice,    // any child
    Every,     // all children
    Split,     // value somewhere, left before it, right behind it
    Contains,  // or, negated, does not contain
    Min,
    Max,
    Prefix,
    Suffix,
    PrefixSuffix,
    PrefixAny,  // then no separator
    SuffixAny,
  };
  Kind kind = Kind::Nothing;
  std::string text;
  std::string suffix;   // PrefixSuffix
  std::u32string list;  // List, Range ends, separators
  bool negated = false;
  int limit = 0;    // Min, Max: runes
  int length = -1;  // runes matched, or -1 when it varies
  GlobNodes children;
  std::shared_ptr<const GlobNode> value, left, right;  // Split
};

std::shared_ptr<const GlobNode> compile_glob(const GlobSyntax& syntax,
                                             std::u32string_view separators);
bool match_glob(const GlobNode& node, std::string_view name);

}  // namespace fleet::text
