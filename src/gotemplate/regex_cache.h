// Compiled patterns of one execution: charts use few patterns many times.
//
// Limits: kMaxCachedPatterns, and kMaxCachedWeight of what patterns and their matches may have
// taken; when full it starts anew. For the .cc files of this room.
#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"

namespace fleet::text {
class Regex;
}  // namespace fleet::text

namespace fleet::gotemplate {

inline constexpr size_t kMaxCachedPatterns = 512;
inline constexpr size_t kMaxCachedWeight = size_t{32} << 20;  // bytes, guessed

class RegexCache {
 public:
  RegexCache();
  ~RegexCache();
  // The pattern, or Go's error. Valid until the next call.
  Result<const text::Regex*> find(std::string_view pattern);
  bool has(std::string_view pattern) const;
  // Matching makes a machine of states, which grows with what is matched.
  void matched(size_t text_bytes) { weight_ += text_bytes * kBytesPerByte; }

 private:
  struct Patterns;
  static constexpr size_t kBytesPerByte = 64;
  static constexpr size_t kBytesPerPart = 256;
  std::unique_ptr<Patterns> patterns_;
  size_t weight_ = 0;
};

}  // namespace fleet::gotemplate
