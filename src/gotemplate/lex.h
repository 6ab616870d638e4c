// Splits a template text into tokens, as Go 1.26's text/template does.
//
// For the .cc files of this room. Tokens are views into the text; an Error token carries the
// message.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fleet::gotemplate {

enum class TokenKind : uint8_t {
  Error,
  Bool,
  Char,  // a printable ASCII character: grab bag for comma
  CharConstant,
  Complex,
  Assign,
  Declare,
  End_of_text,
  Field,
  Identifier,
  LeftDelimiter,
  LeftParen,
  Number,
  Pipe,
  RawString,
  RightDelimiter,
  RightParen,
  Space,
  String,
  Text,
  Variable,
  // Keywords; Dot is the first of them, as messages print all that follow it as <word>.
  Dot,
  Block,
  Break,
  Continue,
  Define,
  Else,
  End,
  If,
  Nil,
  Range,
  Template,
  With,
};

struct Token {
  TokenKind kind = TokenKind::End_of_text;
  uint32_t position = 0;  // byte offset
  std::string_view text;
};

// A token as messages show it: <if>, "name", EOF, or an error's text. Long ones are cut.
std::string describe(const Token& token);

class Lexer {
 public:
  Lexer(std::string_view text,
        std::string_view left,
        std::string_view right,
        bool break_is_keyword,
        bool continue_is_keyword)
      : text_(text),
        left_(left),
        right_(right),
        break_is_keyword_(break_is_keyword),
        continue_is_keyword_(continue_is_keyword) {}

  Token next();
  // The line of a byte offset, counted from 1. Only messages ask for it.
  uint32_t line_of(uint32_t position) const;

 private:
  static constexpr char32_t kEnd = 0xFFFFFFFF;

  char32_t take();
  char32_t peek() const;
  bool accept(std::string_view characters);
  void accept_run(std::string_view characters);
  Token emit(TokenKind kind);
  Token fail(std::string message);
  void skip();
  void skip_word();
  bool starts_with(size_t position, std::string_view part) const;
  size_t find_left(size_t from) const;

  bool text_token(Token& token);
  bool left_delimiter(Token& token);
  bool at_right_delimiter(bool& trims) const;
  Token right_delimiter();
  Token inside();
  Token space();
  Token identifier();
  Token field_or_variable(TokenKind kind);
  Token quoted(char32_t quote, TokenKind kind, const char* message);
  Token raw_quoted();
  Token number();
  bool scan_number();
  bool at_terminator() const;

  std::string_view text_;
  std::string_view left_;
  std::string_view right_;
  std::string error_;
  size_t position_ = 0;
  size_t start_ = 0;
  int paren_depth_ = 0;
  bool inside_ = false;
  bool failed_ = false;
  uint32_t failed_at_ = 0;  // where the token that failed begins
  bool break_is_keyword_;
  bool continue_is_keyword_;
};

}  // namespace fleet::gotemplate
