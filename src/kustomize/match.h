// Match: a selector whose five texts are regular expressions for whole strings.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "kustomize/kustomization.h"
#include "kustomize/resource.h"
#include "text/regex.h"

namespace fleet::kustomize {

class Match {
 public:
  // Errors: Invalid for a bad regular expression.
  static Result<Match> compile(const Selector& selector);

  bool gvk(const Gvk& gvk) const;
  bool name(std::string_view name) const { return matches(name_, name); }
  bool ns(std::string_view ns) const { return matches(ns_, ns); }
  // Errors: a selector that cannot be read.
  Result<bool> labels(const Resource& resource) const;
  Result<bool> annotations(const Resource& resource) const;

 private:
  // A plain word is compared, not matched.
  struct Pattern {
    std::string word;
    std::optional<text::Regex> regex;
  };
  static Result<Pattern> pattern_of(const std::string& text);
  static bool matches(const Pattern& pattern, std::string_view text);

  Pattern group_;
  Pattern version_;
  Pattern kind_;
  Pattern name_;
  Pattern ns_;
  std::string label_selector_;
  std::string annotation_selector_;
};

// `selector` in Kubernetes' syntax against a map of texts below metadata.
Result<bool> selector_matches(std::string_view selector,
                              const Resource& resource,
                              std::string_view field);

}  // namespace fleet::kustomize
