#include "base/strings.h"
#include "gotemplate/machine.h"

namespace fleet::gotemplate {

bool Machine::pipeline(const PipeNode& pipe, const Value& dot, Value& out) {
  at_ = &pipe;
  Value value;
  const Value* final = nullptr;
  Value previous;
  for (const CommandNode* one : pipe.commands) {
    if (!command(*one, dot, final, value)) return false;
    value = value.unboxed();
    previous = value;
    final = &previous;
  }
  for (const VariableNode* name : pipe.declared) {
    if (pipe.assigns) {
      if (!set_variable(*name, value)) return false;
    } else {
      variables_.push_back(Variable{name->id, value});
    }
  }
  out = value;
  return true;
}

bool Machine::command(const CommandNode& node, const Value& dot, const Value* final, Value& out) {
  const Node& first = *node.arguments[0];
  switch (first.kind) {
    case NodeKind::Field:
      at_ = &first;
      return fields(
          first, static_cast<const FieldNode&>(first).names, dot, dot, node.arguments, final, out);
    case NodeKind::Chain:
      return chain(static_cast<const ChainNode&>(first), dot, node.arguments, final, out);
    case NodeKind::Identifier:
      return function(
          static_cast<const IdentifierNode&>(first), node, dot, node.arguments, final, out);
    case NodeKind::Pipe:
      return not_a_function(node.arguments, final) && stack_left() &&
             pipeline(static_cast<const PipeNode&>(first), dot, out);
    case NodeKind::Variable:
      return variable(static_cast<const VariableNode&>(first), dot, node.arguments, final, out);
    default:
      at_ = &first;
      return not_a_function(node.arguments, final) && constant(first, dot, out);
  }
}

bool Machine::constant(const Node& node, const Value& dot, Value& out) {
  switch (node.kind) {
    case NodeKind::Bool:
      out = Value::boolean(static_cast<const BoolNode&>(node).value);
      return true;
    case NodeKind::Dot:
      out = dot;
      return true;
    case NodeKind::Number: {
      const auto& number = static_cast<const NumberNode&>(node);
      if (number.overflows) return fail(cat(number.text, " overflows int"));
      out = number.ideal;
      return true;
    }
    case NodeKind::String:
      out = Value::string(static_cast<const StringNode&>(node).text);
      return true;
    default:
      return fail("nil is not a command");
  }
}

bool Machine::not_a_function(Arguments arguments, const Value* final) {
  if (arguments.size() <= 1 && !final) return true;
  return fail(cat("can't give argument to non-function ", print_node(*arguments[0])));
}

bool Machine::variable_value(const VariableNode& node, Value& out) {
  size_t first = frames_.back().variables;
  if (node.id == 0 && !running_->declares_dollar) {
    out = variables_[first].value;
    return true;
  }
  for (size_t i = variables_.size(); i > first; --i) {
    if (variables_[i - 1].id == node.id) {
      steps_ += (variables_.size() - i) / 16;  // thousands of variables take time to search
      out = variables_[i - 1].value;
      return true;
    }
  }
  return fail(cat("undefined variable: ", node.names[0]));
}

bool Machine::set_variable(const VariableNode& node, const Value& value) {
  size_t first = frames_.back().variables;
  for (size_t i = variables_.size(); i > first; --i) {
    if (variables_[i - 1].id == node.id) {
      steps_ += (variables_.size() - i) / 16;
      variables_[i - 1].value = value;
      return true;
    }
  }
  return fail(cat("undefined variable: ", node.names[0]));
}

bool Machine::variable(const VariableNode& node,
                       const Value& dot,
                       Arguments arguments,
                       const Value* final,
                       Value& out) {
  at_ = &node;
  Value value;
  if (!variable_value(node, value)) return false;
  if (node.names.size() == 1) {
    out = value;
    return arguments.empty() ? !final || not_a_function(arguments, final)
                             : not_a_function(arguments, final);
  }
  return fields(node, node.names.subspan(1), dot, value, arguments, final, out);
}

bool Machine::chain(
    const ChainNode& node, const Value& dot, Arguments arguments, const Value* final, Value& out) {
  at_ = &node;
  if (node.base->kind == NodeKind::Nil) {
    return fail(cat("indirection through explicit nil in ", print_node(node)));
  }
  at_ = node.base;
  Value base;
  bool known =
      node.base->kind == NodeKind::Pipe
          ? stack_left() && pipeline(static_cast<const PipeNode&>(*node.base), dot, base)
          : function(
                static_cast<const IdentifierNode&>(*node.base), *node.base, dot, {}, nullptr, base);
  if (!known) return false;
  return fields(node, node.names, dot, base, arguments, final, out);
}

bool Machine::fields(const Node& node,
                     std::span<const std::string_view> names,
                     const Value& dot,
                     Value receiver,
                     Arguments arguments,
                     const Value* final,
                     Value& out) {
  for (size_t i = 0; i + 1 < names.size(); ++i) {
    Value next;
    if (!field(node, names[i], dot, receiver, {}, nullptr, next)) return false;
    receiver = next;
  }
  return field(node, names.back(), dot, receiver, arguments, final, out);
}

bool Machine::field(const Node& node,
                    std::string_view name,
                    const Value& dot,
                    const Value& receiver,
                    Arguments arguments,
                    const Value* final,
                    Value& out) {
  if (!receiver.valid()) {
    if (execution_.set_->missing_key() == MissingKey::Error) {
      return fail(cat("nil data; no entry for key ", quote(name)));
    }
    out = Value();
    return true;
  }
  if (receiver.kind() == Kind::Nil) {
    return fail(cat("nil pointer evaluating interface {}.", name));
  }
  const Type& type = receiver.type();
  for (const Function& method : type.methods) {
    if (method.name != name) continue;
    bool variadic = method.signature.ends_with('*');
    Callee callee{
        &method, name, method.signature.size() - 1 - (variadic ? 1 : 0), variadic, &receiver};
    return call(callee, node, dot, arguments, final, out);
  }
  bool has_arguments = arguments.size() > 1 || final;
  if (type.kind == Kind::Map) {
    if (has_arguments) return fail(cat(name, " is not a method but has arguments"));
    Value found = map_find(heap_, receiver, name);
    if (!found.valid()) return missing(name, type, out);
    out = type.element ? found : found.boxed();
    return true;
  }
  for (size_t i = 0; i < type.fields.size(); ++i) {
    if (type.fields[i] != name) continue;
    if (name[0] >= 'a' && name[0] <= 'z') {
      return fail(
          cat(name, " is an unexported field of struct type ", receiver.static_type_name()));
    }
    if (has_arguments) {
      return fail(cat(name, " has arguments but cannot be invoked as function"));
    }
    out = receiver.as_struct()->fields[i];
    return true;
  }
  return fail(cat("can't evaluate field ", name, " in type ", receiver.static_type_name()));
}

bool Machine::missing(std::string_view name, const Type& map, Value& out) {
  switch (execution_.set_->missing_key()) {
    case MissingKey::Default:
      out = Value();
      return true;
    case MissingKey::Error:
      return fail(cat("map has no entry for key ", quote(name)));
    case MissingKey::Zero:
      break;
  }
  if (!map.element) {
    out = Value::nil().boxed();
  } else if (map.element->kind == Kind::Bytes) {
    out = Value::bytes({});
  } else if (map.element->kind == Kind::String) {
    out = Value::string({});
  } else {
    out = Value::nil_of(*map.element);
  }
  return true;
}

}  // namespace fleet::gotemplate
