#include "data/yaml/scanner.h"

#include <utility>

#include "base/strings.h"
#include "data/yaml/limits.h"

namespace fleet::yaml {
namespace {

constexpr int64_t kMaxSimpleKey = 1024;  // characters; YAML 1.1 says so

bool allowed(char32_t c) {
  return c == 0x09 || c == 0x0A || c == 0x0D || (c >= 0x20 && c <= 0x7E) || c == 0x85 ||
         (c >= 0xA0 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) ||
         (c >= 0x10000 && c <= 0x10FFFF);
}

const char* utf8_problem(std::string_view rest) {
  auto lead = static_cast<unsigned char>(rest[0]);
  size_t width = lead < 0x80   ? 1
                 : lead < 0xC0 ? 0
                 : lead < 0xE0 ? 2
                 : lead < 0xF0 ? 3
                 : lead < 0xF8 ? 4
                               : 0;
  if (width == 0) return "invalid leading UTF-8 octet";
  if (rest.size() < width) return "incomplete UTF-8 octet sequence";
  for (size_t i = 1; i < width; i++) {
    if ((static_cast<unsigned char>(rest[i]) & 0xC0) != 0x80) return "invalid trailing UTF-8 octet";
  }
  return "invalid length of a UTF-8 sequence";
}

}  // namespace

Scanner::Scanner(std::string_view text, Dialect dialect)
    : text_(text),
      dialect_(dialect) {
  if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
}

bool Scanner::check_characters() {
  size_t i = 0;
  while (i < text_.size()) {
    auto byte = static_cast<unsigned char>(text_[i]);
    if (byte < 0x80) {
      if (byte < 0x20 ? (byte != 9 && byte != 10 && byte != 13) : byte == 0x7F) {
        problem_ = {.found = true,
                    .scanner = false,
                    .text = "control characters are not allowed",
                    .context = {},
                    .mark = {}};
        return false;
      }
      i++;
      continue;
    }
    Rune rune = decode_rune(text_.substr(i));
    if (!rune.valid || !allowed(rune.value)) {
      std::string why =
          rune.valid ? "control characters are not allowed" : utf8_problem(text_.substr(i));
      problem_ = {
          .found = true, .scanner = false, .text = std::move(why), .context = {}, .mark = {}};
      return false;
    }
    i += rune.size;
  }
  return true;
}

bool Scanner::is_break(size_t ahead) const {
  switch (at(ahead)) {
    case '\n':
    case '\r':
      return true;
    case '\xC2':
      return at(ahead + 1) == '\x85';
    case '\xE2':
      return at(ahead + 1) == '\x80' && (at(ahead + 2) == '\xA8' || at(ahead + 2) == '\xA9');
    default:
      return false;
  }
}

bool Scanner::is_document_mark(char c) const {
  return mark_.column == 0 && at() == c && at(1) == c && at(2) == c && is_blankz(3);
}

void Scanner::advance() {
  if (!is_blank()) newlines_ = 0;
  auto lead = static_cast<unsigned char>(at());
  pos_ += lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  mark_.index++;
  mark_.column++;
}

void Scanner::advance_line() {
  std::string unused;
  read_line(unused);
}

void Scanner::read(std::string& out) {
  size_t from = pos_;
  advance();
  out.append(text_.substr(from, pos_ - from));
}

void Scanner::read_line(std::string& out) {
  if (at() == '\r' && at(1) == '\n') {
    out += '\n';
    pos_ += 2;
    mark_.index++;
  } else if (at() == '\r' || at() == '\n') {
    out += '\n';
    pos_ += 1;
  } else if (at() == '\xC2') {
    out += '\n';
    pos_ += 2;
  } else {
    out.append(text_.substr(pos_, 3));
    pos_ += 3;
  }
  mark_.index++;
  mark_.column = 0;
  mark_.line++;
  newlines_++;
}

bool Scanner::fail(const Mark& context, std::string text) {
  problem_ = {
      .found = true, .scanner = true, .text = std::move(text), .context = context, .mark = mark_};
  return false;
}

Token* Scanner::peek() {
  if (problem_.found) return nullptr;
  if (!fetch_more()) return nullptr;
  return &tokens_.front();
}

void Scanner::skip() {
  tokens_.pop_front();
  tokens_parsed_++;
}

bool Scanner::fetch_more() {
  // Comments of V3 need two further tokens: a foot comment belongs to the token before it.
  const size_t lookahead = dialect_ == Dialect::V3 ? 2 : 0;
  while (!ended_) {
    if (tokens_.size() > lookahead) {
      auto found = key_by_token_.find(tokens_parsed_);
      if (found == key_by_token_.end()) return true;
      bool valid = false;
      if (!key_is_valid(simple_keys_[found->second], valid)) return false;
      if (!valid) return true;
    }
    if (!fetch_next()) return false;
  }
  CHECK(!tokens_.empty());
  return true;
}

void Scanner::push(TokenType type, const Mark& start, const Mark& end) {
  Token& token = tokens_.emplace_back();
  token.type = type;
  token.start = start;
  token.end = end;
}

void Scanner::push_indicator(TokenType type, int characters) {
  Mark start = mark_;
  for (int i = 0; i < characters; i++)
    advance();
  push(type, start, mark_);
}

bool Scanner::fetch_next() {
  if (!started_) {
    started_ = true;
    if (text_.size() > kMaxYamlBytes) return fail(mark_, "text is too large");
    if (!check_characters()) return false;
    simple_keys_.emplace_back();
    push(TokenType::StreamStart, mark_, mark_);
    return true;
  }
  Mark scan = mark_;
  if (!to_next_token()) return false;
  unroll_indent(mark_.column, scan);
  if (is_z()) return fetch_stream_end();
  if (mark_.column == 0 && at() == '%') return fetch_directive();
  if (is_document_mark('-')) return fetch_document_mark(TokenType::DocumentStart);
  if (is_document_mark('.')) return fetch_document_mark(TokenType::DocumentEnd);
  Mark comment = mark_;
  if (!tokens_.empty() && ((flow_level_ == 0 && at() == ':') || (flow_level_ > 0 && at() == ','))) {
    comment = tokens_.back().start;  // what follows the indicator is said of the token before it
  }
  if (!fetch_by_character()) return false;
  if (dialect_ == Dialect::V2 || tokens_.back().type == TokenType::BlockEntry) return true;
  return scan_line_comment(comment);
}

bool Scanner::fetch_by_character() {
  switch (at()) {
    case '[':
      return fetch_flow_start(TokenType::FlowSequenceStart);
    case '{':
      return fetch_flow_start(TokenType::FlowMappingStart);
    case ']':
      return fetch_flow_end(TokenType::FlowSequenceEnd);
    case '}':
      return fetch_flow_end(TokenType::FlowMappingEnd);
    case ',':
      return fetch_flow_entry();
    case '*':
      return scan_anchor(TokenType::Alias);
    case '&':
      return scan_anchor(TokenType::Anchor);
    case '!':
      return scan_tag();
    case '\'':
      return scan_flow_scalar(true);
    case '"':
      return scan_flow_scalar(false);
    default:
      break;
  }
  if (at() == '-' && is_blankz(1)) return fetch_block_entry();
  if (at() == '?' && (flow_level_ > 0 || is_blankz(1))) return fetch_key();
  if (at() == ':' && (flow_level_ > 0 || is_blankz(1))) return fetch_value();
  if (at() == '|' && flow_level_ == 0) return scan_block_scalar(true);
  if (at() == '>' && flow_level_ == 0) return scan_block_scalar(false);
  if (starts_plain()) return scan_plain();
  return fail(mark_, "found character that cannot start any token");
}

bool Scanner::starts_plain() const {
  if (at() == '-' && !is_blank(1)) return true;
  if (flow_level_ == 0 && (at() == '?' || at() == ':') && !is_blankz(1)) return true;
  return !is_blankz() &&
         std::string_view("-?:,[]{}#&*!|>'\"%@`").find(at()) == std::string_view::npos;
}

bool Scanner::to_next_token() {
  Mark scan = mark_;
  while (true) {
    while (at() == ' ' || ((flow_level_ > 0 || !simple_key_allowed_) && at() == '\t'))
      advance();
    if (dialect_ == Dialect::V3) comment_before_entry();
    if (at() == '#') {
      if (dialect_ == Dialect::V3) {
        scan_comments(scan);
      } else {
        while (!is_breakz())
          advance();
      }
    }
    if (!is_break()) return true;
    advance_line();
    if (flow_level_ == 0) simple_key_allowed_ = true;
  }
}

bool Scanner::key_is_valid(SimpleKey& key, bool& valid) {
  valid = false;
  if (!key.possible) return true;
  if (key.mark.line < mark_.line || key.mark.index + kMaxSimpleKey < mark_.index) {
    if (key.required) return fail(key.mark, "could not find expected ':'");
    key.possible = false;
    return true;
  }
  valid = true;
  return true;
}

bool Scanner::save_simple_key() {
  bool required = flow_level_ == 0 && indent_ == mark_.column;
  if (!simple_key_allowed_) return true;
  if (!remove_simple_key()) return false;
  SimpleKey& key = simple_keys_.back();
  key = {.possible = true,
         .required = required,
         .token_number = tokens_parsed_ + tokens_.size(),
         .mark = mark_};
  key_by_token_[key.token_number] = simple_keys_.size() - 1;
  return true;
}

bool Scanner::remove_simple_key() {
  SimpleKey& key = simple_keys_.back();
  if (!key.possible) return true;
  if (key.required) return fail(key.mark, "could not find expected ':'");
  key.possible = false;
  key_by_token_.erase(key.token_number);
  return true;
}

bool Scanner::roll_indent(int column, int64_t number, TokenType type, const Mark& mark) {
  if (flow_level_ > 0 || indent_ >= column) return true;
  indents_.push_back(indent_);
  indent_ = column;
  if (indents_.size() > size_t{kMaxYamlDepth}) {
    return fail(mark_, cat("exceeded max depth of ", kMaxYamlDepth));
  }
  Token token;
  token.type = type;
  token.start = token.end = mark;
  if (number < 0) {
    tokens_.push_back(std::move(token));
  } else {
    tokens_.insert(tokens_.begin() + (number - static_cast<int64_t>(tokens_parsed_)),
                   std::move(token));
  }
  return true;
}

void Scanner::unroll_indent(int column, const Mark& scan) {
  if (flow_level_ > 0) return;
  Mark block = dialect_ == Dialect::V3 ? scan : mark_;
  if (dialect_ == Dialect::V3) block.index--;
  while (indent_ > column) {
    if (dialect_ == Dialect::V3) {
      // The block ends before those comments that stand at its own indentation behind it.
      int64_t stop = block.index;
      for (size_t i = comments_.size(); i-- > 0;) {
        const Comment& comment = comments_[i];
        if (comment.end.index < stop) break;
        if (comment.start.column == indent_ + 1) block = comment.start;
        stop = comment.scan.index;
      }
      push(TokenType::BlockEnd, block, block);
    } else {
      push(TokenType::BlockEnd, mark_, mark_);
    }
    indent_ = indents_.back();
    indents_.pop_back();
  }
}

bool Scanner::raise_flow() {
  // As the original: the new level begins with the number of the bracket's own token.
  simple_keys_.emplace_back().token_number = tokens_parsed_ + tokens_.size();
  flow_level_++;
  if (flow_level_ > kMaxYamlDepth) return fail(mark_, cat("exceeded max depth of ", kMaxYamlDepth));
  return true;
}

void Scanner::lower_flow() {
  if (flow_level_ == 0) return;
  flow_level_--;
  key_by_token_.erase(simple_keys_.back().token_number);
  simple_keys_.pop_back();
}

bool Scanner::fetch_stream_end() {
  if (mark_.column != 0) {
    mark_.column = 0;
    mark_.line++;
  }
  unroll_indent(-1, mark_);
  if (!remove_simple_key()) return false;
  simple_key_allowed_ = false;
  push(TokenType::StreamEnd, mark_, mark_);
  ended_ = true;
  return true;
}

bool Scanner::fetch_directive() {
  unroll_indent(-1, mark_);
  if (!remove_simple_key()) return false;
  simple_key_allowed_ = false;
  Token token;
  if (!scan_directive(token)) return false;
  tokens_.push_back(std::move(token));
  return true;
}

bool Scanner::fetch_document_mark(TokenType type) {
  unroll_indent(-1, mark_);
  if (!remove_simple_key()) return false;
  simple_key_allowed_ = false;
  push_indicator(type, 3);
  return true;
}

bool Scanner::fetch_flow_start(TokenType type) {
  if (!save_simple_key() || !raise_flow()) return false;
  simple_key_allowed_ = true;
  push_indicator(type, 1);
  return true;
}

bool Scanner::fetch_flow_end(TokenType type) {
  if (!remove_simple_key()) return false;
  lower_flow();
  simple_key_allowed_ = false;
  push_indicator(type, 1);
  return true;
}

bool Scanner::fetch_flow_entry() {
  if (!remove_simple_key()) return false;
  simple_key_allowed_ = true;
  push_indicator(TokenType::FlowEntry, 1);
  return true;
}

bool Scanner::fetch_block_entry() {
  if (flow_level_ == 0) {
    if (!simple_key_allowed_) {
      return fail(mark_, "block sequence entries are not allowed in this context");
    }
    if (!roll_indent(mark_.column, -1, TokenType::BlockSequenceStart, mark_)) return false;
  }
  if (!remove_simple_key()) return false;
  simple_key_allowed_ = true;
  push_indicator(TokenType::BlockEntry, 1);
  return true;
}

bool Scanner::fetch_key() {
  if (flow_level_ == 0) {
    if (!simple_key_allowed_) return fail(mark_, "mapping keys are not allowed in this context");
    if (!roll_indent(mark_.column, -1, TokenType::BlockMappingStart, mark_)) return false;
  }
  if (!remove_simple_key()) return false;
  simple_key_allowed_ = flow_level_ == 0;
  push_indicator(TokenType::Key, 1);
  return true;
}

bool Scanner::fetch_value() {
  SimpleKey& key = simple_keys_.back();
  bool valid = false;
  if (!key_is_valid(key, valid)) return false;
  if (valid) {
    Token token;
    token.type = TokenType::Key;
    token.start = token.end = key.mark;
    auto at_token = static_cast<int64_t>(key.token_number) - static_cast<int64_t>(tokens_parsed_);
    tokens_.insert(tokens_.begin() + at_token, std::move(token));
    auto number = static_cast<int64_t>(key.token_number);
    if (!roll_indent(key.mark.column, number, TokenType::BlockMappingStart, key.mark)) return false;
    key.possible = false;
    key_by_token_.erase(key.token_number);
    simple_key_allowed_ = false;
  } else {
    if (flow_level_ == 0) {
      if (!simple_key_allowed_)
        return fail(mark_, "mapping values are not allowed in this context");
      if (!roll_indent(mark_.column, -1, TokenType::BlockMappingStart, mark_)) return false;
    }
    simple_key_allowed_ = flow_level_ == 0;
  }
  push_indicator(TokenType::Value, 1);
  return true;
}

}  // namespace fleet::yaml
