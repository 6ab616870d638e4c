// The tree of an expression. For this room.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kube/cel/value.h"
#include "text/regex.h"

namespace fleet::kube::cel {

struct Node;
using NodePtr = std::unique_ptr<Node>;

enum class Op {
  Literal,
  Variable,  // `slot` of the frame
  Select,    // children[0].text
  Has,       // has(children[0].text)
  Index,     // children[0][children[1]]
  Call,      // text(children...), or children[0].text(children[1]...) if has_target
  List,
  Map,        // keys and values in turn
  Condition,  // a ? b : c
  And,
  Or,
  Not,
  Negate,
  Binary,  // text is the operator
  Loop,    // children[0].text(var[, var2], children[1][, children[2]])
  Bind,    // cel.bind(var, children[0], children[1])
};

struct Node {
  Op op = Op::Literal;
  size_t at = 0;  // offset in the source, for messages
  std::string text;
  Val literal;
  std::vector<NodePtr> children;
  std::vector<bool> optional_items;  // of List and Map: `?` in front of the item
  bool optional = false;             // of Select and Index: `.?` and `[?`
  bool has_target = false;
  size_t slot = 0;
  size_t slot2 = 0;
  bool two_variables = false;
  const struct Function* function = nullptr;  // of Call
  std::optional<text::Regex> regex;           // of a call of matches() with a constant pattern
};

struct Parsed {
  NodePtr root;
  size_t slots = 0;               // of a frame, variables included
  std::vector<std::string> used;  // variables that occur
};

// Parses and resolves names. Errors: Invalid, with line, column and the line itself.
Result<Parsed> parse(std::string_view source, const std::vector<std::string>& variables);

}  // namespace fleet::kube::cel
