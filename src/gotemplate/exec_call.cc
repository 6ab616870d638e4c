#include "base/strings.h"
#include "gotemplate/builtins.h"
#include "gotemplate/certificate.h"
#include "gotemplate/machine.h"

namespace fleet::gotemplate {

std::string_view parameter_name(char type) {
  switch (type) {
    case 's':
      return "string";
    case 'b':
      return "bool";
    case 'i':
      return "int";
    case 'l':
      return "int64";
    case 'u':
      return "uint64";
    case 'w':
      return "uint32";
    case 'c':
      return kCertificateType.name;
    case 'f':
      return "float64";
    case 'd':
      return "time.Duration";
    case 'v':
      return "reflect.Value";
    case 'm':
      return "map[string]interface {}";
    case 'A':
      return "[]interface {}";
    case 'S':
      return "[]string";
    case 'B':
      return "[]uint8";
    case 't':
      return "time.Time";
    default:
      return "interface {}";
  }
}

bool can_be_nil(char type) {
  return std::string_view("avmASB").find(type) != std::string_view::npos;
}

Value nil_for(char type) {
  switch (type) {
    case 'm':
      return Value::nil_of(types::kAnyMap);
    case 'A':
      return Value::nil_of(types::kAnyList);
    case 'S':
      return Value::nil_of(types::kStringList);
    case 'B':
      return Value::bytes({});
    case 'a':
      return Value::nil();
    default:
      return Value();
  }
}

bool assignable(const Value& value, char type) {
  bool plain = value.type_index() == 0;
  const Type& own = value.type();
  switch (type) {
    case 's':
      return value.is_string();
    case 'b':
      return value.kind() == Kind::Bool;
    case 'i':
      return value.kind() == Kind::Int && plain;
    case 'l':
      return value.kind() == Kind::Int64 && plain;
    case 'u':
      return value.kind() == Kind::Uint64;
    case 'f':
      return value.kind() == Kind::Float64;
    case 'd':
      return &own == &types::kDuration;
    case 'm':
      return value.kind() == Kind::Map && !own.element;
    case 'A':
      return value.kind() == Kind::List && !own.element;
    case 'S':
      return value.kind() == Kind::List && own.element == &types::kString;
    case 'B':
      return value.kind() == Kind::Bytes;
    case 't':
      return value.kind() == Kind::Time;
    case 'w':
      return false;
    case 'c':
      return &own == &kCertificateType;
    default:
      return true;
  }
}

// Makes sure that a value can be given to a parameter, and shows it as the parameter's type.
bool Machine::validate(Value& value, char type) {
  if (type == 'v') return true;
  if (!value.valid()) {
    if (!can_be_nil(type)) {
      return fail(cat("invalid value; expected ", parameter_name(type)));
    }
    value = nil_for(type);
    return true;
  }
  if (type == 'a') {
    value = value.kind() == Kind::Nil ? Value::nil() : value.unboxed();
    return true;
  }
  if (value.kind() != Kind::Nil && assignable(value, type)) {
    value = value.unboxed();
    return true;
  }
  return fail(cat("wrong type for value; expected ",
                  parameter_name(type),
                  "; got ",
                  value.kind() == Kind::Nil ? "interface {}" : value.type().name));
}

bool Machine::argument(const Node& node, char type, const Value& dot, Value& out) {
  at_ = &node;
  switch (node.kind) {
    case NodeKind::Dot:
      out = dot;
      break;
    case NodeKind::Nil:
      if (!can_be_nil(type)) return fail(cat("cannot assign nil to ", parameter_name(type)));
      out = nil_for(type);
      return true;
    case NodeKind::Field:
      if (!fields(node, static_cast<const FieldNode&>(node).names, dot, dot, {}, nullptr, out)) {
        return false;
      }
      break;
    case NodeKind::Variable:
      if (!variable(static_cast<const VariableNode&>(node), dot, {}, nullptr, out)) return false;
      break;
    case NodeKind::Pipe:
      if (!stack_left() || !pipeline(static_cast<const PipeNode&>(node), dot, out)) return false;
      break;
    case NodeKind::Identifier:
      if (!function(static_cast<const IdentifierNode&>(node), node, dot, {}, nullptr, out)) {
        return false;
      }
      break;
    case NodeKind::Chain:
      if (!chain(static_cast<const ChainNode&>(node), dot, {}, nullptr, out)) return false;
      break;
    default:
      return literal(node, type, out);
  }
  return validate(out, type);
}

bool Machine::literal(const Node& node, char type, Value& out) {
  auto number = [&]() -> const NumberNode* {
    return node.kind == NodeKind::Number ? static_cast<const NumberNode*>(&node) : nullptr;
  };
  switch (type) {
    case 'a':
    case 'v':
      return constant(node, Value(), out);
    case 's':
      if (node.kind != NodeKind::String)
        return fail(cat("expected string; found ", print_node(node)));
      out = Value::string(static_cast<const StringNode&>(node).text);
      return true;
    case 'b':
      if (node.kind != NodeKind::Bool) return fail(cat("expected bool; found ", print_node(node)));
      out = Value::boolean(static_cast<const BoolNode&>(node).value);
      return true;
    case 'i':
    case 'l':
    case 'd':
      if (!number() || !number()->is_int) {
        return fail(cat("expected integer; found ", print_node(node)));
      }
      out = type == 'd' ? Value::duration(number()->integer)
                        : Value::integer(number()->integer, type == 'i' ? Kind::Int : Kind::Int64);
      return true;
    case 'u':
    case 'w':
      if (!number() || !number()->is_uint) {
        return fail(cat("expected unsigned integer; found ", print_node(node)));
      }
      out = Value::unsigned_integer(number()->natural);
      return true;
    case 'f':
      if (!number() || !number()->is_float) {
        return fail(cat("expected float; found ", print_node(node)));
      }
      out = Value::float64(number()->real);
      return true;
    default:
      return fail(
          cat("can't handle ", print_node(node), " for arg of type ", parameter_name(type)));
  }
}

bool Machine::function(const IdentifierNode& node,
                       const Node& whole,
                       const Value& dot,
                       Arguments arguments,
                       const Value* final,
                       Value& out) {
  at_ = &node;
  Callee callee{node.function, node.name, node.inputs, node.variadic};
  if (node.special == Special::None) return call(callee, whole, dot, arguments, final, out);
  if (!arguments.empty()) arguments = arguments.subspan(1);
  if (!count_arguments(callee, arguments, final)) return false;
  if (node.special == Special::Call) return call_builtin(whole, dot, arguments, final, out);
  return short_circuit(node.special, dot, arguments, final, out);
}

// `arguments` are those of the call itself, without the function's name.
bool Machine::count_arguments(const Callee& callee, Arguments arguments, const Value* final) {
  size_t count = arguments.size() + (final ? 1 : 0);
  if (callee.variadic) {
    if (count >= callee.inputs - 1) return true;
    return fail(cat("wrong number of args for ",
                    callee.name,
                    ": want at least ",
                    callee.inputs - 1,
                    " got ",
                    arguments.size()));
  }
  if (count == callee.inputs) return true;
  return fail(
      cat("wrong number of args for ", callee.name, ": want ", callee.inputs, " got ", count));
}

bool Machine::short_circuit(
    Special special, const Value& dot, Arguments arguments, const Value* final, Value& out) {
  for (const Node* one : arguments) {
    if (!argument(*one, 'v', dot, out)) return false;
    if (is_true(out) == (special == Special::Or)) return true;
  }
  if (final) out = *final;
  return true;
}

bool Machine::call(const Callee& callee,
                   const Node& node,
                   const Value& dot,
                   Arguments arguments,
                   const Value* final,
                   Value& out) {
  if (!arguments.empty()) arguments = arguments.subspan(1);  // the function's own name
  if (!count_arguments(callee, arguments, final)) return false;
  if (!step()) return false;
  constexpr size_t kFew = 6;
  Value few[kFew];
  size_t receivers = callee.receiver ? 1 : 0;
  size_t count = arguments.size() + (final ? 1 : 0) + receivers;
  Value* values = count <= kFew ? few : heap_.array<Value>(count);
  if (callee.receiver) values[0] = callee.receiver->unboxed();
  std::string_view signature = callee.function->signature.substr(receivers);
  auto type_of = [&](size_t i) {
    return callee.variadic && i >= callee.inputs - 1 ? signature[callee.inputs - 1] : signature[i];
  };
  for (size_t i = 0; i < arguments.size(); ++i) {
    Value value;
    if (!argument(*arguments[i], type_of(i), dot, value)) return false;
    values[receivers + i] = value;
  }
  if (final) {
    Value value = *final;
    if (!validate(value, type_of(arguments.size()))) return false;
    values[count - 1] = value;
  }
  if (!pay_for({values, count})) return false;
  Result<Value> result = callee.function->body(execution_, {values, count});
  if (!result.ok()) [[unlikely]]
    return fail_call(node, callee.name, result.error());
  out = *result;
  return !heap_.exhausted() || step();  // what it made may be cut off: the step says so
}

// What a function does with long texts takes time and, mostly, their size again.
bool Machine::pay_for(std::span<const Value> values) {
  constexpr size_t kShort = 4096;
  constexpr size_t kBytesPerStep = 64;
  size_t bytes = 0;
  for (const Value& value : values)
    bytes += value.is_string() ? value.as_string().size() : 0;
  if (bytes < kShort) return true;
  if (!heap_.fits(bytes)) {
    return fail(cat("the render needs more than ", execution_.limits_.heap_bytes, " bytes"));
  }
  steps_ += bytes / kBytesPerStep;
  return step();
}

// The builtin `call`: its message names the callee as written.
bool Machine::call_builtin(
    const Node& whole, const Value& dot, Arguments arguments, const Value* final, Value& out) {
  std::vector<Value> values(arguments.size());
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (!argument(*arguments[i], 'v', dot, values[i])) return false;
  }
  if (final) values.push_back(*final);
  std::string name = arguments.empty() ? reflect_text(*final) : print_node(*arguments[0]);
  Value callee = values[0].unboxed();
  if (!callee.valid()) return fail_call(whole, "call", Error(Code::Invalid, "call of nil"));
  if (callee.kind() != Kind::Func) {
    return fail_call(
        whole,
        "call",
        Error(Code::Invalid, cat("non-function ", name, " of type ", callee.type().name)));
  }
  auto result = call_value(*callee.as_function(), std::span<const Value>(values).subspan(1));
  if (!result.ok()) return fail_call(whole, "call", result.error());
  out = *result;
  return true;
}

Result<Value> Machine::call_value(const FuncNode& callee, std::span<const Value> arguments) {
  std::vector<Value> values;
  if (callee.receiver.valid()) values.push_back(callee.receiver);
  values.insert(values.end(), arguments.begin(), arguments.end());
  std::string_view signature = callee.function->signature;
  bool variadic = signature.ends_with('*');
  size_t inputs = signature.size() - (variadic ? 1 : 0);
  if (variadic ? values.size() + 1 < inputs : values.size() != inputs) {
    return Error(Code::Invalid,
                 cat("wrong number of args for ",
                     callee.function->name,
                     ": got ",
                     arguments.size(),
                     variadic ? " want at least " : " want ",
                     variadic ? inputs - 1 : inputs));
  }
  for (size_t i = 0; i < values.size(); ++i) {
    char type = i < inputs ? signature[i] : signature[inputs - 1];
    if (type == 'v' || type == 'V') continue;
    values[i] = values[i].unboxed();
    if (!values[i].valid() && can_be_nil(type)) {
      values[i] = nil_for(type);
    } else if (!values[i].valid() || !assignable(values[i], type)) {
      return Error(Code::Invalid,
                   cat("arg ",
                       i,
                       ": value has type ",
                       values[i].type().name,
                       "; should be ",
                       parameter_name(type)));
    }
  }
  return callee.function->body(execution_, values);
}

}  // namespace fleet::gotemplate
