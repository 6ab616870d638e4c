// Label selectors and field selectors: parse, match and print them as apimachinery 0.36 does.
//
//   auto selector = TRY(LabelSelector::parse("env in (dev,prod),!canary"));
//   selector.matches(object)
//
// Errors: BadRequest for texts, Invalid for objects, both in apimachinery's words.
// Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "data/value/value.h"
#include "kube/meta/object.h"

namespace fleet::kube {

enum class Operator {
  Equals,        // "="
  DoubleEquals,  // "=="
  In,
  NotEquals,
  NotIn,
  Exists,
  DoesNotExist,
  GreaterThan,
  LessThan,
};
std::string_view to_string(
    Operator op);  // "=", "==", "in", "!=", "notin", "exists", "!", "gt", "lt"

struct Requirement {
  std::string key;
  Operator op = Operator::Exists;
  std::vector<std::string> values;  // sorted and without doubles

  bool matches(const StringMap& labels) const;
  bool matches(const data::Value& labels) const;  // an object of strings, as in metadata.labels
  std::string str() const;

  friend bool operator==(const Requirement&, const Requirement&) = default;
};

class LabelSelector {
 public:
  // Everything. An empty selector selects all.
  LabelSelector() = default;
  static LabelSelector everything() { return {}; }
  static LabelSelector nothing();
  // All labels of the map must be there and equal; not validated.
  static LabelSelector from_set(const StringMap& labels);
  // "env=prod,tier in (a,b),!x,n>4".
  static Result<LabelSelector> parse(std::string_view text);
  // A metav1.LabelSelector {matchLabels, matchExpressions}: null selects nothing, {} everything.
  static Result<LabelSelector> from_value(const data::Value& selector);

  bool matches(const StringMap& labels) const;
  bool matches(const data::Value& labels) const;
  bool matches(const Object& object) const { return matches(object.at({"metadata", "labels"})); }

  bool is_everything() const { return !nothing_ && requirements_.empty(); }
  bool is_nothing() const { return nothing_; }
  const std::vector<Requirement>& requirements() const { return requirements_; }
  // Requirements sorted by key, joined with ",".
  std::string str() const;

  friend bool operator==(const LabelSelector&, const LabelSelector&) = default;

 private:
  std::vector<Requirement> requirements_;  // sorted by key
  bool nothing_ = false;
};

// As metav1.FormatLabelSelector: "<none>" for null and {}, "<error>" for a bad one.
std::string format_label_selector(const data::Value& selector);
// As metav1.ParseToLabelSelector: text → {matchLabels, matchExpressions}.
Result<data::Value> parse_to_label_selector(std::string_view text);

// A field selector: "metadata.name=x,spec.nodeName!=y". Terms are ANDed.
class FieldSelector {
 public:
  struct Term {
    std::string field;
    bool equal = true;
    std::string value;

    friend bool operator==(const Term&, const Term&) = default;
  };

  FieldSelector() = default;
  static Result<FieldSelector> parse(std::string_view text);

  bool empty() const { return terms_.empty(); }
  const std::vector<Term>& terms() const { return terms_; }
  // `value_of(field)` gives the object's text for a field ("" if absent).
  template <typename ValueOf>
  bool matches(ValueOf&& value_of) const {
    for (const Term& term : terms_) {
      if ((value_of(std::string_view(term.field)) == term.value) != term.equal) return false;
    }
    return true;
  }
  // The value that `field` must equal, or null.
  const std::string* exact(std::string_view field) const;
  std::string str() const;

 private:
  std::vector<Term> terms_;
};

}  // namespace fleet::kube
