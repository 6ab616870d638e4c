// TemplateSet: template texts, parsed once into programs that every render and thread shares.
//
// As Go 1.26's text/template: each text is parsed under a name; `define` and `block` inside it add
// more templates to the set. A later definition of a name replaces an earlier one, but an empty
// one (blanks and comments) does not replace one that has something to say.
//
//   TemplateSet set(helm_functions());
//   TRY(set.parse("c/templates/a.yaml", text));
//   auto shared = std::make_shared<const TemplateSet>(std::move(set));
//
// Errors: Go's text, such as `template: t:1: unclosed action`, code Invalid.
// Limits: kMaxNesting blocks or parentheses inside each other, kMaxTemplateBytes a text.
// Threads: build with one, then share as const.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "gotemplate/funcs.h"

namespace fleet::gotemplate {

inline constexpr size_t kMaxNesting = 2'000;                   // blocks inside blocks
inline constexpr size_t kMaxParentheses = 10'000;              // Go's own limit
inline constexpr size_t kMaxTemplateBytes = size_t{16} << 20;  // bytes of one text

// Option "missingkey" of text/template: what a missing map key gives.
enum class MissingKey {
  Default,  // no value ("<no value>")
  Zero,     // the zero value of the map's elements
  Error,    // an execution error
};

struct Delimiters {
  std::string left = "{{";
  std::string right = "}}";
};

struct Template;  // one parsed template; program.h
struct Unit;      // one parsed text with all templates defined in it; program.h

// Parses one text without adding it to a set. Used for `tpl`, whose texts are cached.
Result<std::shared_ptr<const Unit>> parse_unit(std::string_view name,
                                               std::string_view text,
                                               const FunctionTable& functions,
                                               const Delimiters& delimiters = {});

class TemplateSet {
 public:
  // `functions` must outlive the set.
  explicit TemplateSet(const FunctionTable& functions,
                       MissingKey missing_key = MissingKey::Default,
                       Delimiters delimiters = {})
      : functions_(&functions),
        missing_key_(missing_key),
        delimiters_(std::move(delimiters)) {}

  // As New(name).Parse(text): the template `name` and whatever the text defines.
  Result<> parse(std::string_view name, std::string_view text);

  const Template* find(std::string_view name) const;
  const FunctionTable& functions() const { return *functions_; }
  MissingKey missing_key() const { return missing_key_; }
  const Delimiters& delimiters() const { return delimiters_; }
  size_t size() const { return templates_.size(); }

 private:
  const FunctionTable* functions_;
  MissingKey missing_key_;
  Delimiters delimiters_;
  std::vector<std::shared_ptr<const Unit>> units_;
  std::unordered_map<std::string_view, const Template*> templates_;
};

}  // namespace fleet::gotemplate
