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

Result<const text::Regex*> RegexCache::find(std::string_view pattern) {
  auto& known = patterns_->by_text;
  auto at = known.find(std::string(pattern));
  if (at != known.end()) return &at->second;
  text::Regex compiled = TRY(text::Regex::compile(pattern));
  if (known.size() >= kMaxCachedPatterns) known.clear();
  return &known.emplace(std::string(pattern), std::move(compiled)).first->second;
}

}  // namespace fleet::gotemplate
