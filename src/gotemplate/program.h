// What a parsed template is made of. For the .cc files of this room.
//
// Statements are flat code with jumps, so templates that call templates need no native stack;
// expressions are small trees, kept in the form that error messages print. All of it lies in the
// unit's arena and never changes after parsing.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gotemplate/heap.h"
#include "gotemplate/type.h"
#include "gotemplate/value.h"

namespace fleet::gotemplate {

enum class NodeKind : uint8_t {
  Action,
  Bool,
  Chain,
  Command,
  Dot,
  Field,
  Identifier,
  Nil,
  Number,
  Pipe,
  String,
  TemplateCall,
  Variable,
};

struct Node {
  NodeKind kind = NodeKind::Nil;
  uint32_t position = 0;  // byte offset in the unit's text
};

struct BoolNode : Node {
  bool value = false;
};

struct StringNode : Node {
  std::string_view quoted;
  std::string_view text;
};

struct NumberNode : Node {
  bool is_int = false;
  bool is_uint = false;
  bool is_float = false;
  bool is_complex = false;
  int64_t integer = 0;
  uint64_t natural = 0;
  double real = 0;
  double complex[2] = {0, 0};
  std::string_view text;
  Value ideal;             // what it is where no type is asked for; Invalid: see `overflows`
  bool overflows = false;  // does not fit an int
};

// .a.b.c
struct FieldNode : Node {
  std::span<const std::string_view> names;
};

// $x.a.b; names[0] is "$x".
struct VariableNode : Node {
  std::span<const std::string_view> names;
  uint32_t id = 0;  // of names[0], 0 is "$"
};

// (pipeline).a.b or function.a.b
struct ChainNode : Node {
  const Node* base = nullptr;
  std::span<const std::string_view> names;
};

enum class Special : uint8_t { None, And, Or, Call };

struct IdentifierNode : Node {
  std::string_view name;
  const Function* function = nullptr;
  uint8_t inputs = 0;  // parameters, the variadic one included
  bool variadic = false;
  Special special = Special::None;
};

struct CommandNode : Node {
  std::span<const Node* const> arguments;
};

struct PipeNode : Node {
  std::span<const CommandNode* const> commands;
  std::span<const VariableNode* const> declared;
  bool assigns = false;  // "=" instead of ":="
};

struct ActionNode : Node {
  const PipeNode* pipe = nullptr;
};

struct TemplateCallNode : Node {
  std::string_view name;
  const PipeNode* pipe = nullptr;  // null: no argument
};

// Control frames (If, With, Range) hold the height of the variable stack; With and Range also the
// outer dot. Every path through one passes its Leave.
enum class Op : uint8_t {
  Text,
  Action,
  If,     // enter; jumps to `target` (else) when false
  With,   // the same, and sets dot
  Range,  // enter; jumps to `target` (else) when there is nothing, else falls into Next
  Next,   // the next item, or jump to `target` (Leave)
  Jump,
  Break,     // leaves `count` inner frames, then jumps to `target`
  Continue,  // the same
  Leave,     // ends a control frame
  Template,
  Return,
};

struct Instruction {
  Op op = Op::Return;
  uint32_t target = 0;
  uint32_t count = 0;  // Break, Continue: inner frames; Text: bytes
  uint32_t padding = 0;
  union {
    const PipeNode* pipe = nullptr;
    const ActionNode* action;
    const TemplateCallNode* call;
    const char* text;
  };
};

struct Unit;

struct Template {
  std::string_view name;
  const Unit* unit = nullptr;
  std::span<const Instruction> code;
  bool empty = true;             // nothing but blanks and comments
  bool declares_dollar = false;  // some action declares "$" anew
};

struct Unit {
  Unit()
      : arena(SIZE_MAX, 512) {}
  std::string name;
  std::string text;
  Heap arena;
  std::vector<std::unique_ptr<Template>> templates;  // the unit's own one is among them
  const Template* find(std::string_view template_name) const;
};

// The canonical text of a node, as messages show it.
std::string print_node(const Node& node);
void print_node(std::string& out, const Node& node);

}  // namespace fleet::gotemplate
