#include "base/strings.h"
#include "gotemplate/parser.h"
#include "gotemplate/unquote.h"

namespace fleet::gotemplate {
namespace {

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos;
}

}  // namespace

Parser::Parser(ParseJob& job, std::string name)
    : job_(job),
      name_(std::move(name)) {
  declare(variable_id("$"));  // number 0
}

const Token& Parser::next() {
  if (pending_ > 0) {
    --pending_;
  } else {
    tokens_[0] = job_.lexer.next();
  }
  return tokens_[pending_];
}

const Token& Parser::peek() {
  if (pending_ > 0) return tokens_[pending_ - 1];
  pending_ = 1;
  tokens_[0] = job_.lexer.next();
  return tokens_[0];
}

const Token& Parser::next_non_space() {
  const Token* token = &next();
  while (token->kind == TokenKind::Space)
    token = &next();
  return *token;
}

const Token& Parser::peek_non_space() {
  const Token& token = next_non_space();
  backup();
  return token;
}

void Parser::backup(const Token& first) {
  tokens_[1] = first;
  pending_ = 2;
}

void Parser::backup(const Token& first, const Token& second) {
  tokens_[1] = second;
  tokens_[2] = first;
  pending_ = 3;
}

void Parser::fail(std::string message) {
  if (failed()) return;
  job_.error = cat(
      "template: ", job_.unit.name, ":", job_.lexer.line_of(tokens_[0].position), ": ", message);
}

void Parser::fail_unexpected(const Token& token, std::string_view context) {
  if (token.kind != TokenKind::Error) {
    return fail(cat("unexpected ", describe(token), " in ", context));
  }
  std::string extra;
  uint32_t began = action_ ? job_.lexer.line_of(*action_) : 0;
  if (action_ && began != job_.lexer.line_of(token.position)) {
    extra = cat(" in action started at ", job_.unit.name, ":", began);
    if (token.text.ends_with(" action")) extra.erase(0, std::string_view(" in action").size());
  }
  fail(cat(token.text, extra));
}

Token Parser::expect(TokenKind kind, std::string_view context) {
  Token token = next_non_space();
  if (token.kind != kind) fail_unexpected(token, context);
  return token;
}

bool Parser::enter() {
  if (++job_.depth <= kMaxNesting) return true;
  fail("nested too deeply");
  --job_.depth;
  return false;
}

size_t Parser::emit(Op op) {
  code_.emplace_back();
  code_.back().op = op;
  return code_.size() - 1;
}

bool Parser::parse() {
  while (!failed() && peek().kind != TokenKind::End_of_text) {
    if (peek().kind == TokenKind::LeftDelimiter) {
      Token delimiter = next();
      if (next_non_space().kind == TokenKind::Define) {
        if (!enter()) break;
        Parser(job_, "definition").definition();
        leave();
        continue;
      }
      backup(delimiter);
    }
    Stopped stopped;
    if (!statement(stopped)) {
      fail(stopped.stop == Stop::End ? "unexpected {{end}}" : "unexpected {{else}}");
    }
  }
  if (!failed()) finish();
  return !failed();
}

// {{define "name"}} ... {{end}}; the keyword is past.
void Parser::definition() {
  constexpr std::string_view kContext = "define clause";
  Token token = next_non_space();
  if (token.kind != TokenKind::String && token.kind != TokenKind::RawString) {
    return fail_unexpected(token, kContext);
  }
  name_ = template_name(token, kContext);
  expect(TokenKind::RightDelimiter, kContext);
  Stopped stopped = list();
  if (!failed() && stopped.stop != Stop::End) fail(cat("unexpected {{else}} in ", kContext));
  if (!failed()) finish();
}

// Installs what was parsed under its name; of two with that name one must be empty.
void Parser::finish() {
  auto& place = job_.trees[name_];
  if (place && !place->empty) {
    if (!empty_) fail(cat("template: multiple definition of template ", quote(name_)));
    return;
  }
  emit(Op::Return);
  auto tree = std::make_unique<Template>();
  tree->name = job_.unit.arena.copy(name_);
  tree->unit = &job_.unit;
  tree->code = keep(code_);
  tree->empty = empty_;
  tree->declares_dollar = declares_dollar_;
  place = std::move(tree);
}

// Statements up to an end or else.
Parser::Stopped Parser::list() {
  Stopped stopped;
  while (!failed() && peek_non_space().kind != TokenKind::End_of_text) {
    if (!statement(stopped)) return stopped;
  }
  fail("unexpected EOF");
  return stopped;
}

bool Parser::statement(Stopped& stopped) {
  Token token = next_non_space();
  if (token.kind == TokenKind::Text) {
    text(token);
    return true;
  }
  if (token.kind == TokenKind::LeftDelimiter) {
    action_ = token.position;
    bool more = action(stopped);
    action_.reset();
    return more;
  }
  fail_unexpected(token, "input");
  return true;
}

void Parser::text(const Token& token) {
  if (!is_blank(token.text)) empty_ = false;
  Instruction& instruction = code_[emit(Op::Text)];
  instruction.text = token.text.data();
  instruction.count = static_cast<uint32_t>(token.text.size());
}

bool Parser::action(Stopped& stopped) {
  Token token = next_non_space();
  switch (token.kind) {
    case TokenKind::End:
      expect(TokenKind::RightDelimiter, "end");
      stopped = {Stop::End, false};
      return false;
    case TokenKind::Else: {
      TokenKind following = peek_non_space().kind;
      stopped = {Stop::Else, following == TokenKind::If || following == TokenKind::With};
      if (!stopped.chained) expect(TokenKind::RightDelimiter, "else");
      return false;
    }
    case TokenKind::Block:
      empty_ = false;
      block();
      return true;
    case TokenKind::Break:
      loop_jump(Op::Break, "{{break}}");
      return true;
    case TokenKind::Continue:
      loop_jump(Op::Continue, "{{continue}}");
      return true;
    case TokenKind::If:
      control(Op::If, "if");
      return true;
    case TokenKind::Range:
      control(Op::Range, "range");
      return true;
    case TokenKind::With:
      control(Op::With, "with");
      return true;
    case TokenKind::Template:
      template_call();
      return true;
    default:
      break;
  }
  backup();
  empty_ = false;
  auto* node = make<ActionNode>(NodeKind::Action, peek().position);
  node->pipe = pipeline("command", TokenKind::RightDelimiter);
  code_[emit(Op::Action)].action = node;
  return true;
}

// if, with, range: enter, body, [jump over the else part], leave.
void Parser::control(Op op, std::string_view context) {
  empty_ = false;
  if (!enter()) return;
  size_t scope = variables_.size();
  const PipeNode* pipe = pipeline(context, TokenKind::RightDelimiter);
  size_t start = emit(op);
  code_[start].pipe = pipe;
  size_t next_item = 0;
  if (op == Op::Range) {
    next_item = emit(Op::Next);
    loops_.push_back(Loop{{}, next_item, 0});
  } else if (!loops_.empty()) {
    ++loops_.back().frames;
  }
  Stopped stopped = list();
  size_t jump = emit(Op::Jump);
  code_[start].target = static_cast<uint32_t>(code_.size());
  Loop loop;
  if (op == Op::Range) {
    loop = std::move(loops_.back());
    loops_.pop_back();
    code_[jump].target = static_cast<uint32_t>(next_item);
    if (!loops_.empty()) ++loops_.back().frames;
  }
  if (!failed() && stopped.stop == Stop::Else) else_branch(op, stopped);
  size_t end = emit(Op::Leave);
  if (!loops_.empty()) --loops_.back().frames;
  if (op == Op::Range) {
    code_[next_item].target = static_cast<uint32_t>(end);
    for (size_t at : loop.breaks)
      code_[at].target = static_cast<uint32_t>(end);
  } else {
    code_[jump].target = static_cast<uint32_t>(end);
  }
  leave_scope(scope);
  leave();
}

// "else if" and "else with" are an else with one statement inside, sharing its end.
void Parser::else_branch(Op op, const Stopped& stopped) {
  TokenKind keyword = stopped.chained ? peek().kind : TokenKind::End_of_text;
  if (op == Op::If && keyword == TokenKind::If) {
    next();
    return control(Op::If, "if");
  }
  if (op == Op::With && keyword == TokenKind::With) {
    next();
    return control(Op::With, "with");
  }
  Stopped last = list();
  if (!failed() && last.stop != Stop::End) fail("expected end; found {{else}}");
}

void Parser::loop_jump(Op op, std::string_view word) {
  empty_ = false;
  Token token = next_non_space();
  if (token.kind != TokenKind::RightDelimiter) return fail_unexpected(token, word);
  if (loops_.empty()) return fail(cat(word, " outside {{range}}"));
  size_t at = emit(op);
  code_[at].count = loops_.back().frames;
  if (op == Op::Break) {
    loops_.back().breaks.push_back(at);
  } else {
    code_[at].target = static_cast<uint32_t>(loops_.back().next);
  }
}

std::string Parser::template_name(const Token& token, std::string_view context) {
  if (token.kind != TokenKind::String && token.kind != TokenKind::RawString) {
    fail_unexpected(token, context);
    return {};
  }
  auto name = unquote(token.text);
  if (!name) fail("invalid syntax");
  return name.value_or(std::string());
}

// {{template "name" [pipeline]}}
void Parser::template_call() {
  constexpr std::string_view kContext = "template clause";
  empty_ = false;
  Token token = next_non_space();
  std::string name = template_name(token, kContext);
  if (failed()) return;
  auto* node = make<TemplateCallNode>(NodeKind::TemplateCall, token.position);
  node->name = job_.unit.arena.copy(name);
  if (next_non_space().kind != TokenKind::RightDelimiter) {
    backup();
    node->pipe = pipeline(kContext, TokenKind::RightDelimiter);
  }
  code_[emit(Op::Template)].call = node;
}

// {{block "name" pipeline}} ... {{end}}: a definition and a call of it.
void Parser::block() {
  constexpr std::string_view kContext = "block clause";
  Token token = next_non_space();
  std::string name = template_name(token, kContext);
  if (failed() || !enter()) return;
  auto* node = make<TemplateCallNode>(NodeKind::TemplateCall, token.position);
  node->name = job_.unit.arena.copy(name);
  node->pipe = pipeline(kContext, TokenKind::RightDelimiter);
  if (!failed()) {
    Parser body(job_, name);
    Stopped stopped = body.list();
    if (!failed() && stopped.stop != Stop::End) fail(cat("unexpected {{else}} in ", kContext));
    if (!failed()) body.finish();
  }
  code_[emit(Op::Template)].call = node;
  leave();
}

}  // namespace fleet::gotemplate
