#include "data/yaml/emitter.h"

#include <algorithm>
#include <utility>

#include "base/strings.h"
#include "data/yaml/resolve.h"

namespace fleet::yaml {
namespace {

constexpr size_t kMaxSimpleKeyBytes = 128;
constexpr std::string_view kLongPrefix = "tag:yaml.org,2002:";

std::string long_tag(std::string_view tag) {
  return tag.starts_with("!!") ? cat(kLongPrefix, tag.substr(2)) : std::string(tag);
}

// The tag to print, or "": a tag that the text would resolve to anyway is left out.
std::string printed_tag(const Node& node, bool& force_quotes) {
  force_quotes = false;
  if (node.tag() == Tag::None) return "";
  std::string tag = node.tag_text();
  if ((node.style() & kTagged) != 0) return long_tag(tag);
  constexpr Style kNotPlain = kQuoted | kLiteral | kFolded;
  if (node.is_scalar()) {
    if (node.tag() == Tag::Str && (node.style() & kNotPlain) != 0) return "";
    // As go-yaml v3: the tag of a merge key is always printed.
    if (node.tag() != Tag::Merge && resolve_v3(node.text()) == node.tag()) return "";
    if (node.tag() == Tag::Str) {
      force_quotes = true;
      return "";
    }
  } else if (node.tag() == (node.is_mapping() ? Tag::Map : Tag::Seq)) {
    return "";
  }
  return long_tag(tag);
}

}  // namespace

void Emitter::document(const Node& node) {
  const Node* content = &node;
  if (node.kind() == Kind::Document) {
    if (v3_ && !node.head_comment().empty()) {
      head_ = node.head_comment();
      head_comment();
      put_break();
    }
    if (node.empty()) return;
    content = &node.children().front();
  }
  load_comments(*content);
  head_comment();
  this->node(*content, {.root = true, .sequence = false, .mapping = false, .simple_key = false});
  line_comment();
  foot_comment();
  if (v3_) {
    if (node.kind() == Kind::Document && !node.foot_comment().empty()) foot_ = node.foot_comment();
    foot_indent_ = 0;
    foot_comment();
    foot_indent_ = -1;
  }
  write_indent();
}

// Comments of the event that begins a node. A collection's line and foot come with its end.
void Emitter::load_comments(const Node& node) {
  if (!v3_) return;
  if (!node.head_comment().empty()) head_ = node.head_comment();
  if (node.is_mapping() || node.is_sequence()) return;
  if (!node.line_comment().empty()) line_ = node.line_comment();
  if (!node.foot_comment().empty()) foot_ = node.foot_comment();
}

void Emitter::load_end_comments(const Node& node) {
  if (!v3_) return;
  if (!node.line_comment().empty()) line_ = node.line_comment();
  if (!node.foot_comment().empty()) foot_ = node.foot_comment();
}

void Emitter::head_comment() {
  if (!v3_) return;
  if (!tail_.empty()) {
    write_indent();
    write_comment(std::exchange(tail_, {}));
    foot_indent_ = std::max(indent_, 0);
  }
  if (head_.empty()) return;
  write_indent();
  write_comment(std::exchange(head_, {}));
}

void Emitter::line_comment(bool line_break) {
  if (line_.empty()) {
    if (line_break) put_break();
    return;
  }
  if (!whitespace_) put(' ');
  write_comment(std::exchange(line_, {}));
}

void Emitter::foot_comment() {
  if (foot_.empty()) return;
  write_indent();
  write_comment(std::exchange(foot_, {}));
  foot_indent_ = std::max(indent_, 0);
}

void Emitter::write_comment(std::string_view comment) {
  bool breaks = false;
  bool pound = false;
  size_t i = 0;
  while (i < comment.size()) {
    if (comment[i] == '\n') {
      write_line_break(comment, i);
      breaks = true;
      pound = false;
      continue;
    }
    if (breaks) write_indent();
    if (!pound && comment[i] != '#') {
      put('#');
      put(' ');
    }
    pound = true;
    write(comment, i);
    indention_ = false;
    breaks = false;
  }
  if (!breaks) put_break();
  whitespace_ = true;
}

void Emitter::increase_indent(bool flow, bool indentless, bool in_sequence, bool compact) {
  indents_.push_back(indent_);
  if (indent_ < 0) {
    indent_ = flow ? options_.indent : 0;
  } else if (indentless) {
    return;
  } else if (!v3_) {
    indent_ += options_.indent;
  } else if (in_sequence) {
    indent_ += 2;  // just past "- "
  } else {
    indent_ = options_.indent * ((indent_ + options_.indent) / options_.indent);
    if (compact) indent_ -= 2;
  }
}

void Emitter::decrease_indent() {
  indent_ = indents_.back();
  indents_.pop_back();
}

bool Emitter::is_flow(const Node& node) const {
  return flow_level_ > 0 || (node.style() & kFlow) != 0 || node.empty();
}

void Emitter::node(const Node& node, Context context) {
  mapping_context_ = context.mapping;
  simple_key_context_ = context.simple_key;
  const bool in_sequence = context.sequence && flow_level_ == 0;
  switch (node.kind()) {
    case Kind::Alias:
      indicator("*", true, false, false);
      out_.append(node.text());
      column_ += static_cast<int>(rune_count(node.text()));
      whitespace_ = false;
      indention_ = false;
      return;
    case Kind::Sequence:
      if (is_flow(node)) return flow_sequence(node, in_sequence);
      return block_sequence(node, context);
    case Kind::Mapping:
      if (is_flow(node)) return flow_mapping(node, in_sequence);
      return block_mapping(node, context);
    case Kind::Document:
      if (!node.empty()) this->node(node.children().front(), context);
      return;
    case Kind::Scalar:
    case Kind::None:
      return scalar(node, context);
  }
}

void Emitter::properties(const Node& node, std::string_view tag) {
  if (!node.anchor().empty()) {
    indicator("&", true, false, false);
    out_.append(node.anchor());
    column_ += static_cast<int>(rune_count(node.anchor()));
    whitespace_ = false;
    indention_ = false;
  }
  if (!tag.empty()) write_tag(tag);
}

void Emitter::write_tag(std::string_view tag) {
  if (!whitespace_) put(' ');
  if (tag.starts_with(kLongPrefix) && tag.size() > kLongPrefix.size()) {
    out_ += "!!";
    out_ += tag.substr(kLongPrefix.size());
    column_ += static_cast<int>(tag.size() - kLongPrefix.size()) + 2;
  } else if (tag.starts_with('!') && tag.size() > 1) {
    out_ += tag;
    column_ += static_cast<int>(tag.size());
  } else {
    out_ += cat("!<", tag, ">");
    column_ += static_cast<int>(tag.size()) + 3;
  }
  whitespace_ = false;
  indention_ = false;
}

void Emitter::scalar(const Node& node, Context context) {
  bool force_quotes = false;
  std::string tag = v3_ ? printed_tag(node, force_quotes) : "";
  std::string_view text = node.is_none() ? std::string_view("null") : node.text();
  const Scalar facts = analyze(text, v3_);
  Style style = static_cast<Style>(node.style() & ~(kTagged | kFlow));
  if (v3_ && style == 0) {
    if (text.find('\n') != std::string_view::npos) {
      style = kLiteral;
    } else if (force_quotes) {
      style = kDoubleQuoted;
    }
  }
  if ((style & kDoubleQuoted) != 0) style = kDoubleQuoted;
  if (simple_key_context_ && facts.multiline) style = kDoubleQuoted;
  if (style == 0) {
    if (flow_level_ > 0 ? !facts.flow_plain : !facts.block_plain) style = kSingleQuoted;
    if (text.empty() && (flow_level_ > 0 || simple_key_context_)) style = kSingleQuoted;
  }
  if (style == kSingleQuoted && !facts.single_quoted) style = kDoubleQuoted;
  if (style == kLiteral || style == kFolded) {
    if (!facts.block || flow_level_ > 0 || simple_key_context_) style = kDoubleQuoted;
  }
  properties(node, tag);
  increase_indent(true, false, context.sequence && flow_level_ == 0);
  const bool allow_breaks = !simple_key_context_;
  if (style == kDoubleQuoted) {
    write_double(text, allow_breaks);
  } else if (style == kSingleQuoted) {
    write_single(text, allow_breaks);
  } else if (style == kLiteral) {
    write_literal(text);
  } else if (style == kFolded) {
    write_folded(text);
  } else {
    write_plain(text, allow_breaks);
  }
  decrease_indent();
}

bool Emitter::is_simple_key(const Node& key) const {
  bool unused = false;
  size_t length = key.anchor().size();
  if (key.is_alias()) return key.text().size() <= kMaxSimpleKeyBytes;
  if (v3_) length += printed_tag(key, unused).size();
  if (key.is_scalar()) {
    if (key.text().find('\n') != std::string_view::npos || analyze(key.text(), v3_).multiline)
      return false;
    length += key.text().size();
  } else if (!key.empty()) {
    return false;
  }
  return length <= kMaxSimpleKeyBytes;
}

void Emitter::flow_sequence(const Node& node, bool in_sequence) {
  bool unused = false;
  properties(node, v3_ ? printed_tag(node, unused) : "");
  indicator("[", true, true, false);
  increase_indent(true, false, in_sequence);
  flow_level_++;
  bool separator = false;
  for (const Node& item : node.children()) {
    load_comments(item);
    if (separator) indicator(",", false, false, false);
    head_comment();
    if (v3_ && column_ == 0) write_indent();
    if (column_ > width_) write_indent();
    // Comments of the item stand behind its comma.
    const bool trail = comments_follow();
    this->node(item, {.root = false, .sequence = true, .mapping = false, .simple_key = false});
    if (comments_follow()) indicator(",", false, false, false);
    line_comment();
    foot_comment();
    separator = !trail;
  }
  load_end_comments(node);
  flow_level_--;
  decrease_indent();
  if (v3_ && column_ == 0) write_indent();
  indicator("]", false, false, false);
  line_comment();
  foot_comment();
}

bool Emitter::flow_pair(const Node& key, const Node& value, bool separator) {
  load_comments(key);
  if (separator) indicator(",", false, false, false);
  head_comment();
  if (v3_ && column_ == 0) write_indent();
  if (column_ > width_) write_indent();
  if (is_simple_key(key)) {
    node(key, {.root = false, .sequence = false, .mapping = true, .simple_key = true});
    load_comments(value);
    indicator(":", false, false, false);
  } else {
    indicator("?", true, false, false);
    node(key, {.root = false, .sequence = false, .mapping = true, .simple_key = false});
    load_comments(value);
    if (column_ > width_) write_indent();
    indicator(":", true, false, false);
  }
  const bool trail = comments_follow();
  node(value, {.root = false, .sequence = false, .mapping = true, .simple_key = false});
  if (comments_follow()) indicator(",", false, false, false);
  line_comment();
  foot_comment();
  return !trail;
}

void Emitter::flow_mapping(const Node& node, bool in_sequence) {
  bool unused = false;
  properties(node, v3_ ? printed_tag(node, unused) : "");
  indicator("{", true, true, false);
  increase_indent(true, false, in_sequence);
  flow_level_++;
  bool separator = false;
  std::string tail;
  for (size_t i = 0; i < node.pairs(); i++) {
    Node key = node.key(i);
    if (v3_ && !tail.empty()) tail_ = std::exchange(tail, {});
    if (v3_ && !key.foot_comment().empty()) {
      tail = key.foot_comment();
      key.set_foot_comment("");
    }
    separator = flow_pair(key, node.value(i), separator);
  }
  load_end_comments(node);
  if (!tail.empty()) tail_ = std::move(tail);
  if (!head_.empty() || !foot_.empty() || !tail_.empty()) {
    if (separator) indicator(",", false, false, false);
  }
  head_comment();
  flow_level_--;
  decrease_indent();
  if (v3_ && column_ == 0) write_indent();
  indicator("}", false, false, false);
  line_comment();
  foot_comment();
}

void Emitter::block_sequence(const Node& node, Context context) {
  bool unused = false;
  properties(node, v3_ ? printed_tag(node, unused) : "");
  const bool in_sequence = context.sequence && flow_level_ == 0;
  if (v3_) {
    const bool compact = mapping_context_ && (column_ == 0 || !indention_) && options_.compact;
    increase_indent(false, false, in_sequence, compact);
  } else {
    increase_indent(false, mapping_context_ && !indention_, in_sequence);
  }
  for (const Node& item : node.children()) {
    load_comments(item);
    head_comment();
    write_indent();
    indicator("-", true, false, true);
    this->node(item, {.root = false, .sequence = true, .mapping = false, .simple_key = false});
    if (item.is_mapping() || item.is_sequence()) continue;
    line_comment();
    foot_comment();
  }
  load_end_comments(node);
  decrease_indent();
}

void Emitter::block_mapping(const Node& node, Context context) {
  bool unused = false;
  properties(node, v3_ ? printed_tag(node, unused) : "");
  increase_indent(false, false, context.sequence && flow_level_ == 0);
  std::string tail;
  for (size_t i = 0; i < node.pairs(); i++) {
    const Node& key = node.key(i);
    load_comments(key);
    if (v3_) {
      // A key's foot comment is printed behind its value, before the next key.
      if (!tail.empty()) tail_ = std::exchange(tail, {});
      if (!key.foot_comment().empty()) {
        tail = key.foot_comment();
        foot_.clear();
      }
    }
    head_comment();
    write_indent();
    if (!line_.empty()) key_line_ = std::exchange(line_, {});
    const bool simple = is_simple_key(key);
    if (!simple) indicator("?", true, false, true);
    this->node(key, {.root = false, .sequence = false, .mapping = true, .simple_key = simple});
    block_value(node.value(i), simple);
  }
  load_end_comments(node);
  if (!tail.empty()) tail_ = std::move(tail);
  head_comment();
  decrease_indent();
}

void Emitter::block_value(const Node& value, bool simple) {
  load_comments(value);
  if (simple) {
    indicator(":", false, false, false);
  } else {
    write_indent();
    indicator(":", true, false, true);
  }
  if (!key_line_.empty()) {
    // A comment behind a key whose value is on the lines below.
    if (value.is_scalar()) {
      if (line_.empty()) line_ = std::exchange(key_line_, {});
    } else if (!value.is_alias() && (value.style() & kFlow) == 0) {
      std::swap(line_, key_line_);
      line_comment();
      std::swap(line_, key_line_);
    }
  }
  node(value, {.root = false, .sequence = false, .mapping = true, .simple_key = false});
  if (value.is_mapping() || value.is_sequence()) return;
  line_comment();
  foot_comment();
}

}  // namespace fleet::yaml
