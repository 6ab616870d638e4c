#include "data/yaml/node.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace fleet::yaml {
namespace {

constexpr std::string_view kLongPrefix = "tag:yaml.org,2002:";
constexpr std::string_view kTagNames[] = {"",
                                          "!!null",
                                          "!!bool",
                                          "!!str",
                                          "!!int",
                                          "!!float",
                                          "!!timestamp",
                                          "!!binary",
                                          "!!merge",
                                          "!!seq",
                                          "!!map"};

}  // namespace

// What most nodes lack.
struct Node::Extra {
  std::string head;
  std::string line;
  std::string foot;
  std::string anchor;
  std::string tag;
};

Node::Node()
    : Node(Kind::None, Tag::None) {}
Node::Node(Kind kind, Tag tag)
    : kind_(kind),
      tag_(tag) {}
Node::Node(const Node& other)
    : kind_(other.kind_),
      tag_(other.tag_),
      style_(other.style_),
      column_(other.column_),
      line_(other.line_),
      text_(other.text_),
      content_(other.content_ ? std::make_unique<std::vector<Node>>(*other.content_) : nullptr),
      extra_(other.extra_ ? std::make_unique<Extra>(*other.extra_) : nullptr) {}
Node::Node(Node&& other) noexcept = default;
Node& Node::operator=(const Node& other) {
  if (this != &other) *this = Node(other);
  return *this;
}
Node& Node::operator=(Node&& other) noexcept = default;
Node::~Node() = default;

Node Node::null() {
  return scalar("null", Tag::Null);
}

Node Node::scalar(std::string_view text, Tag tag, Style style) {
  Node node(Kind::Scalar, tag);
  node.style_ = style;
  node.set_text(text);
  return node;
}

Node Node::plain(std::string_view text) {
  return scalar(text, resolve_v3(text));
}

std::string Node::tag_text() const {
  if (tag_ == Tag::Other) return extra_ ? extra_->tag : "";
  return std::string(kTagNames[static_cast<size_t>(tag_)]);
}

void Node::set_tag_text(std::string_view tag) {
  std::string shortened(tag);
  if (tag.starts_with(kLongPrefix)) {
    shortened = "!!";
    shortened += tag.substr(kLongPrefix.size());
  }
  for (size_t i = 0; i < std::size(kTagNames); i++) {
    if (kTagNames[i] == shortened) {
      tag_ = static_cast<Tag>(i);
      return;
    }
  }
  tag_ = Tag::Other;
  extra().tag = std::move(shortened);
}

void Node::set_position(uint32_t line, uint32_t column) {
  line_ = line;
  column_ = static_cast<uint16_t>(std::min<uint32_t>(column, UINT16_MAX));
}

Node::Extra& Node::extra() {
  if (!extra_) extra_ = std::make_unique<Extra>();
  return *extra_;
}

std::string_view Node::anchor() const {
  return extra_ ? std::string_view(extra_->anchor) : "";
}
std::string_view Node::head_comment() const {
  return extra_ ? std::string_view(extra_->head) : "";
}
std::string_view Node::line_comment() const {
  return extra_ ? std::string_view(extra_->line) : "";
}
std::string_view Node::foot_comment() const {
  return extra_ ? std::string_view(extra_->foot) : "";
}

void Node::set_anchor(std::string_view anchor) {
  if (extra_ || !anchor.empty()) extra().anchor = anchor;
}
void Node::set_head_comment(std::string_view comment) {
  if (extra_ || !comment.empty()) extra().head = comment;
}
void Node::set_line_comment(std::string_view comment) {
  if (extra_ || !comment.empty()) extra().line = comment;
}
void Node::set_foot_comment(std::string_view comment) {
  if (extra_ || !comment.empty()) extra().foot = comment;
}
void Node::clear_comments() {
  if (!extra_) return;
  extra_->head.clear();
  extra_->line.clear();
  extra_->foot.clear();
}

std::vector<Node>& Node::content() {
  if (!content_) content_ = std::make_unique<std::vector<Node>>();
  return *content_;
}
void Node::reserve(size_t count) {
  content().reserve(count);
}
Node& Node::push_back(Node child) {
  return content().emplace_back(std::move(child));
}
void Node::insert(size_t index, Node child) {
  CHECK(index <= size());
  content().insert(content().begin() + static_cast<std::ptrdiff_t>(index), std::move(child));
}
void Node::erase(size_t index, size_t count) {
  CHECK(index + count <= size());
  auto from = content_->begin() + static_cast<std::ptrdiff_t>(index);
  content_->erase(from, from + static_cast<std::ptrdiff_t>(count));
}

const Node* Node::find(std::string_view key) const {
  if (kind_ != Kind::Mapping) return nullptr;
  if (!content_) return nullptr;
  const std::vector<Node>& members = *content_;
  for (size_t i = 0; i + 1 < members.size(); i += 2) {
    if (members[i].text() == key && members[i].is_scalar()) return &members[i + 1];
  }
  return nullptr;
}
Node* Node::find(std::string_view key) {
  return const_cast<Node*>(std::as_const(*this).find(key));  // NOLINT: the same search
}

Node& Node::set(std::string_view key, Node value) {
  if (Node* found = find(key)) {
    *found = std::move(value);
    return *found;
  }
  push_back(Node::string(key));
  return push_back(std::move(value));
}

bool Node::remove(std::string_view key) {
  if (kind_ != Kind::Mapping) return false;
  for (size_t i = 0; i < pairs(); i++) {
    if (this->key(i).text() == key) {
      erase(i * 2, 2);
      return true;
    }
  }
  return false;
}

std::string_view Node::member_text(std::string_view key) const {
  const Node* found = find(key);
  return found != nullptr && found->is_scalar() ? found->text() : std::string_view();
}

}  // namespace fleet::yaml
