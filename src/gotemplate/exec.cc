#include "gotemplate/exec.h"

#include <algorithm>

#include "base/strings.h"
#include "gotemplate/machine.h"
#include "gotemplate/regex_cache.h"

namespace fleet::gotemplate {
namespace {

constexpr std::string_view kRootName = "gotpl";  // Helm's name for the set, and for tpl texts
constexpr size_t kMaxCachedTextBytes = size_t{16} << 20;  // of tpl texts kept between renders

std::string without_no_value(std::string_view text) {
  return replace_all(text, "<no value>", "");
}

}  // namespace

std::string Failure::text(size_t from) const {
  std::string out;
  for (size_t i = from; i < links.size(); ++i)
    out += links[i];
  return out;
}

Execution::Execution(std::shared_ptr<const TemplateSet> set, Host& host, Limits limits)
    : set_(std::move(set)),
      host_(&host),
      limits_(limits),
      heap_(limits.heap_bytes),
      machine_(std::make_unique<Machine>(*this)),
      regexes_(std::make_unique<RegexCache>()) {}

Execution::~Execution() = default;

bool Execution::execute(std::string_view name, const Value& dot, std::string& out) {
  const Template* entry = machine_->lookup(name);
  if (!entry) {
    failure_.links = {
        cat("template: no template ", quote(name), " associated with template ", quote(kRootName))};
    failure_.executing = false;
    return false;
  }
  size_t before = out.size();
  bool done = machine_->run(*entry, dot, out);
  machine_->count_output(out.size() - before);
  return done;
}

void Execution::reset() {
  heap_.clear();
  failure_ = {};
  inner_ = {};
  machine_->reset();
}

bool Execution::charge(uint64_t steps) {
  return machine_->charge(steps);
}

Result<Value> Execution::include(std::string_view name, const Value& dot) {
  return machine_->include(name, dot);
}

Result<Value> Execution::evaluate(std::string_view text, const Value& dot) {
  return machine_->evaluate(text, dot);
}

Result<Value> Execution::call(const FuncNode& function, std::span<const Value> arguments) {
  return machine_->call_value(function, arguments);
}

void Machine::reset() {
  steps_ = 0;
  written_ = 0;
  included_.clear();
  if (text_bytes_ > kMaxCachedTextBytes) {
    texts_.clear();
    text_bytes_ = 0;
  }
}

const Template* Machine::lookup(std::string_view name) const {
  const Template* blank = nullptr;  // an empty definition does not hide an outer one
  for (const Scope* scope = scope_; scope; scope = scope->outer) {
    const Template* found = scope->unit->find(name);
    if (found && !found->empty) return found;
    if (found && !blank) blank = found;
  }
  const Template* found = execution_.set_->find(name);
  return found ? found : blank;
}

// Go's text of a failure at `at_`; percent signs and all.
bool Machine::fail(std::string_view message) {
  Failure& failure = execution_.failure_;
  failure.executing = true;
  if (!at_) {
    failure.links = {cat("template: ", running_->name, ": ", message)};
    return false;
  }
  std::string_view before = std::string_view(running_->unit->text).substr(0, at_->position);
  size_t newline = before.rfind('\n');
  size_t column = newline == std::string_view::npos ? before.size() : before.size() - newline - 1;
  auto line = std::count(before.begin(), before.end(), '\n') + 1;
  failure.links = {cat("template: ",
                       running_->unit->name,
                       ":",
                       line,
                       ":",
                       column,
                       ": executing ",
                       quote(running_->name),
                       " at <",
                       print_node(*at_),
                       ">: ",
                       message)};
  return false;
}

// A function failed: by itself, or because of the template it ran.
bool Machine::fail_call(const Node& node, std::string_view name, const Error& error) {
  at_ = &node;
  std::vector<std::string> inner = std::move(execution_.inner_);
  execution_.inner_.clear();
  fail(cat("error calling ", name, ": "));
  auto& links = execution_.failure_.links;
  if (inner.empty()) inner.push_back(error.message());
  links.insert(
      links.end(), std::make_move_iterator(inner.begin()), std::make_move_iterator(inner.end()));
  return false;
}

Result<Value> Machine::include(std::string_view name, const Value& dot) {
  const Template* entry = lookup(name);
  if (!entry) {
    return Error(
        Code::Invalid,
        cat("template: no template ", quote(name), " associated with template ", quote(kRootName)));
  }
  size_t& depth = included_[entry];
  if (depth > execution_.limits_.include_depth) {
    return Error(Code::Invalid,
                 cat("rendering template has a nested reference name: ",
                     name,
                     ": unable to execute template"));
  }
  ++depth;
  std::string& out = *out_;
  size_t start = out.size();
  bool done = run(*entry, dot, out);
  --included_[entry];
  if (!done) {
    out.resize(start);
    execution_.inner_ = std::move(execution_.failure_.links);
    return Error(Code::Invalid, "the template failed");  // `inner_` says why
  }
  Value text = Value::string(heap_.copy(std::string_view(out).substr(start)));
  out.resize(start);
  return text;
}

Result<Value> Machine::evaluate(std::string_view text, const Value& dot) {
  if (text.find(execution_.set_->delimiters().left) == std::string_view::npos) {
    if (text.find("<no value>") == std::string_view::npos) return Value::string(text);
    return Value::string(heap_.copy(without_no_value(text)));
  }
  auto at = texts_.find(std::string(text));
  if (at == texts_.end()) {
    auto unit =
        parse_unit(kRootName, text, execution_.set_->functions(), execution_.set_->delimiters());
    if (!unit.ok()) {
      return Error(Code::Invalid,
                   cat("cannot parse template ", quote(text), ": ", unit.error().message()));
    }
    text_bytes_ += text.size() * 4;
    heap_.charge(text.size() * 4);
    at = texts_.emplace(std::string(text), std::move(unit).value()).first;
  }
  std::shared_ptr<const Unit> unit = at->second;
  Scope scope{scope_, unit.get()};
  const Scope* outer = scope_;
  scope_ = &scope;
  std::string& out = *out_;
  size_t start = out.size();
  bool done = run(*unit->find(kRootName), dot, out);
  scope_ = outer;
  if (!done) {
    out.resize(start);
    execution_.inner_ = std::move(execution_.failure_.links);
    execution_.inner_.insert(execution_.inner_.begin(),
                             cat("error during tpl function execution for ", quote(text), ": "));
    return Error(Code::Invalid, "the template failed");
  }
  std::string_view written = std::string_view(out).substr(start);
  Value result = written.find("<no value>") == std::string_view::npos
                     ? Value::string(heap_.copy(written))
                     : Value::string(heap_.copy(without_no_value(written)));
  out.resize(start);
  return result;
}

}  // namespace fleet::gotemplate
