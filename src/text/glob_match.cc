#include <algorithm>

#include "base/strings.h"
#include "text/glob_node.h"

namespace fleet::text {
namespace {

using Kind = GlobNode::Kind;

constexpr size_t kNowhere = std::string_view::npos;

// The first place where a node may start, and how many bytes it may take there, ascending.
struct Place {
  size_t at = kNowhere;
  std::vector<size_t> lengths;
};

class Matcher {
 public:
  bool match(const GlobNode& node, std::string_view s) {
    if (++steps_ > kMaxGlobSteps) return false;
    switch (node.kind) {
      case Kind::Nothing:
        return s.empty();
      case Kind::Text:
        return s == node.text;
      case Kind::List:
      case Kind::Range:
      case Kind::Single:
        return match_one(node, s);
      case Kind::Any:
        return find_any(s, node.list) == kNowhere;
      case Kind::Super:
        return true;
      case Kind::Row:
        return static_cast<int>(rune_count(s)) == node.length && match_row(node, s);
      case Kind::Choice:
        return std::any_of(node.children.begin(), node.children.end(), [&](const auto& child) {
          return match(*child, s);
        });
      case Kind::Every:
        return std::all_of(node.children.begin(), node.children.end(), [&](const auto& child) {
          return match(*child, s);
        });
      case Kind::Split:
        return match_split(node, s);
      case Kind::Contains:
        return contains(s, node.text) != node.negated;
      case Kind::Min:
        return static_cast<int>(rune_count(s)) >= node.limit && !s.empty();
      case Kind::Max:
        return static_cast<int>(rune_count(s)) <= node.limit;
      case Kind::Prefix:
        return s.starts_with(node.text);
      case Kind::Suffix:
        return s.ends_with(node.text);
      case Kind::PrefixSuffix:
        return s.starts_with(node.text) && s.ends_with(node.suffix);
      case Kind::PrefixAny:
        return s.starts_with(node.text) &&
               find_any(s.substr(node.text.size()), node.list) == kNowhere;
      case Kind::SuffixAny:
        return s.ends_with(node.text) &&
               find_any(s.substr(0, s.size() - node.text.size()), node.list) == kNowhere;
    }
    return false;
  }

 private:
  // True for the rune; the empty text counts as U+FFFD, as in the original.
  static bool accepts(const GlobNode& node, char32_t rune) {
    if (node.kind == Kind::Range) {
      return (rune >= node.list[0] && rune <= node.list[1]) != node.negated;
    }
    bool listed = node.list.find(rune) != std::u32string::npos;
    return node.kind == Kind::Single ? !listed : listed != node.negated;
  }

  static bool match_one(const GlobNode& node, std::string_view s) {
    if (s.empty()) return accepts(node, 0xFFFD);
    Rune rune = decode_rune(s);
    return rune.size == s.size() && accepts(node, rune.value);
  }

  // A separator that occurs, or kNowhere. Separators are tried in their order.
  static size_t find_any(std::string_view s, std::u32string_view runes) {
    for (char32_t rune : runes) {
      std::string text;
      append_rune(text, rune);
      if (size_t at = s.find(text); at != kNowhere) return at;
    }
    return kNowhere;
  }

  static size_t find_last_any(std::string_view s, std::u32string_view runes) {
    for (char32_t rune : runes) {
      std::string text;
      append_rune(text, rune);
      if (size_t at = s.rfind(text); at != kNowhere) return at;
    }
    return kNowhere;
  }

  // As the original, the last rune of each child counts one byte, so wide runes rarely match.
  bool match_row(const GlobNode& node, std::string_view s) {
    size_t at = 0;
    for (const auto& child : node.children) {
      size_t last = 0;
      int runes = 0;
      for (size_t i = at; i < s.size() && runes < child->length;) {
        last = i - at;
        ++runes;
        i += decode_rune(s.substr(i)).size;
      }
      if (runes < child->length || at + last + 1 > s.size()) return false;
      if (!match(*child, s.substr(at, last + 1))) return false;
      at += last + 1;
    }
    return true;
  }

  bool match_split(const GlobNode& node, std::string_view s) {
    if (node.length != -1 && static_cast<size_t>(node.length) > s.size()) return false;
    size_t offset =
        node.left && node.left->length >= 0 ? static_cast<size_t>(node.left->length) : 0;
    size_t behind =
        node.right && node.right->length >= 0 ? static_cast<size_t>(node.right->length) : 0;
    size_t limit = behind > s.size() ? 0 : s.size() - behind;
    while (offset < limit) {
      if (steps_ > kMaxGlobSteps) return false;
      Place place = find(*node.value, s.substr(offset, limit - offset));
      if (place.at == kNowhere) return false;
      size_t start = offset + place.at;
      std::string_view before = s.substr(0, start);
      if (node.left ? match(*node.left, before) : before.empty()) {
        for (size_t i = place.lengths.size(); i-- > 0;) {
          size_t end = std::min(s.size(), start + place.lengths[i]);
          std::string_view rest = s.substr(end);
          if (node.right ? match(*node.right, rest) : rest.empty()) return true;
        }
      }
      offset = start + (start < s.size() ? decode_rune(s.substr(start)).size : 1);
    }
    return false;
  }

  // 0 and the place behind each rune of `s`, moved by `base`.
  static std::vector<size_t> steps(std::string_view s, size_t base) {
    std::vector<size_t> out = {base};
    for (size_t i = 0; i < s.size();) {
      i += decode_rune(s.substr(i)).size;
      out.push_back(base + i);
    }
    return out;
  }

  Place find(const GlobNode& node, std::string_view s) {
    ++steps_;
    switch (node.kind) {
      case Kind::Nothing:
        return {0, {0}};
      case Kind::Text:
        return {s.find(node.text), {node.text.size()}};
      case Kind::List:
      case Kind::Range:
      case Kind::Single:
        return find_one(node, s);
      case Kind::Any:
        return {0, steps(s.substr(0, find_any(s, node.list)), 0)};
      case Kind::Super:
        return {0, steps(s, 0)};
      case Kind::Row:
        return find_row(node, s);
      case Kind::Choice:
        return find_choice(node, s);
      case Kind::Every:
        return find_every(node, s);
      case Kind::Split:
        return {};
      case Kind::Contains:
        return find_contains(node, s);
      case Kind::Min:
      case Kind::Max:
        return find_limit(node, s);
      default:
        return find_affix(node, s);
    }
  }

  static Place find_one(const GlobNode& node, std::string_view s) {
    for (size_t i = 0; i < s.size();) {
      Rune rune = decode_rune(s.substr(i));
      if (accepts(node, rune.value)) return {i, {rune.size}};
      i += rune.size;
    }
    return {};
  }

  Place find_row(const GlobNode& node, std::string_view s) {
    for (size_t i = 0; i < s.size(); i += decode_rune(s.substr(i)).size) {
      if (s.size() - i < static_cast<size_t>(node.length)) break;
      if (match_row(node, s.substr(i))) return {i, {static_cast<size_t>(node.length)}};
    }
    return {};
  }

  Place find_choice(const GlobNode& node, std::string_view s) {
    Place out;
    for (const auto& child : node.children) {
      Place own = find(*child, s);
      if (own.at == kNowhere || (out.at != kNowhere && own.at > out.at)) continue;
      if (out.at == kNowhere || own.at < out.at) {
        out = std::move(own);
        continue;
      }
      std::vector<size_t> merged;
      std::set_union(out.lengths.begin(),
                     out.lengths.end(),
                     own.lengths.begin(),
                     own.lengths.end(),
                     std::back_inserter(merged));
      out.lengths = std::move(merged);
    }
    return out;
  }

  // The original's arithmetic: each child is searched from where the one before it began.
  Place find_every(const GlobNode& node, std::string_view s) {
    Place out{0, {}};
    size_t offset = 0;
    std::string_view rest = s;
    for (size_t i = 0; i < node.children.size(); ++i) {
      Place own = find(*node.children[i], rest);
      if (own.at == kNowhere) return {};
      if (i == 0) {
        out.lengths = own.lengths;
      } else {
        std::vector<size_t> kept;
        size_t shift = out.at - (own.at + offset);  // wraps on purpose: added again below
        for (size_t length : out.lengths) {
          if (std::binary_search(own.lengths.begin(), own.lengths.end(), length + shift)) {
            kept.push_back(length + shift);
          }
        }
        if (kept.empty()) return {};
        out.lengths = std::move(kept);
      }
      out.at = own.at + offset;
      rest = s.substr(std::min(out.at, s.size()));
      offset += own.at;
    }
    return out;
  }

  static Place find_contains(const GlobNode& node, std::string_view s) {
    size_t at = s.find(node.text);
    if (node.negated) return {0, steps(s.substr(0, at), 0)};
    if (at == kNowhere) return {};
    size_t end = at + node.text.size();
    return {0, steps(s.substr(end), end)};
  }

  static Place find_limit(const GlobNode& node, std::string_view s) {
    Place out{0, {}};
    auto ends = steps(s, 0);
    size_t limit = static_cast<size_t>(node.limit);
    for (size_t runes = 0; runes < ends.size(); ++runes) {
      bool fits = node.kind == Kind::Min ? runes >= limit && runes > 0 : runes <= limit;
      if (fits) out.lengths.push_back(ends[runes]);
    }
    if (out.lengths.empty()) out.at = kNowhere;
    return out;
  }

  static Place find_affix(const GlobNode& node, std::string_view s) {
    size_t at = s.find(node.text);
    if (at == kNowhere) return {};
    size_t end = at + node.text.size();
    switch (node.kind) {
      case Kind::Prefix:
        return {at, steps(s.substr(end), node.text.size())};
      case Kind::Suffix:
        return {0, {end}};
      case Kind::PrefixAny: {
        std::string_view rest = s.substr(end);
        return {at, steps(rest.substr(0, find_any(rest, node.list)), node.text.size())};
      }
      case Kind::SuffixAny: {
        size_t last = find_last_any(s.substr(0, at), node.list);
        size_t start = last == kNowhere ? 0 : last + 1;
        return {start, {end - start}};
      }
      default:
        break;
    }
    if (node.suffix.empty()) return {at, {s.size() - at}};
    Place out{at, {}};
    for (std::string_view rest = s.substr(at);;) {
      size_t last = rest.rfind(node.suffix);
      if (last == kNowhere) break;
      out.lengths.insert(out.lengths.begin(), last + node.suffix.size());
      rest = rest.substr(0, last);
    }
    if (out.lengths.empty()) out.at = kNowhere;
    return out;
  }

  int steps_ = 0;
};

}  // namespace

bool match_glob(const GlobNode& node, std::string_view name) {
  return Matcher().match(node, name);
}

}  // namespace fleet::text
