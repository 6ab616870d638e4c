// Comments, as go-yaml v3 finds and attaches them: a head comment stands before a token, a line
// comment behind one on its line, a foot comment below one and apart from what follows.
#include <utility>

#include "data/yaml/scanner.h"

namespace fleet::yaml {
namespace {

constexpr size_t kLookahead = 512;  // bytes searched for a "#", as the original

}  // namespace

// A comment right behind "- " reads like a title of the entry: it becomes its head comment.
void Scanner::comment_before_entry() {
  if (comments_.empty() || tokens_.size() < 2 || is_break()) return;
  const Token& before = tokens_[tokens_.size() - 2];
  const Token& last = tokens_.back();
  Comment& comment = comments_.back();
  if (before.type != TokenType::BlockSequenceStart || last.type != TokenType::BlockEntry ||
      comment.line.empty()) {
    return;
  }
  comment.head = std::move(comment.line);
  comment.line.clear();
  if (comment.start.line == mark_.line - 1) comment.token = mark_;
}

bool Scanner::scan_line_comment(const Mark& token) {
  if (newlines_ > 0) return true;
  size_t ahead = 0;
  while (ahead < kLookahead && is_blank(ahead))
    ahead++;
  if (ahead == kLookahead || at(ahead) != '#') return true;
  while (ahead-- > 0)
    advance();
  Comment comment;
  comment.token = token;
  comment.start = mark_;
  while (!is_breakz())
    read(comment.line);
  comments_.push_back(std::move(comment));
  return true;
}

void Scanner::scan_comments(Mark scan) {
  const Token* token = &tokens_.back();
  if (token->type == TokenType::FlowEntry && tokens_.size() > 1)
    token = &tokens_[tokens_.size() - 2];
  const bool after_value = token->type == TokenType::Value;
  Mark token_mark = token->start;
  Mark start;
  int next_indent = indent_ < 0 ? 0 : indent_;
  bool recent_empty = false;
  bool first_empty = newlines_ <= 1;
  int line = mark_.line;
  int column = mark_.column;
  std::string text;

  // A comment that starts on the foot line is still said of the content above it.
  int foot_line = -1;
  if (scan.line > 0) {
    foot_line = mark_.line - newlines_ + 1;
    if (newlines_ == 0 && mark_.column > 1) foot_line++;
  }
  auto flush_foot = [&](size_t ahead) {
    Comment comment;
    comment.scan = scan;
    comment.token = token_mark;
    comment.start = start;
    comment.end = Mark{mark_.index + static_cast<int64_t>(ahead), line, column};
    comment.foot = std::move(text);
    scan = comment.end;
    token_mark = scan;
    text.clear();
    comments_.push_back(std::move(comment));
  };

  size_t ahead = 0;
  for (; ahead < kLookahead; ahead++) {
    column++;
    if (is_blank(ahead)) continue;
    const char c = at(ahead);
    const bool close_flow = flow_level_ > 0 && (c == ']' || c == '}');
    if (close_flow || is_breakz(ahead)) {
      if (close_flow || !recent_empty) {
        if (close_flow || (first_empty && ((start.line == foot_line && !after_value) ||
                                           start.column - 1 < next_indent))) {
          // The first empty line: what was gathered belongs to the token above.
          if (!text.empty()) {
            if (start.column - 1 < next_indent) token_mark = start;
            flush_foot(ahead);
          }
        } else if (!text.empty() && c != '\0') {
          text += '\n';
        }
      }
      if (!is_break(ahead)) break;
      first_empty = false;
      recent_empty = true;
      column = 0;
      line++;
      continue;
    }
    // At another indentation the comment is a foot of what came before.
    if (!text.empty() && column - 1 < next_indent && column != start.column) flush_foot(ahead);
    if (c != '#') break;
    if (text.empty()) {
      start = Mark{mark_.index + static_cast<int64_t>(ahead), line, column};
    } else {
      text += '\n';
    }
    recent_empty = false;
    const int64_t seen = mark_.index + static_cast<int64_t>(ahead);
    while (true) {
      if (is_breakz()) {
        if (mark_.index >= seen) break;
        advance_line();
      } else if (mark_.index >= seen) {
        read(text);
      } else {
        advance();
      }
    }
    ahead = 0;  // the loop's step passes the line break
    column = 0;
    line = mark_.line;
    next_indent = indent_ < 0 ? 0 : indent_;
  }
  if (text.empty()) return;
  Comment comment;
  comment.scan = scan;
  comment.token = start;
  comment.start = start;
  comment.end = Mark{mark_.index + static_cast<int64_t>(ahead) - 1, line, column};
  comment.head = std::move(text);
  comments_.push_back(std::move(comment));
}

}  // namespace fleet::yaml
