#include "data/yaml/composer.h"

#include <utility>

#include "base/strings.h"
#include "data/yaml/limits.h"

namespace fleet::yaml {
namespace {

constexpr std::string_view kLongPrefix = "tag:yaml.org,2002:";

void join_comment(std::string& to, const std::string& more) {
  if (more.empty()) return;
  if (!to.empty()) to += '\n';
  to += more;
}

}  // namespace

Composer::Composer(std::string_view text, Dialect dialect)
    : scanner_(text, dialect),
      dialect_(dialect) {}

Token* Composer::peek() {
  Token* token = scanner_.peek();
  if (token == nullptr) {
    if (!problem_.found) problem_ = scanner_.problem();
    return nullptr;
  }
  if (dialect_ == Dialect::V3) unfold_comments(*token);
  return token;
}

bool Composer::peek_is(TokenType type) {
  Token* token = peek();
  return token != nullptr && token->type == type;
}

bool Composer::fail(std::string text, const Mark& mark) {
  return fail(std::move(text), mark, {});
}

bool Composer::fail(std::string text, const Mark& mark, const Mark& context) {
  if (!problem_.found) {
    problem_ = {
        .found = true, .scanner = false, .text = std::move(text), .context = context, .mark = mark};
  }
  return false;
}

// The two versions look at the marks in a different order; that shows in the line they name.
Error Composer::error() const {
  int line = 0;
  const int one = problem_.scanner ? 1 : 0;
  if (dialect_ == Dialect::V2) {
    if (problem_.mark.line != 0) {
      line = problem_.mark.line + one;
    } else if (problem_.context.line != 0) {
      line = problem_.context.line;
    }
  } else if (problem_.context.line != 0) {
    line = problem_.context.line + one;
  } else if (problem_.mark.line != 0) {
    line = problem_.mark.line + one;
  }
  std::string where = line != 0 ? cat("line ", line, ": ") : "";
  return Error(Code::Invalid, cat("yaml: ", where, problem_.text));
}

void Composer::unfold_comments(const Token& token) {
  auto& comments = scanner_.comments();
  while (!comments.empty() && token.start.index >= comments.front().token.index) {
    Comment& comment = comments.front();
    if (!comment.head.empty()) {
      if (token.type == TokenType::BlockEnd) break;  // keep it for the token that follows
      join_comment(head_, comment.head);
    }
    join_comment(foot_, comment.foot);
    join_comment(line_, comment.line);
    comments.pop_front();
  }
}

void Composer::take_comments(Node& node) {
  node.set_head_comment(head_);
  node.set_line_comment(line_);
  node.set_foot_comment(foot_);
  head_.clear();
  line_.clear();
  foot_.clear();
  stem_.clear();
  has_stem_ = false;
}

// A collection under "- " takes the comment that stood before the dash.
void Composer::split_stem(size_t prior_head) {
  if (prior_head == 0 || dialect_ == Dialect::V2) return;
  Token* token = peek();
  if (token == nullptr || (token->type != TokenType::BlockSequenceStart &&
                           token->type != TokenType::BlockMappingStart)) {
    return;
  }
  stem_ = head_.substr(0, prior_head);
  has_stem_ = true;
  head_ = head_.size() == prior_head ? "" : head_.substr(prior_head + 1);
}

Result<Node> Composer::next_document() {
  Node document(Kind::Document, Tag::None);
  if (ended_) return Node();
  if (first_) {
    Token* token = peek();
    if (token == nullptr) return error();
    skip();  // stream start
  }
  depth_ = 0;
  anchors_.clear();
  if (!parse_document(document)) return error();
  if (ended_) return Node();
  return document;
}

bool Composer::parse_document(Node& document) {
  Token* token = peek();
  if (token == nullptr) return false;
  if (!first_) {
    while (token->type == TokenType::DocumentEnd) {
      skip();
      token = peek();
      if (token == nullptr) return false;
    }
  }
  if (token->type == TokenType::StreamEnd) {
    ended_ = true;
    return true;
  }
  const bool implicit = first_ && token->type != TokenType::VersionDirective &&
                        token->type != TokenType::TagDirective &&
                        token->type != TokenType::DocumentStart;
  first_ = false;
  document.set_position(static_cast<uint32_t>(token->start.line + 1),
                        static_cast<uint32_t>(token->start.column + 1));
  if (!parse_directives()) return false;
  if (implicit) {
    split_document_head(document);
  } else {
    token = peek();
    if (token == nullptr) return false;
    if (token->type != TokenType::DocumentStart) {
      return fail("did not find expected <document start>", token->start);
    }
    skip();
    token = peek();
    if (token == nullptr) return false;
  }
  token = peek();
  if (token == nullptr) return false;
  Node child;
  if (!implicit &&
      (token->type == TokenType::VersionDirective || token->type == TokenType::TagDirective ||
       token->type == TokenType::DocumentStart || token->type == TokenType::DocumentEnd ||
       token->type == TokenType::StreamEnd)) {
    child = empty_scalar(token->start);
  } else if (!parse_node(child, true, false)) {
    return false;
  }
  document.push_back(std::move(child));
  token = peek();
  if (token == nullptr) return false;
  if (token->type == TokenType::DocumentEnd) skip();
  directives_.clear();
  document.set_foot_comment(foot_.empty() ? head_ : foot_);
  head_.clear();
  line_.clear();
  foot_.clear();
  return true;
}

// What stands above the last empty line of the first comment belongs to the document.
void Composer::split_document_head(Node& document) {
  for (size_t i = head_.size(); i-- > 1;) {
    if (head_[i] != '\n') continue;
    if (i + 1 == head_.size()) {
      document.set_head_comment(std::string_view(head_).substr(0, i));
    } else if (head_[i - 1] == '\n') {
      document.set_head_comment(std::string_view(head_).substr(0, i - 1));
    } else {
      continue;
    }
    head_.erase(0, i + 1);
    return;
  }
}

bool Composer::parse_directives() {
  bool version = false;
  Token* token = peek();
  while (token != nullptr &&
         (token->type == TokenType::VersionDirective || token->type == TokenType::TagDirective)) {
    if (token->type == TokenType::VersionDirective) {
      if (version) return fail("found duplicate %YAML directive", token->start);
      if (token->major != 1 || token->minor != 1) {
        return fail("found incompatible YAML document", token->start);
      }
      version = true;
    } else if (!add_directive({token->value, token->suffix}, false, token->start)) {
      return false;
    }
    skip();
    token = peek();
  }
  if (token == nullptr) return false;
  return add_directive({"!", "!"}, true, token->start) &&
         add_directive({"!!", std::string(kLongPrefix)}, true, token->start);
}

bool Composer::add_directive(TagDirective directive, bool allow_duplicates, const Mark& mark) {
  for (const TagDirective& known : directives_) {
    if (known.handle != directive.handle) continue;
    return allow_duplicates || fail("found duplicate %TAG directive", mark);
  }
  directives_.push_back(std::move(directive));
  return true;
}

bool Composer::resolve_tag(const Token& token, std::string& tag) {
  if (token.value.empty()) {
    tag = token.suffix;
    return true;
  }
  for (const TagDirective& directive : directives_) {
    if (directive.handle != token.value) continue;
    tag = directive.prefix + token.suffix;
    break;
  }
  return !tag.empty();
}

bool Composer::parse_properties(Properties& properties, bool& any) {
  Token* token = peek();
  if (token == nullptr) return false;
  properties.start = token->start;
  Mark start = token->start;
  any = token->type == TokenType::Anchor || token->type == TokenType::Tag;
  if (!any) return true;
  bool has_tag = false;
  Token tag;
  const bool anchor_first = token->type == TokenType::Anchor;
  for (int i = 0; i < 2; i++) {
    token = peek();
    if (token == nullptr) return false;
    const TokenType wanted = (i == 0) == anchor_first ? TokenType::Anchor : TokenType::Tag;
    if (token->type != wanted) break;
    if (wanted == TokenType::Anchor) {
      properties.anchor = std::move(token->value);
    } else {
      tag = std::move(*token);
      has_tag = true;
    }
    skip();
  }
  if (peek() == nullptr) return false;
  if (has_tag && !resolve_tag(tag, properties.tag)) {
    return fail("found undefined tag handle", tag.start, start);
  }
  return true;
}

bool Composer::parse_node(Node& out, bool block, bool indentless) {
  if (depth_ >= kMaxYamlDepth) {
    return fail(cat("exceeded max depth of ", kMaxYamlDepth), Mark{});
  }
  Token* token = peek();
  if (token == nullptr) return false;
  if (token->type == TokenType::Alias) return parse_alias(out);
  Properties properties;
  bool any = false;
  if (!parse_properties(properties, any)) return false;
  token = peek();
  if (token == nullptr) return false;
  if (!properties.anchor.empty()) anchors_.insert(properties.anchor);
  depth_++;
  bool done = false;
  if (indentless && token->type == TokenType::BlockEntry) {
    out = start_collection(Kind::Sequence, properties, false);
    done = parse_indentless_sequence(out);
  } else if (token->type == TokenType::Scalar) {
    done = parse_scalar(out, properties);
  } else if (token->type == TokenType::FlowSequenceStart) {
    out = start_collection(Kind::Sequence, properties, true);
    take_comments(out);
    done = parse_flow_sequence(out);
  } else if (token->type == TokenType::FlowMappingStart) {
    out = start_collection(Kind::Mapping, properties, true);
    take_comments(out);
    done = parse_flow_mapping(out);
  } else if (block && token->type == TokenType::BlockSequenceStart) {
    out = start_collection(Kind::Sequence, properties, false);
    done = parse_block_sequence(out);
  } else if (block && token->type == TokenType::BlockMappingStart) {
    out = start_collection(Kind::Mapping, properties, false);
    done = parse_block_mapping(out);
  } else if (any && (!properties.anchor.empty() || !properties.tag.empty())) {
    out = empty_scalar(properties.start);
    if (properties.tag == "!" && dialect_ == Dialect::V2) out.set_tag(Tag::Str);
    if (!properties.tag.empty() && properties.tag != "!") {
      out.set_tag_text(properties.tag);
      out.set_style(kTagged);
    }
    out.set_anchor(properties.anchor);
    done = true;
  } else {
    fail("did not find expected node content", token->start, properties.start);
  }
  depth_--;
  return done;
}

Node Composer::start_collection(Kind kind, const Properties& properties, bool flow) {
  Node node(kind, kind == Kind::Sequence ? Tag::Seq : Tag::Map);
  node.set_position(static_cast<uint32_t>(properties.start.line + 1),
                    static_cast<uint32_t>(properties.start.column + 1));
  Style style = flow ? kFlow : Style{0};
  if (!properties.tag.empty() && properties.tag != "!") {
    node.set_tag_text(properties.tag);
    style |= kTagged;
  }
  node.set_style(style);
  node.set_anchor(properties.anchor);
  if (!flow && has_stem_) {
    node.set_head_comment(stem_);
    stem_.clear();
    has_stem_ = false;
  }
  return node;
}

Node Composer::empty_scalar(const Mark& mark) const {
  Node node = Node::scalar("", Tag::Null);
  node.set_position(static_cast<uint32_t>(mark.line + 1), static_cast<uint32_t>(mark.column + 1));
  return node;
}

bool Composer::parse_alias(Node& out) {
  Token* token = peek();
  out = Node(Kind::Alias, Tag::None);
  out.set_position(static_cast<uint32_t>(token->start.line + 1),
                   static_cast<uint32_t>(token->start.column + 1));
  out.set_text(token->value);
  if (!anchors_.contains(token->value)) {
    fail(cat("unknown anchor '", token->value, "' referenced"), Mark{});
    return false;
  }
  take_comments(out);
  skip();
  return true;
}

bool Composer::parse_scalar(Node& out, const Properties& properties) {
  Token* token = peek();
  Tag tag = Tag::Str;
  if (token->style == 0) {
    // A tag of "!" counts as none in v3 and as a string in v2.
    if (token->value == "<<") {
      tag = Tag::Merge;
    } else if (dialect_ == Dialect::V3) {
      tag = resolve_v3(token->value);
    } else if (properties.tag != "!") {
      tag = Tag::None;
    }
  }
  out = Node::scalar(token->value, tag, token->style);
  if (!properties.tag.empty() && properties.tag != "!") {
    out.set_tag_text(properties.tag);
    out.set_style(static_cast<Style>(token->style | kTagged));
  }
  out.set_position(static_cast<uint32_t>(properties.start.line + 1),
                   static_cast<uint32_t>(properties.start.column + 1));
  out.set_anchor(properties.anchor);
  take_comments(out);
  skip();
  return true;
}

}  // namespace fleet::yaml
