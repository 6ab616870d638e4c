// CEL: the expression language of x-kubernetes-validations.
//
//   auto program = TRY(cel::Program::compile("self.replicas <= self.maxReplicas"));
//   auto answer = program.evaluate({{"self", object}});
//
// The language: literals, operators, `? :`, field and index access, has(), in, list and map
// literals, the macros all, exists, exists_one, map, filter, and the functions of Kubernetes 1.36:
// strings, regular expressions, lists, quantities, IPs and CIDRs, URLs, durations and timestamps,
// sets, formats, optionals (`a.?b.orValue(c)`), cel.bind, two-variable comprehensions.
// Types are checked when values meet: an expression that uses what it does not know is refused at
// compile time, with line and column; a type that does not fit is an error of the evaluation.
// Limits: kMaxExpressionBytes, kMaxExpressionDepth; each evaluation stops at its cost limit.
// Pure. Threads: a const Program may be evaluated from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "data/value/value.h"

namespace fleet::kube::cel {

inline constexpr size_t kMaxExpressionBytes = 64 * 1024;
inline constexpr int kMaxExpressionDepth = 100;
inline constexpr uint64_t kDefaultCostLimit = 1'000'000;  // per rule; steps and bytes looked at

// A variable's value. One that `is_optional` is CEL's optional: empty when `value` is null.
struct Variable {
  std::string_view name;
  const data::Value* value = nullptr;
  bool is_optional = false;
};

class Program {
 public:
  // `variables` are the names that the expression may use ("self", "oldSelf").
  // Errors: Invalid: `ERROR: <input>:1:6: Syntax error: …`.
  static Result<Program> compile(std::string_view expression,
                                 const std::vector<std::string>& variables);

  // True when the expression mentions the variable.
  bool uses(std::string_view variable) const;

  struct Limits {
    uint64_t cost = kDefaultCostLimit;
  };
  // The value as JSON. Errors: Invalid with CEL's words ("no such key: x"); Timeout when the cost
  // limit is passed. `cost` gets what was spent.
  Result<data::Value> evaluate(const std::vector<Variable>& variables,
                               Limits limits,
                               uint64_t* cost = nullptr) const;

 private:
  struct Code;
  std::shared_ptr<const Code> code_;
};

}  // namespace fleet::kube::cel
