// Compiled patterns of one execution: charts use few patterns many times.
//
// Limits: kMaxCachedPatterns; when full it starts anew. For the .cc files of this room.
#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"

namespace fleet::text {
class Regex;
}  // namespace fleet::text

namespace fleet::gotemplate {

inline constexpr size_t kMaxCachedPatterns = 512;

class RegexCache {
 public:
  RegexCache();
  ~RegexCache();
  // The pattern, or Go's error. Valid until the next call.
  Result<const text::Regex*> find(std::string_view pattern);

 private:
  struct Patterns;
  std::unique_ptr<Patterns> patterns_;
};

}  // namespace fleet::gotemplate
