#include "kustomize/match.h"

#include <utility>

#include "base/strings.h"
#include "kube/meta/selector.h"

namespace fleet::kustomize {

Result<Match::Pattern> Match::pattern_of(const std::string& text) {
  Pattern pattern;
  pattern.word = text;
  constexpr std::string_view kSpecial = "\\.+*?()|[]{}^$";
  if (text.empty() || text.find_first_of(kSpecial) == std::string::npos) return pattern;
  pattern.regex = TRY(text::Regex::compile(cat("^(?:", text, ")$")));
  return pattern;
}

bool Match::matches(const Pattern& pattern, std::string_view text) {
  if (pattern.word.empty()) return true;
  if (!pattern.regex) return pattern.word == text;
  return pattern.regex->matches(text);
}

Result<Match> Match::compile(const Selector& selector) {
  Match match;
  match.group_ = TRY(pattern_of(selector.group));
  match.version_ = TRY(pattern_of(selector.version));
  match.kind_ = TRY(pattern_of(selector.kind));
  match.name_ = TRY(pattern_of(selector.name));
  match.ns_ = TRY(pattern_of(selector.ns));
  match.label_selector_ = selector.label_selector;
  match.annotation_selector_ = selector.annotation_selector;
  return match;
}

bool Match::gvk(const Gvk& gvk) const {
  return matches(group_, gvk.group) && matches(version_, gvk.version) && matches(kind_, gvk.kind);
}

Result<bool> Match::labels(const Resource& resource) const {
  if (label_selector_.empty()) return true;
  return selector_matches(label_selector_, resource, "labels");
}

Result<bool> Match::annotations(const Resource& resource) const {
  if (annotation_selector_.empty()) return true;
  return selector_matches(annotation_selector_, resource, "annotations");
}

Result<bool> selector_matches(std::string_view selector,
                              const Resource& resource,
                              std::string_view field) {
  auto parsed = TRY(kube::LabelSelector::parse(selector));
  kube::StringMap values;
  const yaml::Node* metadata = resource.metadata();
  const yaml::Node* map = metadata == nullptr ? nullptr : metadata->find(field);
  if (map != nullptr && map->is_mapping()) {
    for (size_t i = 0; i < map->pairs(); i++)
      values[std::string(map->key(i).text())] = map->value(i).text();
  }
  return parsed.matches(values);
}

}  // namespace fleet::kustomize
