// The reader of plain YAML, over what it builds: values (plain.cc) or nodes (plain_node.cc).
// Private to this room.
//
// A sink has the type Out of what is built, Name for a key on its way, and
//   open_map, open_list, close, name, put, push, null, text, plain, is_key
// as ValueSink has them; kMarks: it wants to know where nodes begin; kComments: it may lose
// comments.
#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/strings.h"
#include "data/yaml/limits.h"
#include "data/yaml/resolve.h"

namespace fleet::yaml {

struct PlainMark {
  uint32_t line = 0;    // from 1
  uint32_t column = 0;  // in characters, from 1
};

inline constexpr int kMaxPlainDepth = 64;
inline constexpr size_t kLongestKey = 512;  // bytes; YAML allows 1024 characters
inline constexpr int kNoLine = -1;          // the column behind the last line

// What a character is within a plain scalar.
enum PlainClass : uint8_t {
  kBad = 0,       // control characters, and the bytes of other characters than ASCII
  kOrdinary = 1,  // nothing but itself
  kWord = 2,      // also ordinary in a flow collection
  kFirst = 4,     // may begin a plain scalar whatever follows
};

constexpr std::array<uint8_t, 256> plain_classes() {
  std::array<uint8_t, 256> out{};
  for (int c = 0x21; c < 0x7F; ++c)
    out[static_cast<size_t>(c)] = kOrdinary | kFirst;
  for (const char c : std::string_view("-?:,[]{}#&*!|>'\"%@`"))
    out[static_cast<size_t>(c)] = kOrdinary;
  out[':'] = out['#'] = kBad;  // looked at in their places
  for (const char c :
       std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./"))
    out[static_cast<size_t>(c)] |= kWord;
  return out;
}
inline constexpr std::array<uint8_t, 256> kPlainClasses = plain_classes();

inline bool is_plain(char c, PlainClass wanted) {
  return (kPlainClasses[static_cast<unsigned char>(c)] & wanted) != 0;
}

// The bytes of one character that is not ASCII and may stand in a text without ending its line; 0
// if there is none.
inline size_t other_character(std::string_view text) {
  const Rune rune = decode_rune(text);
  const char32_t c = rune.value;
  const bool allowed = (c >= 0xA0 && c <= 0xD7FF && c != 0x2028 && c != 0x2029) ||
                       (c >= 0xE000 && c <= 0xFFFD && c != 0xFEFF) ||
                       (c >= 0x10000 && c <= 0x10FFFF);
  return rune.valid && allowed ? rune.size : 0;
}

// Whether these characters may stand in a literal, a comment or quotes: printable, or a tab.
inline bool is_text(std::string_view line) {
  constexpr uint64_t kOnes = 0x0101010101010101U;
  size_t at = 0;
  while (at < line.size()) {
    // Eight at a time, while all are from the blank to the tilde.
    for (; at + 8 <= line.size(); at += 8) {
      uint64_t word = 0;
      std::memcpy(&word, line.data() + at, 8);
      if (((word | (word - kOnes * 0x20) | (word + kOnes)) & kOnes * 0x80) != 0) break;
    }
    if (at == line.size()) break;
    const char c = line[at];
    if ((c >= 0x20 && c < 0x7F) || c == '\t') {
      ++at;
      continue;
    }
    const size_t size = other_character(line.substr(at));
    if (size == 0) return false;
    at += size;
  }
  return true;
}

// Every function answers whether the text is still plain. Between two of them `pos_` is at the
// first character of a line's content and `column_` is its column, or kNoLine when the text is at
// its end.
template <typename Sink>
class PlainReader {
 public:
  using Out = typename Sink::Out;

  PlainReader(std::string_view text, Sink sink, std::span<const std::string_view> members)
      : text_(text),
        sink_(std::move(sink)),
        members_(members) {}

  bool document(Out& out) {
    if (text_.size() > kMaxYamlBytes || !to_content()) return false;
    if (column_ == 0 && text_.substr(pos_).starts_with("---\n")) {
      pos_ += 4;
      if (!to_content()) return false;
    }
    if (column_ == kNoLine || at_mark()) return false;
    return block(column_, out) && column_ == kNoLine;
  }

 private:
  char at(size_t place) const { return place < text_.size() ? text_[place] : '\n'; }
  char here() const { return at(pos_); }
  bool is_end(size_t place) const { return at(place) == '\n'; }
  bool is_gap(size_t place) const { return at(place) == ' ' || is_end(place); }
  bool at_dash() const { return here() == '-' && is_gap(pos_ + 1); }
  bool at_mark() const {
    if (column_ != 0 || is_gap(pos_) || at(pos_ + 1) != here() || at(pos_ + 2) != here()) {
      return false;
    }
    return here() == '-' || here() == '.';
  }
  void skip_blanks() {
    while (pos_ < text_.size() && text_[pos_] == ' ')
      ++pos_;
  }

  // From the beginning of a line to the next line with content.
  bool to_content() {
    breaks_ = 1;
    while (true) {
      const size_t line = pos_;
      skip_blanks();
      if (pos_ >= text_.size()) {
        column_ = kNoLine;
        return true;
      }
      if (text_[pos_] == '\n') {
        ++pos_;
        ++breaks_;
      } else if (text_[pos_] == '#') {
        if (!skip_comment()) return false;
        pos_ += pos_ < text_.size() ? 1 : 0;
      } else {
        column_ = static_cast<int>(pos_ - line);
        return true;
      }
    }
  }

  bool skip_comment() {
    if (!Sink::kComments) return false;
    comments_ = true;
    const size_t end = std::min(text_.find('\n', pos_), text_.size());
    const std::string_view comment = text_.substr(pos_, end - pos_);
    pos_ = end;
    return is_text(comment);
  }

  // From behind a node to the next line with content.
  bool end_line() {
    comments_ = false;
    skip_blanks();
    if (here() == '#' && (text_[pos_ - 1] != ' ' || !skip_comment())) return false;
    if (!is_end(pos_)) return false;
    pos_ += pos_ < text_.size() ? 1 : 0;
    return to_content() && !at_mark();
  }
  // The same behind a node that no deeper line may follow.
  bool end_node(int column) { return end_line() && column_ <= column; }

  bool block(int column, Out& out) {
    if (++depth_ > kMaxPlainDepth) return false;
    const bool plain = at_dash() ? sequence(column, false, out) : mapping(column, out);
    --depth_;
    return plain;
  }

  bool mapping(int column, Out& out) {
    const bool keep_all = building_;
    const bool root = depth_ == 1 && !members_.empty();
    const size_t open = building_ ? sink_.open_map(out, mark(pos_), false) : 0;
    do {
      const size_t from = pos_;
      std::string_view key;
      if (!block_key(key) || pos_ - from > kLongestKey) return false;
      if (root) building_ = is_wanted(key);
      typename Sink::Name name;
      if (building_ && !sink_.name(out, key, text_[from], mark(from), name)) return false;
      Out value;
      if (!member(column, value)) return false;
      if (building_) sink_.put(out, name, std::move(value));
      building_ = keep_all;
    } while (column_ == column && !at_dash());
    if (building_) sink_.close(out, open);
    return column_ < column;
  }

  bool is_wanted(std::string_view key) const {
    for (const char c : key) {
      if ((c & 0x80) != 0) return true;  // letters that only Unicode folds to ASCII
    }
    for (const std::string_view name : members_) {
      if (equal_fold(name, key)) return true;
    }
    return false;
  }

  // A key up to and with its colon.
  bool block_key(std::string_view& key) {
    if (here() == '"' || here() == '\'') {
      if (!quoted(key)) return false;
      skip_blanks();
      if (here() != ':' || !is_gap(pos_ + 1)) return false;
    } else {
      bool colon = false;
      if (!plain_line(true, key, colon) || !colon || !Sink::is_key(key)) return false;
    }
    ++pos_;
    return true;
  }

  // What follows a key's colon.
  bool member(int column, Out& out) {
    const size_t behind = pos_;
    skip_blanks();
    if (!is_end(pos_) && here() != '#') return inline_node(column, out);
    if (!end_line()) return false;
    if (column_ > column) return below(column, out);
    if (column_ != column || !at_dash()) {
      if (building_) sink_.null(out, mark(behind));
      return true;
    }
    if (++depth_ > kMaxPlainDepth) return false;
    const bool plain = sequence(column, true, out);
    --depth_;
    return plain;
  }

  // `of_map`: it lies on the column of the map that has it, so that a key may follow.
  bool sequence(int column, bool of_map, Out& out) {
    const size_t open = building_ ? sink_.open_list(out, mark(pos_), false) : 0;
    do {
      const size_t dash = pos_++;
      skip_blanks();
      Out item;
      if (is_end(pos_) || here() == '#') {
        if (!end_line()) return false;
        if (column_ > column) {
          if (!below(column, item)) return false;
        } else if (building_) {
          sink_.null(item, mark(dash + 1));
        }
      } else if (at_dash() || begins_mapping()) {
        if (!block(column + static_cast<int>(pos_ - dash), item)) return false;
      } else if (!inline_node(column, item)) {
        return false;
      }
      if (building_) sink_.push(out, std::move(item));
    } while (column_ == column && at_dash());
    if (building_) sink_.close(out, open);
    return column_ < column || (of_map && column_ == column);
  }

  // A node that begins on a line of its own below the collection at `column`.
  bool below(int column, Out& out) {
    const bool quote = here() == '"' || here() == '\'';
    const bool scalar = here() == '[' || here() == '{' || (quote && !begins_mapping());
    return scalar ? inline_node(column, out) : block(column_, out);
  }

  // Looks ahead: is this a key?
  bool begins_mapping() {
    const size_t from = pos_;
    std::string_view key;
    bool colon = false;
    if (here() == '"' || here() == '\'') {
      if (quoted(key)) {
        skip_blanks();
        colon = here() == ':' && is_gap(pos_ + 1);
      }
    } else if (!plain_line(true, key, colon)) {
      colon = false;
    }
    pos_ = from;
    return colon;
  }

  // A node that begins on the line of its key or dash and is neither a map nor a list in block
  // style. `column` is that of the collection around it.
  bool inline_node(int column, Out& out) {
    switch (here()) {
      case '|':
        return literal(column, out) && column_ <= column;
      case '[':
      case '{':
        return flow(out) && end_node(column);
      case '"':
      case '\'': {
        const size_t from = pos_;
        std::string_view text;
        if (!quoted(text)) return false;
        if (building_) sink_.text(out, text, text_[from], mark(from));
        return end_node(column);
      }
      default:
        return plain_scalar(column, out);
    }
  }

  // One line of a plain scalar, up to its end, a comment or a colon that makes it a key.
  bool plain_line(bool first, std::string_view& out, bool& colon) {
    if (first && !is_plain(here(), kFirst) && !begins_anyway()) return false;
    const size_t from = pos_;
    size_t end = pos_;
    while (true) {
      while (pos_ < text_.size() && is_plain(text_[pos_], kOrdinary))
        ++pos_;
      if (here() == ' ') {
        end = pos_;
        skip_blanks();
        if (is_end(pos_) || here() == '#') break;
        if (here() == ':' && is_gap(pos_ + 1)) {
          colon = true;
          break;
        }
        continue;
      }
      end = pos_;
      const char c = here();
      if (c == '\n') break;
      if (c == ':' && is_gap(pos_ + 1)) {
        colon = true;
        break;
      }
      if ((c == ':' && at(pos_ + 1) != '\t') || c == '#') {
        ++pos_;
        continue;
      }
      const size_t size = (c & 0x80) != 0 ? other_character(text_.substr(pos_)) : 0;
      if (size == 0) return false;
      pos_ += size;
    }
    out = text_.substr(from, end - from);
    return true;
  }

  // Indicators that only mean something before a blank, and characters that are not ASCII.
  bool begins_anyway() const {
    const char c = here();
    if ((c & 0x80) != 0) return other_character(text_.substr(pos_)) != 0;
    return (c == '-' || c == ':' || c == '?') && !is_gap(pos_ + 1) && at(pos_ + 1) != '\t';
  }

  bool plain_scalar(int column, Out& out) {
    const size_t from = pos_;
    std::string_view text;
    bool colon = false;
    if (!plain_line(true, text, colon) || colon || !end_line()) return false;
    if (column_ <= column) return sink_.plain(out, text, building_, mark(from));
    std::string folded(text);
    while (column_ > column) {
      if (comments_) return false;
      folded.append(breaks_ == 1 ? 1 : breaks_ - 1, breaks_ == 1 ? ' ' : '\n');
      if (!plain_line(false, text, colon) || colon) return false;
      folded += text;
      if (!end_line()) return false;
    }
    return sink_.plain(out, folded, building_, mark(from));
  }

  // A quoted text on one line; lies in the document or, until the next one, in `scratch_`.
  bool quoted(std::string_view& out) {
    const char quote = here();
    const bool single = quote == '\'';
    size_t from = ++pos_;
    bool copied = false;
    auto take = [&] {
      const std::string_view piece = text_.substr(from, pos_ - from);
      if (!copied) scratch_.clear();
      scratch_ += piece;
      copied = true;
      return is_text(piece);
    };
    while (true) {
      while (here() != quote && here() != '\n' && (single || here() != '\\'))
        ++pos_;
      if (here() == '\n') return false;
      if (here() == quote && !(single && at(pos_ + 1) == '\'')) break;
      if (!take()) return false;
      if (!single && !escape()) return false;
      if (single) scratch_ += '\'';
      pos_ += 2;
      from = pos_;
    }
    if (copied) {
      if (!take()) return false;
      out = scratch_;
    } else {
      out = text_.substr(from, pos_ - from);
      if (!is_text(out)) return false;
    }
    ++pos_;
    return true;
  }
  bool escape() {
    switch (at(pos_ + 1)) {
      case 'n':
        scratch_ += '\n';
        return true;
      case 't':
        scratch_ += '\t';
        return true;
      case '"':
      case '\\':
        scratch_ += at(pos_ + 1);
        return true;
      default:
        return false;
    }
  }

  // "|", "|-" and "|+", indented by their first line.
  bool literal(int column, Out& out) {
    const size_t from = pos_++;
    const char chomping = here() == '-' || here() == '+' ? text_[pos_++] : ' ';
    skip_blanks();
    if (pos_ >= text_.size() || text_[pos_] != '\n') return false;
    ++pos_;
    size_t pending = 0;  // line breaks met and not yet written
    size_t deepest = 0;
    size_t indent = 0;
    for (;; ++pending) {
      const size_t line = pos_;
      skip_blanks();
      if (pos_ >= text_.size()) return false;
      indent = pos_ - line;
      if (text_[pos_] != '\n') break;
      deepest = std::max(deepest, indent);
      ++pos_;
    }
    if (indent < static_cast<size_t>(column + 1) || deepest > indent || here() == '\t')
      return false;
    if (!literal_lines(indent, pending)) return false;
    if (building_) {
      if (chomping == ' ') scratch_.append(std::min<size_t>(pending, 1), '\n');
      if (chomping == '+') scratch_.append(pending, '\n');
      sink_.text(out, scratch_, '|', mark(from));
    }
    return to_content() && !at_mark();
  }

  // From the content of the first line to the first line that lies further out.
  bool literal_lines(size_t indent, size_t& pending) {
    scratch_.clear();
    while (true) {
      const size_t end = std::min(text_.find('\n', pos_), text_.size());
      const std::string_view line = text_.substr(pos_, end - pos_);
      if (!is_text(line)) return false;
      if (building_) {
        scratch_.append(pending, '\n');
        scratch_ += line;
      }
      pending = 0;
      pos_ = end;
      size_t from = end;
      while (pos_ < text_.size() && text_[pos_] == '\n') {
        from = ++pos_;
        ++pending;
        while (pos_ < text_.size() && pos_ - from < indent && text_[pos_] == ' ')
          ++pos_;
      }
      if (pos_ >= text_.size() || pos_ - from < indent) {
        if (here() == '\t') return false;
        pos_ = from;
        return true;
      }
    }
  }

  // A list or map between brackets on one line.
  bool flow(Out& out) {
    if (++depth_ > kMaxPlainDepth) return false;
    const bool list = here() == '[';
    const char close = list ? ']' : '}';
    size_t open = 0;
    if (building_)
      open = list ? sink_.open_list(out, mark(pos_), true) : sink_.open_map(out, mark(pos_), true);
    ++pos_;
    skip_blanks();
    bool more = here() != close;
    while (more) {
      if (list) {
        Out item;
        if (!flow_node(item)) return false;
        if (building_) sink_.push(out, std::move(item));
      } else if (!flow_member(out)) {
        return false;
      }
      skip_blanks();
      more = here() == ',';
      if (!more) break;
      ++pos_;
      skip_blanks();
    }
    if (here() != close) return false;
    ++pos_;
    --depth_;
    if (building_) sink_.close(out, open);
    return true;
  }

  bool flow_member(Out& out) {
    const size_t from = pos_;
    std::string_view key;
    if (here() == '"' || here() == '\'') {
      if (!quoted(key)) return false;
    } else if (!flow_word(key) || !Sink::is_key(key)) {
      return false;
    }
    if (pos_ - from > kLongestKey || here() != ':' || at(pos_ + 1) != ' ') return false;
    typename Sink::Name name;
    if (building_ && !sink_.name(out, key, text_[from], mark(from), name)) return false;
    ++pos_;
    skip_blanks();
    Out value;
    if (!flow_node(value)) return false;
    if (building_) sink_.put(out, name, std::move(value));
    return true;
  }

  bool flow_node(Out& out) {
    const size_t from = pos_;
    std::string_view text;
    switch (here()) {
      case '[':
      case '{':
        return flow(out);
      case '"':
      case '\'':
        if (!quoted(text)) return false;
        if (building_) sink_.text(out, text, text_[from], mark(from));
        return true;
      default:
        return flow_word(text) && sink_.plain(out, text, building_, mark(from));
    }
  }

  // A scalar of one word; what may follow it is the caller's business.
  bool flow_word(std::string_view& out) {
    const size_t from = pos_;
    while (is_plain(here(), kWord) || (pos_ > from && here() == '-'))
      ++pos_;
    out = text_.substr(from, pos_ - from);
    return pos_ > from;
  }

  // Where a node begins; asked for places in their order.
  PlainMark mark(size_t place) {
    if (!Sink::kMarks) return {};
    for (; marked_ < place; ++marked_) {
      if (text_[marked_] == '\n') {
        ++mark_.line;
        mark_.column = 1;
      } else if ((text_[marked_] & 0xC0) != 0x80) {
        ++mark_.column;
      }
    }
    return mark_;
  }

  std::string_view text_;
  Sink sink_;
  std::span<const std::string_view> members_;
  size_t pos_ = 0;
  int column_ = 0;
  int depth_ = 0;
  size_t breaks_ = 0;      // line breaks between the last node and here
  bool comments_ = false;  // comments between the last node and here
  bool building_ = true;   // else: only looked at
  size_t marked_ = 0;      // mark_ is of this place
  PlainMark mark_{1, 1};
  std::string scratch_;
};

}  // namespace fleet::yaml
