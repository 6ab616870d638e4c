// Execution: runs the templates of a set. Read this first.
//
//   Execution run(set, host);                          // set: shared_ptr<const TemplateSet>
//   Value dot = wrap(run.heap(), root);                // root: data::Value, kept by the caller
//   std::string out;
//   if (!run.execute("c/templates/a.yaml", dot, out)) return run.failure().text();
//
// One Execution renders one chart: all its templates, one after another, so that what one template
// changes with `set` is seen by the next. `reset` makes it ready for the next render and keeps
// what is worth keeping: memory and the parsed `tpl` texts. So a thread that renders a chart for
// many clusters has one Execution.
//
// Limits (`Limits`): steps, bytes of output and heap, depth. Each ends the render with a failure
// that says which one it was. Threads: one at a time.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gotemplate/heap.h"
#include "gotemplate/host.h"
#include "gotemplate/parse.h"
#include "gotemplate/value.h"

namespace fleet::gotemplate {

struct Limits {
  uint64_t steps = 20'000'000;             // nodes walked in one render
  size_t output_bytes = size_t{64} << 20;  // of all templates of one render together
  size_t heap_bytes = kMaxHeapBytes;
  size_t template_depth = 100'000;       // {{ template }} in {{ template }}, as Go
  size_t stack_bytes = size_t{5} << 20;  // of native stack, for include, tpl and parentheses
  size_t include_depth = 1'000;          // of one name, as Helm
};

// Why a render stopped. Errors wrap each other as in Go: `links` holds what each adds in front of
// the next, outermost first. What errors.Unwrap would give are the texts from each link on.
struct Failure {
  std::vector<std::string> links;
  bool executing = false;  // a template was being executed: Go's template.ExecError

  std::string text(size_t from = 0) const;  // the whole text, or that of an inner error
};

// As Helm 4.2's engine words an execution failure: short for `required` and `fail`, one line for
// what a function returned, else a frame of three lines for each link.
std::string helm_execution_error(const Failure& failure, std::string_view file);
// As Helm 4.2's engine words a parse error: "parse error at (FILE:LINE): MESSAGE".
std::string helm_parse_error(std::string_view text, std::string_view file);

class Machine;
class RegexCache;

class Execution {
 public:
  Execution(std::shared_ptr<const TemplateSet> set, Host& host, Limits limits = {});
  ~Execution();
  Execution(const Execution&) = delete;
  Execution& operator=(const Execution&) = delete;

  // As ExecuteTemplate: appends the output of template `name` to `out`. False: see `failure`; `out`
  // then holds what was written before.
  bool execute(std::string_view name, const Value& dot, std::string& out);
  const Failure& failure() const { return failure_; }

  // Values made before are gone; limits start anew.
  void reset();

  Heap& heap() { return heap_; }
  Host& host() { return *host_; }
  const Limits& limits() const { return limits_; }
  const TemplateSet& set() const { return *set_; }
  // Counts work done by a function that makes nothing; false when the limit is reached.
  bool charge(uint64_t steps);

  RegexCache& regexes() { return *regexes_; }

  // For functions that run templates. The text lives in the heap; an error's failure is kept and
  // becomes part of the outer failure, so the error must be returned.
  Result<Value> include(std::string_view name, const Value& dot);
  Result<Value> evaluate(std::string_view text, const Value& dot);  // Helm's tpl
  // Calls a function value, as the builtin `call`.
  Result<Value> call(const FuncNode& function, std::span<const Value> arguments);

 private:
  friend class Machine;

  std::shared_ptr<const TemplateSet> set_;
  Host* host_;
  Limits limits_;
  Heap heap_;
  Failure failure_;
  std::vector<std::string> inner_;  // links of the template that a function ran in vain
  std::unique_ptr<Machine> machine_;
  std::unique_ptr<RegexCache> regexes_;
};

}  // namespace fleet::gotemplate
