#include <algorithm>

#include "base/strings.h"
#include "gotemplate/parser.h"
#include "gotemplate/unquote.h"

namespace fleet::gotemplate {
namespace {

// Whether "..." has nothing but ASCII characters that stand for themselves.
bool is_as_written(std::string_view quoted) {
  if (quoted.size() < 2 || quoted.front() != '"' || quoted.back() != '"') return false;
  return std::all_of(quoted.begin() + 1, quoted.end() - 1, [](char c) {
    return c >= ' ' && c <= '~' && c != '"' && c != '\\';
  });
}

}  // namespace

// declarations? command ('|' command)*
const PipeNode* Parser::pipeline(std::string_view context, TokenKind end) {
  auto* pipe = make<PipeNode>(NodeKind::Pipe, peek_non_space().position);
  declarations(*pipe, context);
  const size_t outer = job_.commands.size();
  while (!failed()) {
    Token token = next_non_space();
    if (token.kind == end) {
      pipe->commands = keep(job_.commands, outer);
      check_pipeline(*pipe, context);
      break;
    }
    switch (token.kind) {
      case TokenKind::Bool:
      case TokenKind::CharConstant:
      case TokenKind::Complex:
      case TokenKind::Dot:
      case TokenKind::Field:
      case TokenKind::Identifier:
      case TokenKind::Number:
      case TokenKind::Nil:
      case TokenKind::RawString:
      case TokenKind::String:
      case TokenKind::Variable:
      case TokenKind::LeftParen:
        backup();
        job_.commands.push_back(command());
        break;
      default:
        fail_unexpected(token, context);
    }
  }
  job_.commands.resize(outer);
  return pipe;
}

// Variables before := or =. "$x foo" needs a look at three tokens to be told from a declaration.
void Parser::declarations(PipeNode& pipe, std::string_view context) {
  std::vector<const VariableNode*> declared;
  for (bool more = true; more && !failed();) {
    more = false;
    Token name = peek_non_space();
    if (name.kind != TokenKind::Variable) break;
    next();
    Token after = peek();
    Token next_token = peek_non_space();
    bool comma = next_token.kind == TokenKind::Char && next_token.text == ",";
    if (next_token.kind == TokenKind::Assign || next_token.kind == TokenKind::Declare || comma) {
      if (!comma) pipe.assigns = next_token.kind == TokenKind::Assign;
      next_non_space();
      declared.push_back(variable(name.position, name.text));
      declare(declared.back()->id);
      if (name.text == "$") declares_dollar_ = true;
      if (!comma) continue;
      if (context == "range" && declared.size() < 2) {
        TokenKind kind = peek_non_space().kind;
        more = kind == TokenKind::Variable || kind == TokenKind::RightDelimiter ||
               kind == TokenKind::RightParen;
        if (!more) fail("range can only initialize variables");
      } else {
        fail(cat("too many declarations in ", context));
      }
    } else if (after.kind == TokenKind::Space) {
      backup(name, after);
    } else {
      backup(name);
    }
  }
  pipe.declared = keep(declared);
}

void Parser::check_pipeline(const PipeNode& pipe, std::string_view context) {
  if (pipe.commands.empty()) return fail(cat("missing value for ", context));
  for (size_t i = 1; i < pipe.commands.size(); ++i) {
    switch (pipe.commands[i]->arguments[0]->kind) {
      case NodeKind::Bool:
      case NodeKind::Dot:
      case NodeKind::Nil:
      case NodeKind::Number:
      case NodeKind::String:
        return fail(cat("non executable command in pipeline stage ", i + 1));
      default:
        break;
    }
  }
}

// operand (space operand)*, up to a pipe, a closing parenthesis or the right delimiter.
const CommandNode* Parser::command() {
  auto* node = make<CommandNode>(NodeKind::Command, peek_non_space().position);
  const size_t outer = job_.arguments.size();
  while (!failed()) {
    peek_non_space();
    if (const Node* argument = operand()) job_.arguments.push_back(argument);
    Token token = next();
    if (token.kind == TokenKind::Space) continue;
    if (token.kind == TokenKind::RightDelimiter || token.kind == TokenKind::RightParen) {
      backup();
    } else if (token.kind != TokenKind::Pipe) {
      fail_unexpected(token, "operand");
    }
    break;
  }
  if (job_.arguments.size() == outer) fail("empty command");
  node->arguments = keep(job_.arguments, outer);
  job_.arguments.resize(outer);
  return node;
}

// term .Field*
const Node* Parser::operand() {
  const Node* node = term();
  if (!node || failed() || peek().kind != TokenKind::Field) return node;
  uint32_t position = peek().position;
  std::string fields;
  while (peek().kind == TokenKind::Field)
    fields += next().text;
  switch (node->kind) {
    case NodeKind::Field: {
      auto* field = make<FieldNode>(NodeKind::Field, position);
      field->names = names(print_node(*node) + fields);
      return field;
    }
    case NodeKind::Variable:
      return variable(position, print_node(*node) + fields);
    case NodeKind::Bool:
    case NodeKind::String:
    case NodeKind::Number:
    case NodeKind::Nil:
    case NodeKind::Dot:
      fail(cat("unexpected . after term ", quote(print_node(*node))));
      return node;
    default: {
      auto* chain = make<ChainNode>(NodeKind::Chain, position);
      chain->base = node;
      chain->names = names(fields);
      return chain;
    }
  }
}

// A literal, function, field, variable or parenthesised pipeline; null when it is none of them.
const Node* Parser::term() {
  Token token = next_non_space();
  switch (token.kind) {
    case TokenKind::Identifier:
      return identifier(token);
    case TokenKind::Dot:
      return make<Node>(NodeKind::Dot, token.position);
    case TokenKind::Nil:
      return make<Node>(NodeKind::Nil, token.position);
    case TokenKind::Variable:
      return use_variable(token);
    case TokenKind::Field: {
      auto* field = make<FieldNode>(NodeKind::Field, token.position);
      field->names = names(token.text);
      return field;
    }
    case TokenKind::Bool: {
      auto* node = make<BoolNode>(NodeKind::Bool, token.position);
      node->value = token.text == "true";
      return node;
    }
    case TokenKind::CharConstant:
    case TokenKind::Complex:
    case TokenKind::Number:
      return number(token);
    case TokenKind::LeftParen:
      return parenthesised();
    case TokenKind::String:
    case TokenKind::RawString:
      return string(token);
    default:
      backup();
      return nullptr;
  }
}

const Node* Parser::identifier(const Token& token) {
  const Function* function = job_.functions.find(token.text);
  if (!function) {
    fail(cat("function ", quote(token.text), " not defined"));
    return nullptr;
  }
  auto* node = make<IdentifierNode>(NodeKind::Identifier, token.position);
  node->name = token.text;
  node->function = function;
  node->variadic = function->signature.ends_with('*');
  node->inputs = static_cast<uint8_t>(function->signature.size() - (node->variadic ? 1 : 0));
  if (builtin_functions().find(token.text) == function) {
    if (token.text == "and") node->special = Special::And;
    if (token.text == "or") node->special = Special::Or;
    if (token.text == "call") node->special = Special::Call;
  }
  return node;
}

const Node* Parser::string(const Token& token) {
  if (is_as_written(token.text)) {
    auto* node = make<StringNode>(NodeKind::String, token.position);
    node->quoted = token.text;
    node->text = token.text.substr(1, token.text.size() - 2);
    return node;
  }
  auto text = unquote(token.text);
  if (!text) {
    fail("invalid syntax");
    return nullptr;
  }
  auto* node = make<StringNode>(NodeKind::String, token.position);
  node->quoted = token.text;
  bool as_written = token.text.substr(1, token.text.size() - 2) == *text;
  node->text = as_written ? token.text.substr(1, text->size()) : job_.unit.arena.copy(*text);
  return node;
}

const Node* Parser::number(const Token& token) {
  auto* node = make<NumberNode>(NodeKind::Number, token.position);
  std::string error = read_number(*node, token);
  if (!error.empty()) fail(std::move(error));
  return node;
}

const Node* Parser::parenthesised() {
  if (parentheses_ >= kMaxParentheses) {
    fail("max expression depth exceeded");
    return nullptr;
  }
  if (!enter()) return nullptr;
  ++parentheses_;
  const Node* node = pipeline("parenthesized pipeline", TokenKind::RightParen);
  --parentheses_;
  leave();
  return node;
}

const VariableNode* Parser::variable(uint32_t position, std::string_view text) {
  auto* node = make<VariableNode>(NodeKind::Variable, position);
  node->names = names(text);
  node->id = variable_id(node->names[0]);
  return node;
}

const Node* Parser::use_variable(const Token& token) {
  const VariableNode* node = variable(token.position, token.text);
  if (declared_[node->id] == 0) fail(cat("undefined variable ", quote(token.text)));
  return node;
}

// ".a.b" or "$x.a" split at its dots. Copied unless it lies in the text itself.
std::span<const std::string_view> Parser::names(std::string_view text) {
  std::string_view all = job_.unit.text;
  if (text.data() < all.data() || text.data() > all.data() + all.size()) {
    text = job_.unit.arena.copy(text);
  }
  if (text.starts_with('.')) text.remove_prefix(1);
  auto count = static_cast<size_t>(std::count(text.begin(), text.end(), '.')) + 1;
  auto* parts = job_.unit.arena.array<std::string_view>(count);
  for (size_t i = 0; i < count; ++i) {
    parts[i] = text.substr(0, text.find('.'));
    if (i + 1 < count) text.remove_prefix(parts[i].size() + 1);
  }
  return {parts, count};
}

uint32_t Parser::variable_id(std::string_view name) {
  auto [at, added] = ids_.try_emplace(name, static_cast<uint32_t>(ids_.size()));
  if (added) declared_.push_back(0);
  return at->second;
}

void Parser::declare(uint32_t id) {
  variables_.push_back(id);
  ++declared_[id];
}

void Parser::leave_scope(size_t size) {
  for (; variables_.size() > size; variables_.pop_back())
    --declared_[variables_.back()];
}

}  // namespace fleet::gotemplate
