// Compiled patterns of one execution: charts use few patterns many times.
//
// Limits: kMaxCachedPatterns; when full it starts anew. For the .cc files of this room.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "text/regex.h"

namespace fleet::gotemplate {

inline constexpr size_t kMaxCachedPatterns = 512;

class RegexCache {
 public:
  // The pattern, or Go's error. Valid until the next call.
  Result<const text::Regex*> find(std::string_view pattern) {
    auto at = patterns_.find(std::string(pattern));
    if (at != patterns_.end()) return &at->second;
    text::Regex compiled = TRY(text::Regex::compile(pattern));
    if (patterns_.size() >= kMaxCachedPatterns) patterns_.clear();
    return &patterns_.emplace(std::string(pattern), std::move(compiled)).first->second;
  }

 private:
  std::unordered_map<std::string, text::Regex> patterns_;
};

}  // namespace fleet::gotemplate
