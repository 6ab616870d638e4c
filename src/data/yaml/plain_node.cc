#include <optional>
#include <utility>
#include <vector>

#include "data/yaml/plain.h"
#include "data/yaml/plain_reader.h"
#include "data/yaml/resolve.h"

namespace fleet::yaml {
namespace {

// What is built: the tree that go-yaml v3 composes. Children wait on a stack until their collection
// is whole, so that it has just the room it needs.
class NodeSink {
 public:
  using Out = Node;
  struct Name {};
  static constexpr bool kMarks = true;
  static constexpr bool kComments = false;  // the tree would have them

  size_t open_map(Out& out, PlainMark mark, bool flow) {
    return open(out, Node::mapping(), mark, flow);
  }
  size_t open_list(Out& out, PlainMark mark, bool flow) {
    return open(out, Node::sequence(), mark, flow);
  }
  void close(Out& out, size_t open) {
    if (open == waiting_.size()) return;
    const auto from = waiting_.begin() + static_cast<std::ptrdiff_t>(open);
    out.content().assign(std::make_move_iterator(from), std::make_move_iterator(waiting_.end()));
    waiting_.erase(from, waiting_.end());
  }
  bool name(const Out&, std::string_view key, char first, PlainMark mark, Name&) {
    Node node;
    if (first == '"' || first == '\'') {
      text(node, key, first, mark);
    } else if (!plain(node, key, true, mark)) {
      return false;
    }
    waiting_.push_back(std::move(node));
    return true;
  }
  void put(Out&, Name, Out value) { waiting_.push_back(std::move(value)); }
  void push(Out&, Out item) { waiting_.push_back(std::move(item)); }
  void null(Out& out, PlainMark mark) {
    out = Node::scalar("", Tag::Null);
    out.set_position(mark.line, mark.column);
  }
  void text(Out& out, std::string_view text, char first, PlainMark mark) {
    const Style style = first == '"' ? kDoubleQuoted : first == '|' ? kLiteral : kSingleQuoted;
    out = Node::scalar(text, Tag::Str, style);
    out.set_position(mark.line, mark.column);
  }
  static bool is_key(std::string_view) { return true; }
  static bool plain(Out& out, std::string_view text, bool, PlainMark mark) {
    if (text == "<<") return false;
    const char letter = static_cast<char>(text[0] | 0x20);
    // Nothing but true, false and null is anything else when it begins with a letter.
    const bool word = letter >= 'a' && letter <= 'z' &&
                      (text.size() > 5 || (letter != 't' && letter != 'f' && letter != 'n'));
    out = Node::scalar(text, word ? Tag::Str : resolve_v3(text));
    out.set_position(mark.line, mark.column);
    return true;
  }

 private:
  size_t open(Out& out, Node fresh, PlainMark mark, bool flow) {
    out = std::move(fresh);
    out.set_position(mark.line, mark.column);
    if (flow) out.set_style(kFlow);
    return waiting_.size();
  }

  std::vector<Node> waiting_;
};

}  // namespace

std::optional<Node> read_plain_node(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) return std::nullopt;  // a byte order mark
  Node content;
  if (!PlainReader<NodeSink>(text, NodeSink(), {}).document(content)) return std::nullopt;
  Node document(Kind::Document, Tag::None);
  document.reserve(1);
  document.push_back(std::move(content));
  return document;
}

}  // namespace fleet::yaml
