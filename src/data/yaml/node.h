// Node: the syntax tree of a YAML document, with comments, styles, anchors and positions.
//
// Read and written as go.yaml.in/yaml v3 does it, so that a document which is read, changed in one
// place and printed again differs only there. kustomize works on it. For plain data see yaml.h.
//
// A mapping's children are key, value, key, value. Text and children are shared or owned by value:
// a copy of a node is a deep copy of the tree and a cheap copy of its texts.
// Lines and columns count from 1; 0 means "not read from a text".
// Pure. Threads: const access from any number of them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "data/value/value.h"

namespace fleet::yaml {

enum class Kind : uint8_t { None, Document, Sequence, Mapping, Scalar, Alias };

// The tag a node has, written or resolved; Other is any further tag, see Node::tag_text().
enum class Tag : uint8_t {
  None,
  Null,
  Bool,
  Str,
  Int,
  Float,
  Timestamp,
  Binary,
  Merge,
  Seq,
  Map,
  Other,
};

// Style bits; 0 is plain (scalars) or block (collections).
using Style = uint8_t;
inline constexpr Style kTagged = 1;
inline constexpr Style kDoubleQuoted = 2;
inline constexpr Style kSingleQuoted = 4;
inline constexpr Style kLiteral = 8;
inline constexpr Style kFolded = 16;
inline constexpr Style kFlow = 32;
inline constexpr Style kQuoted = kDoubleQuoted | kSingleQuoted;

class Node {
 public:
  Node();
  Node(Kind kind, Tag tag);
  Node(const Node& other);
  Node(Node&& other) noexcept;
  Node& operator=(const Node& other);
  Node& operator=(Node&& other) noexcept;
  ~Node();

  static Node mapping() { return Node(Kind::Mapping, Tag::Map); }
  static Node sequence() { return Node(Kind::Sequence, Tag::Seq); }
  static Node null();
  static Node scalar(std::string_view text, Tag tag, Style style = 0);
  // A string scalar; printed with quotes where it would read as something else.
  static Node string(std::string_view text) { return scalar(text, Tag::Str); }
  // A plain scalar whose tag is what its text resolves to.
  static Node plain(std::string_view text);

  Kind kind() const { return kind_; }
  bool is_none() const { return kind_ == Kind::None; }
  bool is_mapping() const { return kind_ == Kind::Mapping; }
  bool is_sequence() const { return kind_ == Kind::Sequence; }
  bool is_scalar() const { return kind_ == Kind::Scalar; }
  bool is_alias() const { return kind_ == Kind::Alias; }
  bool is_null() const { return kind_ == Kind::Scalar && tag_ == Tag::Null; }
  bool is_string() const { return kind_ == Kind::Scalar && tag_ == Tag::Str; }

  Tag tag() const { return tag_; }
  // "!!str", "!mine": the tag in short form.
  std::string tag_text() const;
  void set_tag(Tag tag) { tag_ = tag; }
  void set_tag_text(std::string_view tag);

  Style style() const { return style_; }
  void set_style(Style style) { style_ = style; }

  // A scalar's text without its quotes; an alias's anchor name.
  std::string_view text() const { return text_.as_string(); }
  const data::Value& text_value() const { return text_; }
  void set_text(std::string_view text) { text_ = data::Value(text); }

  uint32_t line() const { return line_; }
  uint16_t column() const { return column_; }
  void set_position(uint32_t line, uint32_t column);

  std::string_view anchor() const;
  void set_anchor(std::string_view anchor);

  // Comments keep their "#"; several lines are joined with newlines.
  std::string_view head_comment() const;
  std::string_view line_comment() const;
  std::string_view foot_comment() const;
  void set_head_comment(std::string_view comment);
  void set_line_comment(std::string_view comment);
  void set_foot_comment(std::string_view comment);
  void clear_comments();

  // Children of a document, sequence or mapping (key, value, key, value).
  std::span<const Node> children() const {
    return content_ ? std::span<const Node>(*content_) : std::span<const Node>();
  }
  std::span<Node> children() { return content_ ? std::span<Node>(*content_) : std::span<Node>(); }
  size_t size() const { return content_ ? content_->size() : 0; }
  bool empty() const { return size() == 0; }
  void reserve(size_t count);
  Node& push_back(Node child);
  void insert(size_t index, Node child);
  void erase(size_t index, size_t count = 1);
  std::vector<Node>& content();  // made if there is none

  // Members of a mapping by the text of their key; null if there is no such member.
  const Node* find(std::string_view key) const;
  Node* find(std::string_view key);
  size_t pairs() const { return size() / 2; }
  const Node& key(size_t pair) const { return (*content_)[pair * 2]; }
  const Node& value(size_t pair) const { return (*content_)[pair * 2 + 1]; }
  Node& key(size_t pair) { return (*content_)[pair * 2]; }
  Node& value(size_t pair) { return (*content_)[pair * 2 + 1]; }
  // Replaces the value of a member or appends one.
  Node& set(std::string_view key, Node value);
  bool remove(std::string_view key);
  // Text of a scalar member, or "".
  std::string_view member_text(std::string_view key) const;

 private:
  struct Extra;
  Extra& extra();

  // 40 bytes: a tree is mostly these.
  Kind kind_ : 4;
  Tag tag_ : 4;
  Style style_ = 0;
  uint16_t column_ = 0;
  uint32_t line_ = 0;
  data::Value text_;
  std::unique_ptr<std::vector<Node>> content_;
  std::unique_ptr<Extra> extra_;
};

// The first document of the text, as a Document node with one child; a None node for a text without
// documents. Errors: Invalid, go-yaml v3's text: "yaml: line 2: did not find expected key".
Result<Node> parse_node(std::string_view text);
// Every document of the text.
Result<std::vector<Node>> parse_nodes(std::string_view text);

enum class Sequences { Indented, Compact };  // "  - a" or "- a" below a key

// The document (or any node) as go-yaml v3's encoder prints it with an indent of two.
// Errors: Invalid for text that is not UTF-8 under a tag that forbids base64.
Result<std::string> emit(const Node& node, Sequences sequences = Sequences::Indented);

// How the first block sequence of a text lies under its key: on its column or two further. Compact
// if there is none. As kyaml's DeriveSeqIndentStyle.
Sequences sequence_style(std::string_view text);

// Replaces aliases by copies of what they name and applies merge keys ("<<"), everywhere below.
// As kyaml's DeAnchor: an explicit key beats a merged one; the first of several merged maps wins.
// Errors: Invalid for unknown or circular aliases, for a merge of something that is no map, and
// when the expansion passes the alias limits of limits.h.
Result<> expand_aliases(Node& document);

// The tree as data. Scalars resolve as go-yaml v3 does it: 1.2 booleans, 0o17 and 017 are octal.
// Errors: Invalid for duplicate keys, keys that are no strings, and tags that do not fit their
// text.
Result<data::Value> to_value(const Node& node);
// The tree of a value: plain and block styles, members in their order.
Node from_value(const data::Value& value);

// What a plain scalar's text resolves to in go-yaml v3 (booleans of 1.2) or v2 (booleans of 1.1).
Tag resolve_v3(std::string_view text);
Tag resolve_v2(std::string_view text);

}  // namespace fleet::yaml
