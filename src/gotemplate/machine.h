// Machine: the interpreter behind Execution. For the .cc files of this room.
//
// Statements run in a loop over flat code with explicit stacks; expressions are evaluated by
// recursive functions that return false after `fail`. The node being worked on is kept in `at_`, in
// the order in which text/template moves it, since messages name it.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "gotemplate/exec.h"
#include "gotemplate/program.h"

namespace fleet::gotemplate {

// Templates defined by a running `tpl`, seen before those of the set.
struct Scope {
  const Scope* outer = nullptr;
  const Unit* unit = nullptr;
};

class Machine {
 public:
  explicit Machine(Execution& execution)
      : execution_(execution),
        heap_(execution.heap_) {}

  void reset();
  // Runs a template to its end; appends to `out`. Re-entrant: functions may run templates.
  bool run(const Template& entry, const Value& dot, std::string& out);
  const Template* lookup(std::string_view name) const;
  bool charge(uint64_t steps);
  void count_output(size_t bytes) { written_ += bytes; }  // of a template that has ended
  Result<Value> include(std::string_view name, const Value& dot);
  Result<Value> evaluate(std::string_view text, const Value& dot);
  Result<Value> call_value(const FuncNode& function, std::span<const Value> arguments);

 private:
  using Arguments = std::span<const Node* const>;

  struct Frame {
    const Template* running = nullptr;
    const Instruction* next = nullptr;
    Value dot;
    size_t variables = 0;  // where its variables begin
  };
  struct Variable {
    uint32_t id = 0;
    Value value;
  };
  struct Control {
    size_t mark = 0;  // height of the variables when it was entered
    Value outer_dot;
    const PipeNode* pipe = nullptr;  // of a range
    enum class Over : uint8_t { Nothing, Count, Items, Entries, Bytes } over = Over::Nothing;
    bool boxed = false;
    Kind number = Kind::Int;
    size_t index = 0;
    size_t size = 0;
    size_t body_mark = 0;  // height of the variables with those of the range
    union {
      const Value* items = nullptr;
      const Entry* entries;
      const char* bytes;
    };
  };

  // Failures.
  bool fail(std::string_view message);
  bool fail_call(const Node& node, std::string_view name, const Error& error);
  bool step();  // counts one step; false when a limit is reached
  bool stack_left();

  // Statements; exec_statement.cc.
  bool loop(size_t bottom);
  bool branch(const Instruction& in, bool& go_on);
  bool enter_block(const Instruction& instruction, bool sets_dot, bool& taken);
  bool enter_range(const PipeNode& pipe, bool& any);
  bool start_range(const Value& over, Control& control);
  bool next_item(bool& more);
  bool set_range_variables(const PipeNode& pipe, const Value& index, const Value& element);
  void leave();
  bool call_template(const TemplateCallNode& call, size_t bottom);
  bool print(const ActionNode& action, const Value& value);

  // Expressions; exec_eval.cc.
  bool pipeline(const PipeNode& pipe, const Value& dot, Value& out);
  bool command(const CommandNode& node, const Value& dot, const Value* final, Value& out);
  bool constant(const Node& node, const Value& dot, Value& out);
  bool not_a_function(Arguments arguments, const Value* final);
  bool variable_value(const VariableNode& node, Value& out);
  bool set_variable(const VariableNode& node, const Value& value);
  bool variable(const VariableNode& node,
                const Value& dot,
                Arguments arguments,
                const Value* final,
                Value& out);
  bool chain(
      const ChainNode& node, const Value& dot, Arguments arguments, const Value* final, Value& out);
  bool fields(const Node& node,
              std::span<const std::string_view> names,
              const Value& dot,
              Value receiver,
              Arguments arguments,
              const Value* final,
              Value& out);
  bool field(const Node& node,
             std::string_view name,
             const Value& dot,
             const Value& receiver,
             Arguments arguments,
             const Value* final,
             Value& out);
  bool missing(std::string_view name, const Type& map, Value& out);

  // Calls; exec_call.cc.
  struct Callee {
    const Function* function;
    std::string_view name;
    size_t inputs;
    bool variadic;
    const Value* receiver = nullptr;  // of a method
  };
  bool function(const IdentifierNode& node,
                const Node& whole,
                const Value& dot,
                Arguments arguments,
                const Value* final,
                Value& out);
  bool call(const Callee& callee,
            const Node& node,
            const Value& dot,
            Arguments arguments,
            const Value* final,
            Value& out);
  bool pay_for(std::span<const Value> values);
  bool count_arguments(const Callee& callee, Arguments arguments, const Value* final);
  bool short_circuit(
      Special special, const Value& dot, Arguments arguments, const Value* final, Value& out);
  bool call_builtin(
      const Node& whole, const Value& dot, Arguments arguments, const Value* final, Value& out);
  bool argument(const Node& node, char type, const Value& dot, Value& out);
  bool literal(const Node& node, char type, Value& out);
  bool validate(Value& value, char type);

  Execution& execution_;
  Heap& heap_;
  std::vector<Frame> frames_;
  std::vector<Variable> variables_;
  std::vector<Control> controls_;
  std::string* out_ = nullptr;
  const Node* at_ = nullptr;
  const Template* running_ = nullptr;
  const Scope* scope_ = nullptr;
  uint64_t steps_ = 0;
  size_t written_ = 0;  // bytes of templates that have ended
  uintptr_t stack_base_ = 0;
  std::unordered_map<const Template*, size_t> included_;
  std::unordered_map<std::string, std::shared_ptr<const Unit>> texts_;  // of tpl
  size_t text_bytes_ = 0;
};

// Go's name of a parameter type letter, see type.h.
std::string_view parameter_name(char type);
bool can_be_nil(char type);
// The zero value of a type that can be nil.
Value nil_for(char type);
// Whether a concrete value can be given to a parameter of that type.
bool assignable(const Value& value, char type);

}  // namespace fleet::gotemplate
