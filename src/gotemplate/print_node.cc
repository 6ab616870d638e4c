#include "base/strings.h"
#include "gotemplate/program.h"

namespace fleet::gotemplate {
namespace {

void print_names(std::string& out, std::span<const std::string_view> names) {
  for (std::string_view name : names) {
    out += '.';
    out += name;
  }
}

// Operands that are pipelines stand in parentheses.
void print_operand(std::string& out, const Node& node) {
  bool parenthesised = node.kind == NodeKind::Pipe;
  if (parenthesised) out += '(';
  print_node(out, node);
  if (parenthesised) out += ')';
}

void print_pipe(std::string& out, const PipeNode& pipe) {
  if (!pipe.declared.empty()) {
    for (size_t i = 0; i < pipe.declared.size(); ++i) {
      if (i > 0) out += ", ";
      print_node(out, *pipe.declared[i]);
    }
    out += pipe.assigns ? " = " : " := ";
  }
  for (size_t i = 0; i < pipe.commands.size(); ++i) {
    if (i > 0) out += " | ";
    print_node(out, *pipe.commands[i]);
  }
}

void print_command(std::string& out, const CommandNode& command) {
  for (size_t i = 0; i < command.arguments.size(); ++i) {
    if (i > 0) out += ' ';
    print_operand(out, *command.arguments[i]);
  }
}

void print_template_call(std::string& out, const TemplateCallNode& call) {
  out += "{{template ";
  out += quote(call.name);
  if (call.pipe) {
    out += ' ';
    print_pipe(out, *call.pipe);
  }
  out += "}}";
}

void print_variable(std::string& out, const VariableNode& variable) {
  out += variable.names[0];
  print_names(out, variable.names.subspan(1));
}

}  // namespace

void print_node(std::string& out, const Node& node) {
  switch (node.kind) {
    case NodeKind::Action:
      out += "{{";
      print_pipe(out, *static_cast<const ActionNode&>(node).pipe);
      out += "}}";
      return;
    case NodeKind::Bool:
      out += static_cast<const BoolNode&>(node).value ? "true" : "false";
      return;
    case NodeKind::Chain:
      print_operand(out, *static_cast<const ChainNode&>(node).base);
      print_names(out, static_cast<const ChainNode&>(node).names);
      return;
    case NodeKind::Command:
      print_command(out, static_cast<const CommandNode&>(node));
      return;
    case NodeKind::Dot:
      out += '.';
      return;
    case NodeKind::Field:
      print_names(out, static_cast<const FieldNode&>(node).names);
      return;
    case NodeKind::Identifier:
      out += static_cast<const IdentifierNode&>(node).name;
      return;
    case NodeKind::Nil:
      out += "nil";
      return;
    case NodeKind::Number:
      out += static_cast<const NumberNode&>(node).text;
      return;
    case NodeKind::Pipe:
      print_pipe(out, static_cast<const PipeNode&>(node));
      return;
    case NodeKind::String:
      out += static_cast<const StringNode&>(node).quoted;
      return;
    case NodeKind::TemplateCall:
      print_template_call(out, static_cast<const TemplateCallNode&>(node));
      return;
    case NodeKind::Variable:
      print_variable(out, static_cast<const VariableNode&>(node));
      return;
  }
}

std::string print_node(const Node& node) {
  std::string out;
  print_node(out, node);
  return out;
}

}  // namespace fleet::gotemplate
