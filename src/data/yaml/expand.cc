// Aliases replaced by what they name, and merge keys applied.
#include <utility>

#include "base/strings.h"
#include "data/yaml/aliases.h"
#include "data/yaml/node.h"

namespace fleet::yaml {
namespace {

bool needs_expansion(const Node& node) {
  if (node.is_alias() || !node.anchor().empty()) return true;
  if (node.is_scalar()) return node.tag() == Tag::Merge;
  for (const Node& child : node.children()) {
    if (needs_expansion(child)) return true;
  }
  return false;
}

class Expander {
 public:
  explicit Expander(const Node& root)
      : targets_(root) {}

  Result<Node> expand(const Node& node) {
    TRY(guard_.step());
    if (node.is_alias()) {
      const Node* target = targets_.of(node);
      if (target == nullptr) {
        return Error(Code::Invalid, cat("unknown anchor '", node.text(), "' referenced"));
      }
      TRY(guard_.enter(node));
      Node copy = TRY(expand(*target));
      guard_.leave(node);
      return copy;
    }
    if (node.is_scalar() || node.is_none()) {
      Node copy = node;
      copy.set_anchor("");
      return copy;
    }
    Node out(node.kind(), node.tag());
    if (node.tag() == Tag::Other) out.set_tag_text(node.tag_text());
    out.set_style(node.style());
    out.set_position(node.line(), node.column());
    out.set_head_comment(node.head_comment());
    out.set_line_comment(node.line_comment());
    out.set_foot_comment(node.foot_comment());
    out.reserve(node.size());
    if (node.is_mapping()) {
      TRY(expand_mapping(node, out));
    } else {
      for (const Node& child : node.children())
        out.push_back(TRY(expand(child)));
    }
    return out;
  }

 private:
  static bool is_merge(const Node& key) { return key.is_scalar() && key.tag() == Tag::Merge; }

  // Own keys first and in their order; merged ones behind them. Own values win.
  Result<> expand_mapping(const Node& node, Node& out) {
    std::vector<const Node*> merged;
    for (size_t i = 0; i < node.pairs(); i++) {
      if (is_merge(node.key(i))) {
        TRY(find_maps(node.value(i), merged));
      } else {
        out.push_back(TRY(expand(node.key(i))));
        out.push_back(TRY(expand(node.value(i))));
      }
    }
    for (const Node* map : merged) {
      Node more = TRY(expand(*map));
      for (size_t i = 0; i < more.pairs(); i++) {
        if (out.find(more.key(i).text()) != nullptr) continue;
        out.push_back(std::move(more.key(i)));
        out.push_back(std::move(more.value(i)));
      }
    }
    return {};
  }

  // The maps to merge; the first one that has a key gives its value.
  Result<> find_maps(const Node& value, std::vector<const Node*>& maps) {
    if (value.is_mapping()) {
      maps.push_back(&value);
      return {};
    }
    if (value.is_alias()) {
      const Node* target = targets_.of(value);
      if (target == nullptr || !target->is_mapping()) {
        return Error(Code::Invalid, "invalid map merge: received alias for a non-map value");
      }
      maps.push_back(target);
      return {};
    }
    if (!value.is_sequence())
      return Error(Code::Invalid, "map merge requires map or sequence of maps as the value");
    for (const Node& part : value.children()) {
      if (part.is_sequence()) {
        return Error(Code::Invalid, "invalid map merge: received a nested sequence");
      }
      TRY(find_maps(part, maps));
    }
    return {};
  }

  AliasTargets targets_;
  AliasGuard guard_;
};

}  // namespace

Result<> expand_aliases(Node& document) {
  if (!needs_expansion(document)) return {};
  Node expanded = TRY(Expander(document).expand(document));
  document = std::move(expanded);
  return {};
}

}  // namespace fleet::yaml
