#include "kustomize/merge.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "base/strings.h"

namespace fleet::kustomize {
namespace {

using yaml::Kind;
using yaml::Node;
using Place = KustomizeSchema::Place;
using Texts = std::vector<std::string>;

constexpr std::string_view kDirective = "$patch";

enum class Directive { Merge, Replace, Delete };

bool missing_or_null(const Node* node) {
  return node == nullptr || node->is_none() || node->is_null();
}
bool missing_or_null(const std::optional<Node>& node) {
  return !node || missing_or_null(&*node);
}

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::Mapping:
      return "MappingNode";
    case Kind::Sequence:
      return "SequenceNode";
    case Kind::Scalar:
      return "ScalarNode";
    case Kind::Alias:
      return "AliasNode";
    default:
      return "DocumentNode";
  }
}

// A field's first value whose text is `text`; any value if that is empty.
bool has_member(const Node& node, std::string_view key, std::string_view text) {
  const Node* found = node.find(key);
  return found != nullptr && (text.empty() || found->text() == text);
}

// The first item that has these key values; for scalars (one blank key) the one with that text.
Node* find_item(Node& list, const Texts& keys, const Texts& values) {
  for (Node& item : list.children()) {
    if (keys[0].empty()) {
      if (!values.empty() && item.text() == values[0]) return &item;
      continue;
    }
    if (!item.is_mapping() || keys.size() != values.size()) continue;
    bool matches = true;
    for (size_t i = 0; i < keys.size() && matches; i++) {
      const Node* member = item.find(keys[i]);
      matches = member != nullptr && member->text() == values[i];
    }
    if (matches) return &item;
  }
  return nullptr;
}

// Puts an item in place of all that match, or behind the others; without an item: removes them.
// Empty items go; without values nothing that does not match stays, as in the original.
void set_item(Node& list, const std::optional<Node>& item, const Texts& keys, const Texts& values) {
  std::vector<Node> kept;
  bool found_any = false;
  const bool for_maps = !keys[0].empty() && !values.empty() && !values[0].empty();
  for (Node& one : list.children()) {
    if (one.is_null() || one.is_none() || (one.is_mapping() && one.empty())) continue;
    if (!one.is_mapping() && for_maps) {
      kept.push_back(std::move(one));
      continue;
    }
    bool found = true;
    bool last = false;
    for (size_t i = 0; i < keys.size(); i++) {
      if (i < values.size()) {
        last = keys[i].empty() ? one.is_scalar() && one.text() == values[i]
                               : one.is_mapping() && has_member(one, keys[i], values[i]);
      }
      if (!last) {
        found = false;
        break;
      }
    }
    if (!found) {
      if (!values.empty()) kept.push_back(std::move(one));
      continue;
    }
    found_any = true;
    if (item) kept.push_back(*item);
  }
  if (!missing_or_null(item) && !found_any) kept.push_back(*item);
  list.content() = std::move(kept);
}

// Items whose keys differ only by blanks are the same item, if at least one key is equal.
void unify(std::vector<Texts>& tuples) {
  auto match = [](const Texts& a, const Texts& b, Texts& out) {
    if (a.size() != b.size()) return false;
    bool common = false;
    out.clear();
    for (size_t i = 0; i < a.size(); i++) {
      if (a[i] == b[i]) {
        common = true;
        out.push_back(a[i]);
      } else if (!a[i].empty() && !b[i].empty()) {
        return false;
      } else {
        out.push_back(a[i].empty() ? b[i] : a[i]);
      }
    }
    return common;
  };
  for (Texts& a : tuples) {
    for (Texts& b : tuples) {
      Texts both;
      if (match(a, b, both)) {
        a = both;
        b = both;
      }
    }
  }
}

// Without keys that are blank in all tuples.
void drop_blank_keys(const std::vector<Texts>& tuples, Texts& keys, Texts& values) {
  std::set<std::string> valid;
  for (const Texts& tuple : tuples) {
    for (size_t i = 0; i < tuple.size(); i++) {
      if (!tuple[i].empty()) valid.insert(keys[i]);
    }
  }
  if (valid.empty()) return;
  Texts kept_keys;
  Texts kept_values;
  for (size_t i = 0; i < keys.size(); i++) {
    if (valid.contains(keys[i])) kept_keys.push_back(keys[i]);
  }
  for (size_t i = 0; i < values.size(); i++) {
    if (!values[i].empty() || valid.contains(keys[i])) kept_values.push_back(values[i]);
  }
  keys = std::move(kept_keys);
  values = std::move(kept_values);
}

class Merger {
 public:
  explicit Merger(const KustomizeSchema& schema)
      : schema_(schema) {}

  struct Walked {
    std::optional<Node> node;
    bool keep_null = false;  // a null that the target spells out
    bool is_target = false;  // the target's own map, merged into
  };

  Result<Walked> walk(std::optional<Node> dest, std::optional<Node> origin, Place place) {
    if (!place.known()) place = place_of(dest, origin);
    switch (kind_of(dest, origin)) {
      case Kind::Sequence:
        TRY(check(Kind::Sequence, dest, origin));
        if (place.merges()) return keyed_list(std::move(dest), std::move(origin), place);
        return Walked{origin ? std::move(origin) : std::move(dest)};
      case Kind::Scalar:
        TRY(check(Kind::Scalar, dest, origin));
        return Walked{origin ? std::move(origin) : std::move(dest)};
      default:
        TRY(check(Kind::Mapping, dest, origin));
        return map(std::move(dest), std::move(origin), place);
    }
  }

 private:
  static Kind kind_of(const std::optional<Node>& dest, const std::optional<Node>& origin) {
    for (const auto* node : {&dest, &origin}) {
      if (!missing_or_null(*node)) return (*node)->kind();
    }
    return Kind::None;
  }

  Place place_of(const std::optional<Node>& dest, const std::optional<Node>& origin) const {
    for (const auto* node : {&dest, &origin}) {
      if (missing_or_null(*node) || !(*node)->is_mapping()) continue;
      std::string_view api_version = (*node)->member_text("apiVersion");
      std::string_view kind = (*node)->member_text("kind");
      if (api_version.empty() || kind.empty()) continue;
      Place place = schema_.of(api_version, kind);
      if (place.known()) return place;
    }
    return {};
  }

  static Result<> check(Kind wanted,
                        const std::optional<Node>& dest,
                        const std::optional<Node>& origin) {
    for (const auto* node : {&dest, &origin}) {
      if (missing_or_null(*node) || (*node)->kind() == wanted) continue;
      return Error(Code::Invalid,
                   cat("wrong node kind: expected ",
                       kind_name(wanted),
                       " but got ",
                       kind_name((*node)->kind()),
                       ": node contents:\n",
                       yaml::emit(**node, yaml::Sequences::Compact).value_or("")));
    }
    return {};
  }

  // Reads a directive and takes it out of the patch.
  static Result<Directive> directive_of(std::optional<Node>& patch) {
    if (!patch || (!patch->is_mapping() && !patch->is_sequence())) return Directive::Merge;
    std::string word;
    if (patch->is_mapping()) {
      const Node* found = patch->find(kDirective);
      if (found == nullptr) return Directive::Merge;
      word = found->text();
      if (word == "replace" || word == "delete" || word == "merge") patch->remove(kDirective);
    } else {
      const Node* item = nullptr;
      for (const Node& one : patch->children()) {
        if (one.is_mapping() && one.find(kDirective) != nullptr) {
          item = &one;
          break;
        }
      }
      if (item == nullptr || item->pairs() > 1) return Directive::Merge;
      word = item->find(kDirective)->text();
      if (word == "replace" || word == "delete" || word == "merge") {
        set_item(*patch, std::nullopt, {std::string(kDirective)}, {word});
      }
    }
    if (word == "delete") return Directive::Delete;
    if (word == "replace") return Directive::Replace;
    if (word == "merge") return Directive::Merge;
    return Error(Code::Invalid, cat("unknown patch strategy '", word, "'"));
  }

  static std::optional<Node> taken(std::optional<Node>& from, std::string_view key) {
    Node* found = from && from->is_mapping() ? from->find(key) : nullptr;
    if (found == nullptr) return std::nullopt;
    return std::move(*found);
  }

  Result<Walked> map(std::optional<Node> dest, std::optional<Node> origin, const Place& place) {
    bool is_target = false;
    if (missing_or_null(dest)) {
      auto directive = directive_of(origin);
      if (directive.ok() && *directive == Directive::Delete) return Walked{};
      if (!origin && dest && !dest->text().empty()) return Walked{std::move(dest), true, false};
      if (!origin) return Walked{};
      dest = origin;
    } else if (origin && origin->is_null()) {
      return Walked{};
    } else {
      switch (TRY(directive_of(origin))) {
        case Directive::Delete:
          return Walked{};
        case Directive::Replace:
          dest = origin;
          break;
        case Directive::Merge:
          is_target = true;
          break;
      }
    }
    if (!dest->is_mapping()) return Walked{std::move(dest)};
    std::set<std::string> names;
    for (const auto* node : {&dest, &origin}) {
      if (!*node || !(*node)->is_mapping()) continue;
      for (size_t i = 0; i < (*node)->pairs(); i++)
        names.insert(std::string((*node)->key(i).text()));
    }
    for (const std::string& name : names) {
      TRY(member(*dest, origin, name, place));
    }
    return Walked{std::move(dest), false, is_target};
  }

  Result<> member(Node& dest,
                  std::optional<Node>& origin,
                  const std::string& name,
                  const Place& place) {
    Node* current = dest.find(name);
    std::optional<Node> from_dest;
    if (current != nullptr) from_dest = std::move(*current);
    Walked walked = TRY(walk(std::move(from_dest), taken(origin, name), place.field(name)));
    if (!walked.node || (walked.node->is_null() && !walked.keep_null)) {
      dest.remove(name);
    } else if (current != nullptr) {
      *current = std::move(*walked.node);
    } else {
      dest.push_back(Node::string(name));
      dest.push_back(std::move(*walked.node));
    }
    return {};
  }

  // Key values of all items: the patch's first, then the target's, each once.
  static std::vector<Texts> tuples_of(const std::optional<Node>& origin,
                                      const Node& dest,
                                      const Texts& keys) {
    std::vector<Texts> tuples;
    std::set<Texts> seen;
    auto gather = [&](const Node& list) {
      for (const Node& item : list.children()) {
        Texts tuple;
        if (keys[0].empty()) {
          tuple.emplace_back(item.text());
        } else {
          for (const std::string& key : keys)
            tuple.emplace_back(item.member_text(key));
        }
        if (seen.insert(tuple).second) tuples.push_back(std::move(tuple));
      }
    };
    if (origin && origin->is_sequence()) gather(*origin);
    gather(dest);
    return tuples;
  }

  Result<Walked> keyed_list(std::optional<Node> dest,
                            std::optional<Node> origin,
                            const Place& place) {
    if (missing_or_null(dest)) {
      dest = origin;
    } else if (origin && origin->is_null()) {
      return Walked{};
    } else {
      switch (TRY(directive_of(origin))) {
        case Directive::Delete:
          return Walked{};
        case Directive::Replace:
          dest = origin;
          break;
        case Directive::Merge:
          break;
      }
    }
    if (!dest) return Walked{};
    Texts keys = place.keys();
    if (keys.empty()) keys.emplace_back();
    std::vector<Texts> tuples = tuples_of(origin, *dest, keys);
    if (keys.size() > 1) unify(tuples);
    Node merged = Node::sequence();
    merged.set_style(dest->style());
    Texts valid_keys = keys;
    for (const Texts& tuple : tuples) {
      valid_keys = keys;
      Texts values = tuple;
      drop_blank_keys(tuples, valid_keys, values);
      TRY(item(*dest, origin, valid_keys, values, place, merged));
    }
    if (!tuples.empty()) append_rest(merged, *dest, valid_keys);
    if (tuples.empty()) return Walked{std::move(dest)};
    return Walked{std::move(merged)};
  }

  Result<> item(Node& dest,
                std::optional<Node>& origin,
                const Texts& keys,
                const Texts& values,
                const Place& place,
                Node& merged) {
    // Items are looked up once more without keys that are blank in this tuple alone.
    Texts own_keys = keys;
    Texts own_values = values;
    drop_blank_keys({values}, own_keys, own_values);
    auto copy_of = [](const Node* one) {
      return one == nullptr ? std::nullopt : std::optional<Node>(*one);
    };
    Node* target = find_item(dest, own_keys, own_values);
    const bool has_origin = origin && origin->is_sequence();
    const Node* patch = has_origin ? find_item(*origin, own_keys, own_values) : nullptr;
    Walked walked = TRY(walk(copy_of(target), copy_of(patch), place.items()));
    if (missing_or_null(walked.node) || (walked.node->is_mapping() && walked.node->empty())) {
      set_item(dest, std::nullopt, keys, values);
      return {};
    }
    for (size_t i = 0; i < keys.size(); i++) {
      if (keys[i].empty() || !walked.node->is_mapping() || i >= values.size()) continue;
      if (walked.node->find(keys[i]) == nullptr && !values[i].empty()) {
        walked.node->set(keys[i], Node::plain(values[i]));
      }
    }
    if (walked.is_target && target != nullptr) *target = *walked.node;
    set_item(merged, walked.node, keys, values);
    return {};
  }

  // The target's items behind the merged ones; those that were merged are put over them.
  static void append_rest(Node& merged, const Node& rest, const Texts& keys) {
    for (const Node& item : rest.children()) {
      if (keys[0].empty()) {
        set_item(merged, item, {""}, {std::string(item.text())});
        continue;
      }
      Texts values;
      for (const std::string& key : keys) {
        const Node* value = item.find(key);
        if (value == nullptr || value->is_null()) {
          merged.push_back(item);
        } else {
          values.emplace_back(value->text());
        }
      }
      if (keys.size() > 1) set_item(merged, std::nullopt, keys, values);
      set_item(merged, item, keys, values);
    }
  }

  const KustomizeSchema& schema_;
};

}  // namespace

Result<std::optional<Node>> merge_patch(Node target,
                                        const Node& patch,
                                        const KustomizeSchema& schema) {
  auto walked = TRY(Merger(schema).walk(std::move(target), patch, {}));
  if (walked.node && walked.node->is_null()) return std::optional<Node>();
  return std::move(walked.node);
}

}  // namespace fleet::kustomize
