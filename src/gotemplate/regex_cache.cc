#include "gotemplate/regex_cache.h"

#include <string>
#include <unordered_map>

#include "text/regex.h"

namespace fleet::gotemplate {

struct RegexCache::Patterns {
  std::unordered_map<std::string, text::Regex> by_text;
};

RegexCache::RegexCache()
    : patterns_(std::make_unique<Patterns>()) {}
RegexCache::~RegexCache() = default;

bool RegexCache::has(std::string_view pattern) const {
  return patterns_->by_text.contains(std::string(pattern));
}

Result<const text::Regex*> RegexCache::find(std::string_view pattern) {
  auto& known = patterns_->by_text;
  if (weight_ > kMaxCachedWeight || known.size() >= kMaxCachedPatterns) {
    known.clear();
    weight_ = 0;
  }
  auto at = known.find(std::string(pattern));
  if (at != known.end()) return &at->second;
  text::Regex compiled = TRY(text::Regex::compile(pattern));
  weight_ += text::regex_size(pattern) * kBytesPerPart;
  return &known.emplace(std::string(pattern), std::move(compiled)).first->second;
}

}  // namespace fleet::gotemplate
