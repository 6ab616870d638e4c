// JSONPath as printer columns use it: ".spec.repo", ".items[0].name",
// ".status.conditions[?(@.type==\"Ready\")].message", ".metadata.labels['a/b']", "[*]".
//
// Errors: Invalid. Limits: kMaxJsonPathSteps. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "data/value/value.h"

namespace fleet::kube::crd {

inline constexpr size_t kMaxJsonPathSteps = 64;

class JsonPath {
 public:
  static Result<JsonPath> parse(std::string_view text);

  // All values found, in order.
  std::vector<const data::Value*> find(const data::Value& from) const;

 private:
  struct Step {
    enum class Kind { Field, Index, All, Filter };
    Kind kind = Kind::Field;
    std::string field;               // of Field
    int64_t index = 0;               // of Index; negative counts from the end
    std::vector<std::string> inner;  // of Filter: fields after "@"
    std::string op;                  // "", "==", "!=", "<", "<=", ">", ">="
    data::Value wanted;
  };
  class Reader;

  static bool passes(const Step& step, const data::Value& item);

  std::vector<Step> steps_;
};

}  // namespace fleet::kube::crd
