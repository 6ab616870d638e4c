#include <algorithm>
#include <optional>
#include <span>

#include "base/check.h"
#include "base/strings.h"
#include "text/glob_node.h"

namespace fleet::text {
namespace {

using Kind = GlobNode::Kind;
using Node = std::shared_ptr<const GlobNode>;
using Syntax = GlobSyntax::Kind;

Node make(Kind kind, int length) {
  auto out = std::make_shared<GlobNode>();
  out->kind = kind;
  out->length = length;
  return out;
}

Node make_text(Kind kind, std::string text) {
  auto out = std::make_shared<GlobNode>();
  out->kind = kind;
  if (kind == Kind::Text) out->length = static_cast<int>(rune_count(text));
  out->text = std::move(text);
  return out;
}

Node make_list(Kind kind, int length, std::u32string list, bool negated = false) {
  auto out = std::make_shared<GlobNode>();
  out->kind = kind;
  out->length = length;
  out->list = std::move(list);
  out->negated = negated;
  return out;
}

Node make_limit(Kind kind, int limit) {
  auto out = std::make_shared<GlobNode>();
  out->kind = kind;
  out->limit = limit;
  return out;
}

Node make_pair(Kind kind, std::string text, std::string suffix, std::u32string separators) {
  auto out = std::make_shared<GlobNode>();
  out->kind = kind;
  out->text = std::move(text);
  out->suffix = std::move(suffix);
  out->list = std::move(separators);
  return out;
}

// The length of a choice as the original computes it: one -1 in front does not count.
int choice_length(const GlobNodes& children) {
  int length = -1;
  for (const Node& child : children) {
    if (length == -1) {
      length = child->length;
    } else if (child->length != length) {
      return -1;
    }
  }
  return length;
}

Node make_group(Kind kind, GlobNodes children) {
  auto out = std::make_shared<GlobNode>();
  out->kind = kind;
  if (kind == Kind::Choice) out->length = choice_length(children);
  if (kind == Kind::Row) {
    out->length = 0;
    for (const Node& child : children)
      out->length += child->length;
  }
  if (kind == Kind::Every) out->length = children.empty() ? 0 : -1;
  out->children = std::move(children);
  return out;
}

int length_or_zero(const Node& node) {
  return node ? node->length : 0;
}

Node make_split(Node value, Node left, Node right) {
  auto out = std::make_shared<GlobNode>();
  out->kind = Kind::Split;
  bool fixed = value->length != -1 && length_or_zero(left) != -1 && length_or_zero(right) != -1;
  out->length = fixed ? value->length + length_or_zero(left) + length_or_zero(right) : -1;
  out->value = std::move(value);
  out->left = std::move(left);
  out->right = std::move(right);
  return out;
}

bool is(const Node& node, Kind kind) {
  return node && node->kind == kind;
}

Node simplify(const Node& node);

// A text with simple neighbours has shorter forms.
Node simplify_split(const Node& node) {
  Node left = node->left ? simplify(node->left) : nullptr;
  Node right = node->right ? simplify(node->right) : nullptr;
  auto kept = std::make_shared<GlobNode>(*node);
  kept->left = left;
  kept->right = right;
  if (!is(node->value, Kind::Text)) return kept;
  const std::string& text = node->value->text;
  if (!left && !right) return make_text(Kind::Text, text);
  if (is(left, Kind::Super) && is(right, Kind::Super)) return make_text(Kind::Contains, text);
  if (is(left, Kind::Super) && !right) return make_text(Kind::Suffix, text);
  if (is(right, Kind::Super) && !left) return make_text(Kind::Prefix, text);
  if (!left && is(right, Kind::Suffix)) {
    return make_pair(Kind::PrefixSuffix, text, right->text, {});
  }
  if (!right && is(left, Kind::Prefix)) {
    return make_pair(Kind::PrefixSuffix, left->text, text, {});
  }
  if (!right && is(left, Kind::Any)) return make_pair(Kind::SuffixAny, text, {}, left->list);
  if (!left && is(right, Kind::Any)) return make_pair(Kind::PrefixAny, text, {}, right->list);
  return kept;
}

Node simplify(const Node& node) {
  switch (node->kind) {
    case Kind::Any:
      return node->list.empty() ? make(Kind::Super, -1) : node;
    case Kind::Choice:
      return node->children.size() == 1 ? node->children[0] : node;
    case Kind::List:
      if (!node->negated && node->list.size() == 1) {
        std::string text;
        append_rune(text, node->list[0]);
        return make_text(Kind::Text, std::move(text));
      }
      return node;
    case Kind::Split:
      return simplify_split(node);
    default:
      return node;
  }
}

using Nodes = std::span<const Node>;

// Wildcards over the same separators, as one condition on length and content.
Node glue_wildcards(Nodes nodes) {
  bool any = false;
  bool super = false;
  bool single = false;
  int least = 0;
  std::u32string_view separators;
  for (size_t i = 0; i < nodes.size(); ++i) {
    const GlobNode& node = *nodes[i];
    std::u32string_view own = node.list;
    switch (node.kind) {
      case Kind::Super:
        super = true;
        own = {};
        break;
      case Kind::Any:
        any = true;
        break;
      case Kind::List:
        if (!node.negated) return nullptr;
        [[fallthrough]];
      case Kind::Single:
        single = true;
        ++least;
        break;
      default:
        return nullptr;
    }
    if (i == 0) separators = own;
    if (own != separators) return nullptr;
  }
  if (super && !any && !single) return make(Kind::Super, -1);
  if (any && !super && !single) return make_list(Kind::Any, -1, std::u32string(separators));
  bool open = any || super;
  if (open && least > 0 && separators.empty()) return make_limit(Kind::Min, least);
  GlobNodes all;
  if (least > 0) all.push_back(make_limit(Kind::Min, least));
  if (least > 0 && !open) all.push_back(make_limit(Kind::Max, least));
  if (!separators.empty()) {
    std::string text;
    for (char32_t rune : separators)
      append_rune(text, rune);
    auto none = std::make_shared<GlobNode>(*make_text(Kind::Contains, std::move(text)));
    none->negated = true;
    all.push_back(std::move(none));
  }
  return make_group(Kind::Every, std::move(all));
}

Node glue(Nodes nodes) {
  if (nodes.size() <= 1) return nullptr;
  if (Node out = glue_wildcards(nodes)) return out;
  if (!std::all_of(nodes.begin(), nodes.end(), [](const Node& n) { return n->length != -1; })) {
    return nullptr;
  }
  return make_group(Kind::Row, GlobNodes(nodes.begin(), nodes.end()));
}

// Replaces the best run of neighbours by one node, again and again.
GlobNodes minimize(GlobNodes nodes) {
  while (true) {
    Node best;
    size_t best_left = 0;
    size_t best_count = 0;
    for (size_t left = 0; left < nodes.size(); ++left) {
      for (size_t right = nodes.size(); right > left; --right) {
        Node glued = glue(Nodes(nodes).subspan(left, right - left));
        if (!glued) continue;
        bool longer = best && best->length > -1 && glued->length > best->length;
        if (best && !longer && best_count >= right - left) continue;
        best = std::move(glued);
        best_left = left;
        best_count = right - left;
      }
    }
    if (!best) return nodes;
    GlobNodes next(nodes.begin(), nodes.begin() + static_cast<std::ptrdiff_t>(best_left));
    next.push_back(best);
    next.insert(next.end(),
                nodes.begin() + static_cast<std::ptrdiff_t>(best_left + best_count),
                nodes.end());
    nodes = std::move(next);
  }
}

// A sequence as a tree around its longest part of fixed length (the last of several).
Node assemble(Nodes nodes) {
  CHECK(!nodes.empty());
  if (nodes.size() == 1) return nodes[0];
  if (Node out = glue(nodes)) return out;
  size_t place = nodes.size();
  int longest = -1;
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i]->length == -1 || nodes[i]->length < longest) continue;
    longest = nodes[i]->length;
    place = i;
  }
  if (place == nodes.size()) return make_split(nodes[0], nullptr, assemble(nodes.subspan(1)));
  Node left = place > 0 ? assemble(nodes.first(place)) : nullptr;
  Node right = place + 1 < nodes.size() ? assemble(nodes.subspan(place + 1)) : nullptr;
  return make_split(nodes[place], std::move(left), std::move(right));
}

struct Common {
  size_t left = 0;
  size_t right = 0;
};

// How many first and last parts all alternatives share.
Common common_parts(const std::vector<GlobSyntax>& choices) {
  if (choices.size() <= 1) return {};
  auto shortest =
      std::min_element(choices.begin(), choices.end(), [](const auto& a, const auto& b) {
        return a.children.size() < b.children.size();
      });
  size_t size = shortest->children.size();
  Common out;
  size_t right_from = size;
  bool stop_left = false;
  bool stop_right = false;
  for (size_t i = 0; i < size && out.left + out.right < size && !(stop_left && stop_right); ++i) {
    size_t j = size - 1 - i;
    for (const GlobSyntax& other : choices) {
      if (&other == &*shortest || (stop_left && stop_right)) continue;
      stop_left = stop_left || !(shortest->children[i] == other.children[i]);
      stop_right = stop_right || (!stop_left && j <= i);
      const GlobSyntax& theirs = other.children[j + other.children.size() - size];
      stop_right = stop_right || !(shortest->children[j] == theirs);
    }
    if (!stop_left) ++out.left;
    if (!stop_right) {
      ++out.right;
      right_from = j;
    }
  }
  out.right = size - right_from;
  return out;
}

GlobSyntax sequence_of(std::vector<GlobSyntax> children) {
  GlobSyntax out;
  out.kind = Syntax::Sequence;
  out.children = std::move(children);
  return out;
}

// `{abc,abd}` as `ab{c,d}`; nothing when the alternatives share no part.
std::optional<GlobSyntax> factor_choice(const GlobSyntax& choice) {
  auto [left, right] = common_parts(choice.children);
  if (left == 0 && right == 0) return std::nullopt;
  auto part = [](const GlobSyntax& from, size_t begin, size_t end) {
    return std::vector<GlobSyntax>(from.children.begin() + static_cast<std::ptrdiff_t>(begin),
                                   from.children.begin() + static_cast<std::ptrdiff_t>(end));
  };
  const GlobSyntax& first = choice.children.front();
  std::vector<GlobSyntax> result;
  if (left > 0) result.push_back(sequence_of(part(first, 0, left)));
  GlobSyntax rest;
  rest.kind = Syntax::Choice;
  for (const GlobSyntax& child : choice.children) {
    auto middle = part(child, left, child.children.size() - right);
    GlobSyntax node = middle.empty() ? GlobSyntax() : sequence_of(std::move(middle));
    if (std::find(rest.children.begin(), rest.children.end(), node) == rest.children.end()) {
      rest.children.push_back(std::move(node));
    }
  }
  if (rest.children.size() > 1) {
    result.push_back(std::move(rest));
  } else if (rest.children[0].kind != Syntax::Nothing) {
    result.push_back(std::move(rest.children[0]));
  }
  if (right > 0) {
    result.push_back(
        sequence_of(part(first, first.children.size() - right, first.children.size())));
  }
  return sequence_of(std::move(result));
}

Node compile(const GlobSyntax& syntax, std::u32string_view separators) {
  auto compile_children = [&] {
    GlobNodes out;
    for (const GlobSyntax& child : syntax.children) {
      out.push_back(simplify(compile(child, separators)));
    }
    return out;
  };
  switch (syntax.kind) {
    case Syntax::Choice:
      if (auto factored = factor_choice(syntax)) return compile(*factored, separators);
      return make_group(Kind::Choice, compile_children());
    case Syntax::Sequence:
      if (syntax.children.empty()) return make(Kind::Nothing, 0);
      return simplify(assemble(minimize(compile_children())));
    case Syntax::Any:
      return simplify(make_list(Kind::Any, -1, std::u32string(separators)));
    case Syntax::Super:
      return make(Kind::Super, -1);
    case Syntax::Single:
      return make_list(Kind::Single, 1, std::u32string(separators));
    case Syntax::List:
      return simplify(make_list(Kind::List, 1, syntax.list, syntax.negated));
    case Syntax::Range:
      return make_list(Kind::Range, 1, syntax.list, syntax.negated);
    case Syntax::Text:
      return make_text(Kind::Text, syntax.text);
    case Syntax::Nothing:
      break;
  }
  return make(Kind::Nothing, 0);
}

}  // namespace

std::shared_ptr<const GlobNode> compile_glob(const GlobSyntax& syntax,
                                             std::u32string_view separators) {
  return compile(syntax, separators);
}

}  // namespace fleet::text
