#include "gotemplate/lex.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "base/strings.h"
#include "gotemplate/unicode.h"

namespace fleet::gotemplate {
namespace {

constexpr std::string_view kSpaces = " \t\r\n";
constexpr size_t kTrimMarker = 2;  // a dash and a space

bool is_space(char32_t rune) {
  return rune == ' ' || rune == '\t' || rune == '\r' || rune == '\n';
}
bool is_space_at(std::string_view text, size_t at) {
  return at < text.size() && is_space(static_cast<unsigned char>(text[at]));
}

bool is_ascii_word(unsigned char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_word(char32_t rune) {
  if (rune < 0x80) return is_ascii_word(static_cast<unsigned char>(rune));
  return rune <= 0x10FFFF && (is_letter(rune) || is_digit(rune));
}

bool left_trims(std::string_view rest) {
  return rest.size() >= 2 && rest[0] == '-' && is_space_at(rest, 1);
}
bool right_trims(std::string_view rest) {
  return rest.size() >= 2 && is_space_at(rest, 0) && rest[1] == '-';
}

// A rune as Go's %#U shows it: U+002D '-'.
std::string unicode_name(char32_t rune) {
  if (rune == 0xFFFFFFFF) return "U+FFFFFFFFFFFFFFFF";  // Go's end of text is rune -1
  char code[16];
  std::snprintf(code, sizeof code, "U+%04X", static_cast<unsigned>(rune));
  std::string out = code;
  if (is_printable(rune)) {
    out += " '";
    append_rune(out, rune);
    out += "'";
  }
  return out;
}

constexpr std::array<std::pair<std::string_view, TokenKind>, 11> kKeywords = {{
    {"block", TokenKind::Block},
    {"break", TokenKind::Break},
    {"continue", TokenKind::Continue},
    {"define", TokenKind::Define},
    {"else", TokenKind::Else},
    {"end", TokenKind::End},
    {"if", TokenKind::If},
    {"nil", TokenKind::Nil},
    {"range", TokenKind::Range},
    {"template", TokenKind::Template},
    {"with", TokenKind::With},
}};

}  // namespace

std::string describe(const Token& token) {
  if (token.kind == TokenKind::End_of_text) return "EOF";
  if (token.kind == TokenKind::Error) return std::string(token.text);
  if (token.kind >= TokenKind::Dot) {
    return token.kind == TokenKind::Dot ? "<.>" : cat("<", token.text, ">");
  }
  if (token.text.size() <= 10) return quote(token.text);
  size_t end = 0;  // the first ten runes
  for (int runes = 0; runes < 10 && end < token.text.size(); ++runes) {
    end += decode_rune(token.text.substr(end)).size;
  }
  return quote(token.text.substr(0, end)) + "...";
}

char32_t Lexer::peek() const {
  if (position_ >= text_.size()) return kEnd;
  auto byte = static_cast<unsigned char>(text_[position_]);
  if (byte < 0x80) return byte;
  return decode_rune(text_.substr(position_)).value;
}

char32_t Lexer::take() {
  if (position_ >= text_.size()) return kEnd;
  auto byte = static_cast<unsigned char>(text_[position_]);
  if (byte < 0x80) {
    ++position_;
    return byte;
  }
  Rune rune = decode_rune(text_.substr(position_));
  position_ += rune.size;
  return rune.value;
}

bool Lexer::accept(std::string_view characters) {
  if (position_ >= text_.size() || characters.find(text_[position_]) == std::string_view::npos) {
    return false;
  }
  ++position_;
  return true;
}

void Lexer::accept_run(std::string_view characters) {
  while (accept(characters)) {
  }
}

bool Lexer::starts_with(size_t position, std::string_view part) const {
  if (position >= text_.size() || part.empty() || text_[position] != part[0]) {
    return part.empty() && position <= text_.size();
  }
  return text_.substr(position).starts_with(part);
}

// The next left delimiter. Braces are frequent in plain text, so the second byte is looked at
// before anything is compared.
size_t Lexer::find_left(size_t from) const {
  if (left_.size() < 2) return text_.find(left_, from);
  for (;;) {
    size_t at = text_.find(left_[0], from);
    if (at == std::string_view::npos || at + left_.size() > text_.size()) {
      return std::string_view::npos;
    }
    if (text_[at + 1] == left_[1] && text_.substr(at).starts_with(left_)) return at;
    from = at + 1;
  }
}

void Lexer::skip() {
  start_ = position_;
}

void Lexer::skip_word() {
  while (position_ < text_.size() && is_ascii_word(static_cast<unsigned char>(text_[position_])))
    ++position_;
  while (is_word(peek()))
    take();
}

uint32_t Lexer::line_of(uint32_t position) const {
  std::string_view before = text_.substr(0, position);
  return 1 + static_cast<uint32_t>(std::count(before.begin(), before.end(), '\n'));
}

Token Lexer::emit(TokenKind kind) {
  Token token{kind,
              static_cast<uint32_t>(start_),
              std::string_view(text_.data() + start_, position_ - start_)};
  start_ = position_;
  return token;
}

// Go's lexer forgets its input after an error: the next token is the end of the text.
Token Lexer::fail(std::string message) {
  Token token = emit(TokenKind::Error);
  error_ = std::move(message);
  token.text = error_;
  failed_ = true;
  failed_at_ = token.position;
  return token;
}

Token Lexer::next() {
  if (failed_) return Token{TokenKind::End_of_text, failed_at_, "EOF"};
  if (inside_) return inside();
  for (;;) {
    Token token;
    if (text_token(token) || left_delimiter(token)) return token;
  }
}

// Plain text up to the next action, or the end. False: there is none before the delimiter.
bool Lexer::text_token(Token& token) {
  size_t at = find_left(position_);
  if (at == std::string_view::npos) {
    position_ = text_.size();
    token = emit(position_ > start_ ? TokenKind::Text : TokenKind::End_of_text);
    if (token.kind == TokenKind::End_of_text) token.text = "EOF";
    return true;
  }
  size_t end = at;
  if (at > position_ && left_trims(text_.substr(at + left_.size()))) {
    while (end > start_ && kSpaces.find(text_[end - 1]) != std::string_view::npos)
      --end;
  }
  bool has_text = at > position_ && end > start_;
  position_ = end;
  if (has_text) token = emit(TokenKind::Text);
  position_ = at;
  skip();
  return has_text;
}

// At the left delimiter. False: it opened a comment, which is skipped.
bool Lexer::left_delimiter(Token& token) {
  position_ += left_.size();
  size_t marker = left_trims(text_.substr(position_)) ? kTrimMarker : 0;
  if (!starts_with(position_ + marker, "/*")) {
    token = emit(TokenKind::LeftDelimiter);
    inside_ = true;
    position_ += marker;
    skip();
    paren_depth_ = 0;
    return true;
  }
  position_ += marker;
  skip();
  size_t end = text_.find("*/", position_ + 2);
  if (end == std::string_view::npos) {
    token = fail("unclosed comment");
    return true;
  }
  position_ = end + 2;
  bool trims = false;
  if (!at_right_delimiter(trims)) {
    token = fail("comment ends before closing delimiter");
    return true;
  }
  position_ += (trims ? kTrimMarker : 0) + right_.size();
  if (trims) accept_run(kSpaces);
  skip();
  return false;
}

bool Lexer::at_right_delimiter(bool& trims) const {
  trims = right_trims(text_.substr(position_)) && starts_with(position_ + kTrimMarker, right_);
  return trims || starts_with(position_, right_);
}

Token Lexer::right_delimiter() {
  bool trims = false;
  at_right_delimiter(trims);
  if (trims) {
    position_ += kTrimMarker;
    skip();
  }
  position_ += right_.size();
  Token token = emit(TokenKind::RightDelimiter);
  if (trims) {
    accept_run(kSpaces);
    skip();
  }
  inside_ = false;
  return token;
}

Token Lexer::inside() {
  bool trims = false;
  if (at_right_delimiter(trims)) {
    return paren_depth_ == 0 ? right_delimiter() : fail("unclosed left paren");
  }
  char32_t rune = peek();
  if (rune == kEnd) return fail("unclosed action");
  if (is_space(rune)) return space();
  bool digit = rune >= '0' && rune <= '9';
  if (rune == '+' || rune == '-' || digit) return number();
  if (is_word(rune)) return identifier();
  take();
  switch (rune) {
    case '=':
      return emit(TokenKind::Assign);
    case ':':
      return take() == '=' ? emit(TokenKind::Declare) : fail("expected :=");
    case '|':
      return emit(TokenKind::Pipe);
    case '"':
      return quoted('"', TokenKind::String, "unterminated quoted string");
    case '\'':
      return quoted('\'', TokenKind::CharConstant, "unterminated character constant");
    case '`':
      return raw_quoted();
    case '$':
      return field_or_variable(TokenKind::Variable);
    case '.':
      if (position_ < text_.size() && (text_[position_] < '0' || text_[position_] > '9')) {
        return field_or_variable(TokenKind::Field);
      }
      --position_;
      return number();
    case '(':
      ++paren_depth_;
      return emit(TokenKind::LeftParen);
    case ')':
      return --paren_depth_ < 0 ? fail("unexpected right paren") : emit(TokenKind::RightParen);
    default:
      if (rune > ' ' && rune < 0x7F) return emit(TokenKind::Char);
      return fail(cat("unrecognized character in action: ", unicode_name(rune)));
  }
}

// A run of spaces; the last one may belong to a trimming right delimiter.
Token Lexer::space() {
  size_t first = position_;
  accept_run(kSpaces);
  if (right_trims(text_.substr(position_ - 1)) &&
      starts_with(position_ - 1 + kTrimMarker, right_)) {
    --position_;
    if (position_ == first) return right_delimiter();
  }
  return emit(TokenKind::Space);
}

Token Lexer::identifier() {
  skip_word();
  std::string_view word = text_.substr(start_, position_ - start_);
  if (!at_terminator()) return fail(cat("bad character ", unicode_name(peek())));
  for (const auto& [name, kind] : kKeywords) {
    if (word != name) continue;
    if ((kind == TokenKind::Break && !break_is_keyword_) ||
        (kind == TokenKind::Continue && !continue_is_keyword_)) {
      break;
    }
    return emit(kind);
  }
  return emit(word == "true" || word == "false" ? TokenKind::Bool : TokenKind::Identifier);
}

Token Lexer::field_or_variable(TokenKind kind) {
  if (at_terminator()) return emit(kind == TokenKind::Variable ? kind : TokenKind::Dot);
  skip_word();
  if (!at_terminator()) return fail(cat("bad character ", unicode_name(peek())));
  return emit(kind);
}

bool Lexer::at_terminator() const {
  char32_t rune = peek();
  if (is_space(rune) || rune == kEnd) return true;
  switch (rune) {
    case '.':
    case ',':
    case '|':
    case ':':
    case ')':
    case '(':
      return true;
    default:
      break;
  }
  return starts_with(position_, right_);
}

Token Lexer::quoted(char32_t quote_mark, TokenKind kind, const char* message) {
  for (;;) {
    char32_t rune = take();
    if (rune == quote_mark) return emit(kind);
    if (rune == '\\') rune = take();
    if (rune == kEnd || rune == '\n') return fail(message);
  }
}

Token Lexer::raw_quoted() {
  size_t end = text_.find('`', position_);
  if (end == std::string_view::npos) {
    position_ = text_.size();
    return fail("unterminated raw quoted string");
  }
  position_ = end + 1;
  return emit(TokenKind::RawString);
}

Token Lexer::number() {
  auto bad = [&] {
    return fail(cat("bad number syntax: ", quote(text_.substr(start_, position_ - start_))));
  };
  if (!scan_number()) return bad();
  char32_t sign = peek();
  if (sign == '+' || sign == '-') {  // complex: 1+2i
    if (!scan_number() || text_[position_ - 1] != 'i') return bad();
    return emit(TokenKind::Complex);
  }
  return emit(TokenKind::Number);
}

bool Lexer::scan_number() {
  accept("+-");
  std::string_view digits = "0123456789_";
  bool hex = false;
  bool decimal = true;
  if (accept("0")) {
    if (accept("xX")) {
      digits = "0123456789abcdefABCDEF_";
      hex = true;
    } else if (accept("oO")) {
      digits = "01234567_";
      decimal = false;
    } else if (accept("bB")) {
      digits = "01_";
      decimal = false;
    }
  }
  accept_run(digits);
  if (accept(".")) accept_run(digits);
  if ((decimal && !hex && accept("eE")) || (hex && accept("pP"))) {
    accept("+-");
    accept_run("0123456789_");
  }
  accept("i");
  if (is_word(peek())) {
    take();
    return false;
  }
  return true;
}

}  // namespace fleet::gotemplate
