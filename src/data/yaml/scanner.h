// Scanner: YAML text → tokens, with the errors of go-yaml's scanner. Private to this room.
//
// A token may be inserted before tokens that were already scanned (a mapping starts when its first
// ":" is seen), so tokens are queued until no possible simple key can change them.
// In Dialect::V3 comments are gathered on the way; the composer attaches them by position.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/yaml/token.h"

namespace fleet::yaml {

class Scanner {
 public:
  Scanner(std::string_view text, Dialect dialect);

  // The next token, or null when the text is wrong: see problem().
  Token* peek();
  void skip();
  const Problem& problem() const { return problem_; }
  std::deque<Comment>& comments() { return comments_; }

 private:
  struct SimpleKey {
    bool possible = false;
    bool required = false;
    size_t token_number = 0;
    Mark mark;
  };

  // Reading characters.
  char at(size_t ahead = 0) const {
    return pos_ + ahead < text_.size() ? text_[pos_ + ahead] : '\0';
  }
  bool is_break(size_t ahead = 0) const;
  bool is_blank(size_t ahead = 0) const { return at(ahead) == ' ' || at(ahead) == '\t'; }
  bool is_z(size_t ahead = 0) const { return at(ahead) == '\0'; }
  bool is_breakz(size_t ahead = 0) const { return is_break(ahead) || is_z(ahead); }
  bool is_blankz(size_t ahead = 0) const { return is_blank(ahead) || is_breakz(ahead); }
  bool is_document_mark(char c) const;
  void advance();
  void advance_line();
  void read(std::string& out);
  void read_line(std::string& out);

  bool fail(const Mark& context, std::string text);
  bool check_characters();

  // Tokens (scanner.cc).
  bool fetch_more();
  bool fetch_next();
  bool fetch_by_character();
  bool starts_plain() const;
  bool to_next_token();
  bool key_is_valid(SimpleKey& key, bool& valid);
  bool save_simple_key();
  bool remove_simple_key();
  bool roll_indent(int column, int64_t number, TokenType type, const Mark& mark);
  void unroll_indent(int column, const Mark& scan);
  bool raise_flow();
  void lower_flow();
  void push(TokenType type, const Mark& start, const Mark& end);
  void push_indicator(TokenType type, int characters);
  bool fetch_stream_end();
  bool fetch_directive();
  bool fetch_document_mark(TokenType type);
  bool fetch_flow_start(TokenType type);
  bool fetch_flow_end(TokenType type);
  bool fetch_flow_entry();
  bool fetch_block_entry();
  bool fetch_key();
  bool fetch_value();

  // What has a text (scan_text.cc, scan_scalar.cc).
  bool scan_directive(Token& token);
  bool scan_version_number(const Mark& start, int8_t& number);
  bool scan_anchor(TokenType type);
  bool scan_tag();
  bool scan_tag_handle(bool directive, const Mark& start, std::string& handle);
  bool scan_tag_uri(bool directive, std::string_view head, const Mark& start, std::string& uri);
  bool scan_uri_escapes(bool directive, const Mark& start, std::string& out);
  bool scan_block_scalar(bool literal);
  bool scan_block_breaks(int& indent, std::string& breaks, const Mark& start, Mark& end);
  bool scan_flow_scalar(bool single);
  bool scan_flow_word(bool single, bool& leading_blanks, std::string& text, const Mark& start);
  bool scan_escape(std::string& text, const Mark& start);
  bool scan_plain();

  // Comments (scan_comment.cc).
  bool scan_line_comment(const Mark& token);
  void scan_comments(Mark scan);
  void comment_before_entry();

  std::string_view text_;
  Dialect dialect_;
  size_t pos_ = 0;
  Mark mark_;
  int newlines_ = 0;  // line breaks since the last character that is no blank

  std::deque<Token> tokens_;
  size_t tokens_parsed_ = 0;
  bool started_ = false;
  bool ended_ = false;

  int indent_ = -1;
  std::vector<int> indents_;
  int flow_level_ = 0;
  bool simple_key_allowed_ = true;
  std::vector<SimpleKey> simple_keys_;
  std::unordered_map<size_t, size_t> key_by_token_;

  std::deque<Comment> comments_;
  Problem problem_;
};

}  // namespace fleet::yaml
