// The parser of one template text. For the .cc files of this room; others use parse.h.
//
// A text with definitions is parsed by several Parsers that share a lexer, one for each definition,
// since messages name the line of the token that the innermost of them read last.
// After an error the lexer is as good as at its end; the first message counts.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gotemplate/funcs.h"
#include "gotemplate/lex.h"
#include "gotemplate/parse.h"
#include "gotemplate/program.h"

namespace fleet::gotemplate {

// What all parsers of a text share.
struct ParseJob {
  Unit& unit;
  const FunctionTable& functions;
  Lexer lexer;
  std::string error;
  std::map<std::string, std::unique_ptr<Template>, std::less<>> trees;
  size_t depth = 0;  // blocks inside blocks, definitions included
  // Parts of the expressions that are open, the innermost last.
  std::vector<const CommandNode*> commands = {};
  std::vector<const Node*> arguments = {};
};

class Parser {
 public:
  Parser(ParseJob& job, std::string name);

  // The whole text. False: see job.error.
  bool parse();

 private:
  enum class Stop { End, Else, Text_end };  // why a list of statements stopped
  struct Stopped {
    Stop stop = Stop::Text_end;
    bool chained = false;  // "else if" or "else with": the keyword is next
  };
  struct Loop {
    std::vector<size_t> breaks;  // instructions to point at the loop's end
    size_t next = 0;
    uint32_t frames = 0;  // control frames open inside the loop
  };

  // Tokens, with Go's look-ahead of up to three.
  // What they give holds until the next one is read or put back.
  const Token& next();
  const Token& peek();
  const Token& next_non_space();
  const Token& peek_non_space();
  void backup() { ++pending_; }
  void backup(const Token& first);                       // first, then the current one
  void backup(const Token& first, const Token& second);  // first, second, the current one
  void fail(std::string message);
  void fail_unexpected(const Token& token, std::string_view context);
  Token expect(TokenKind kind, std::string_view context);
  bool failed() const { return !job_.error.empty(); }

  // Statements; parse_statement.cc.
  void definition();
  void finish();  // installs the template
  Stopped list();
  bool statement(Stopped& stopped);  // false: an end or else was read
  bool action(Stopped& stopped);
  void control(Op op, std::string_view context);
  void else_branch(Op op, const Stopped& stopped);
  void loop_jump(Op op, std::string_view word);
  void template_call();
  void block();
  std::string template_name(const Token& token, std::string_view context);
  void text(const Token& token);
  size_t emit(Op op);
  bool enter();
  void leave() { --job_.depth; }

  // Expressions; parse_expression.cc.
  const PipeNode* pipeline(std::string_view context, TokenKind end);
  void declarations(PipeNode& pipe, std::string_view context);
  void check_pipeline(const PipeNode& pipe, std::string_view context);
  const CommandNode* command();
  const Node* operand();
  const Node* term();
  const Node* identifier(const Token& token);
  const Node* string(const Token& token);
  const Node* number(const Token& token);
  const Node* parenthesised();
  const VariableNode* variable(uint32_t position, std::string_view text);
  const Node* use_variable(const Token& token);
  std::span<const std::string_view> names(std::string_view text);
  uint32_t variable_id(std::string_view name);
  void declare(uint32_t id);
  void leave_scope(size_t size);  // forgets what was declared since there were `size` variables

  template <typename T>
  T* make(NodeKind kind, uint32_t position) {
    T* node = job_.unit.arena.create<T>();
    node->kind = kind;
    node->position = position;
    return node;
  }
  template <typename T>
  std::span<const T> keep(const std::vector<T>& items, size_t from = 0) {
    T* at = job_.unit.arena.array<T>(items.size() - from);
    std::copy(items.begin() + static_cast<ptrdiff_t>(from), items.end(), at);
    return {at, items.size() - from};
  }

  ParseJob& job_;
  std::string name_;
  Token tokens_[3];
  int pending_ = 0;
  std::optional<uint32_t> action_;  // where the open action begins
  size_t parentheses_ = 0;
  std::vector<uint32_t> variables_;  // ids of those in scope, in order of declaration
  std::vector<uint32_t> declared_;   // by id: how often it is in scope
  std::unordered_map<std::string_view, uint32_t> ids_;  // every name this template declares or uses
  std::vector<Instruction> code_;
  std::vector<Loop> loops_;
  bool empty_ = true;
  bool declares_dollar_ = false;
};

// Fills a number node from its token; an error message, or "".
std::string read_number(NumberNode& node, const Token& token);

}  // namespace fleet::gotemplate
