// Replacements: a value of one object, written into fields of others.
#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "base/strings.h"
#include "data/json/print.h"
#include "data/yaml/yaml.h"
#include "kustomize/match.h"
#include "kustomize/paths.h"
#include "kustomize/transform.h"
#include "text/regex.h"

namespace fleet::kustomize {
namespace {

using yaml::Kind;
using yaml::Node;

Error invalid(std::string message) {
  return Error(Code::Invalid, std::move(message));
}

std::string source_text(const SourceSelector& source) {
  Id id;
  id.gvk = {source.group, source.version, source.kind};
  id.name = source.name;
  id.ns = source.ns;
  return id.text();
}

std::string selector_text(const SourceSelector& source) {
  std::string text = source_text(source);
  if (!source.field_path.empty()) text += cat(":", source.field_path);
  if (source.options && !source.options->delimiter.empty()) {
    text += cat(":", source.options->delimiter, "(", source.options->index, ")");
  }
  return text;
}

std::string printed(const Node& node) {
  return std::string(trim(yaml::emit(node, yaml::Sequences::Compact).value_or("")));
}

// What a missing part of a path is made as, given what comes behind it.
Node made_for(std::string_view next, const std::optional<Kind>& create) {
  if (is_list_match(next) || is_list_index(next)) return Node::sequence();
  if (!next.empty()) return Node::mapping();
  if (*create == Kind::Mapping) return Node::mapping();
  if (*create == Kind::Sequence) return Node::sequence();
  return Node::scalar("", yaml::Tag::None);
}

// Finds all nodes at a path; regular expressions match the printed values of list items.
class PathFinder {
 public:
  using Visit = std::function<Result<>(Node&)>;

  PathFinder(const std::vector<std::string>& path, std::optional<Kind> create, Visit visit)
      : path_(path),
        create_(create),
        visit_(std::move(visit)) {}

  Result<size_t> run(Node& node) {
    TRY(step(node, 0));
    return found_;
  }

 private:
  Result<> step(Node& node, size_t at) {
    if (at == path_.size()) {
      found_++;
      return visit_(node);
    }
    const std::string& part = path_[at];
    if (is_list_index(part)) return index(node, at);
    if (is_list_match(part)) return match(node, at);
    if (part == "*") return every(node, at);
    return field(node, at);
  }

  std::string_view next(size_t at) const {
    return at + 1 < path_.size() ? std::string_view(path_[at + 1]) : std::string_view();
  }

  Result<> field(Node& node, size_t at) {
    if (node.is_null() || node.is_none()) return {};
    if (!node.is_mapping()) return wrong_kind(node, "MappingNode");
    Node* found = node.find(path_[at]);
    if (found == nullptr) {
      if (!create_) return {};
      found = &node.set(path_[at], made_for(next(at), create_));
    }
    if (found->is_scalar() && at + 1 < path_.size() && !found->is_null()) {
      // Structured data in a text: a path into it that nothing can be written through.
      auto inside = yaml::parse_node(found->text());
      if (!inside.ok()) return std::move(inside).error();
      if (inside->is_none() || inside->empty()) return {};
      return step(inside->children().front(), at + 1);
    }
    return step(*found, at + 1);
  }

  Result<> index(Node& node, size_t at) {
    if (!node.is_sequence()) return wrong_kind(node, "SequenceNode");
    const size_t wanted = static_cast<size_t>(parse_uint(path_[at]).value_or(SIZE_MAX));
    if (create_ && wanted == node.size()) node.push_back(made_for(next(at), create_));
    if (wanted >= node.size()) {
      return invalid(
          cat("index ", path_[at], " specified but only ", node.size(), " elements found"));
    }
    return step(node.children()[wanted], at + 1);
  }

  Result<> match(Node& node, size_t at) {
    if (!node.is_sequence()) return wrong_kind(node, "SequenceNode");
    const ListMatch wanted = list_match(path_[at]);
    auto regex = TRY(text::Regex::compile(wanted.value));
    const size_t before = found_;
    for (Node& item : node.children()) {
      if (wanted.key.empty()) {
        if (!regex.matches(printed(item))) continue;
        // As the original: what follows a match of plain items is not looked at.
        found_++;
        TRY(visit_(item));
        continue;
      }
      const Node* value = item.find(wanted.key);
      if (value != nullptr && regex.matches(printed(*value))) TRY(step(item, at + 1));
    }
    if (!create_ || found_ != before) return {};
    Node item = Node::plain(wanted.value);
    if (!wanted.key.empty()) {
      Node map = Node::mapping();
      map.set(wanted.key, std::move(item));
      item = std::move(map);
    }
    if (!regex.matches(printed(wanted.key.empty() ? item : item.children()[1]))) return {};
    Node& fresh = node.push_back(std::move(item));
    if (!wanted.key.empty()) return step(fresh, at + 1);
    found_++;
    return visit_(fresh);
  }

  Result<> every(Node& node, size_t at) {
    if (!node.is_sequence()) return wrong_kind(node, "SequenceNode");
    for (Node& item : node.children())
      TRY(step(item, at + 1));
    return {};
  }

  static Error wrong_kind(const Node& node, std::string_view wanted) {
    return invalid(cat("wrong node kind: expected ",
                       wanted,
                       " but got ",
                       node.is_mapping()    ? "MappingNode"
                       : node.is_sequence() ? "SequenceNode"
                                            : "ScalarNode",
                       ": node contents:\n",
                       yaml::emit(node, yaml::Sequences::Compact).value_or("")));
  }

  const std::vector<std::string>& path_;
  std::optional<Kind> create_;
  Visit visit_;
  size_t found_ = 0;
};

Result<Node> source_value(const ResMap& resources, const Replacement& replacement) {
  if (replacement.source_value && replacement.source) {
    return invalid("value and resource selectors are mutually exclusive");
  }
  if (replacement.source_value) return Node::plain(*replacement.source_value);
  const SourceSelector& source = *replacement.source;
  const Resource* found = nullptr;
  for (const Resource& resource : resources.all()) {
    if (resource.is_empty()) continue;
    const auto ids = resource.all_ids();
    const bool selected = std::ranges::any_of(ids, [&](const Id& id) {
      return id.gvk.is_selected({source.group, source.version, source.kind}) &&
             (source.name.empty() || source.name == id.name) &&
             (source.ns.empty() || source.ns == id.effective_ns());
    });
    if (!selected) continue;
    if (found != nullptr)
      return invalid(cat("multiple matches for selector ", selector_text(source)));
    found = &resource;
  }
  if (found == nullptr) return invalid(cat("nothing selected by ", selector_text(source)));
  const std::string path = source.field_path.empty() ? "metadata.name" : source.field_path;
  for (const std::string& part : split_dotted(path)) {
    if (part == "*") {
      return invalid(
          "error looking up replacement source: wildcard is not supported in PathGetter");
    }
  }
  const Node* value = lookup(found->node, split_dotted(path));
  const bool empty =
      value == nullptr || value->is_null() || (!value->is_scalar() && value->empty());
  if (empty) {
    return invalid(
        cat("fieldPath `", path, "` is missing for replacement source ", source_text(source)));
  }
  if (!source.options || source.options->delimiter.empty()) return *value;
  if (!value->is_scalar()) return invalid("delimiter option can only be used with scalar nodes");
  auto parts = split(value->text(), std::string_view(source.options->delimiter));
  const int64_t index = source.options->index;
  if (index < 0 || index >= static_cast<int64_t>(parts.size())) {
    return invalid(cat("options.index ", index, " is out of bounds for value ", value->text()));
  }
  Node part = *value;
  part.set_text(std::string(parts[static_cast<size_t>(index)]));
  return part;
}

// Only the text changes: a number stays a number. What no longer fits its tag shows when printed.
Result<> set_value(const std::optional<FieldOptions>& options, Node& target, const Node& value) {
  std::string text(value.text());
  if (options && !options->delimiter.empty()) {
    if (!target.is_scalar()) return invalid("delimiter option can only be used with scalar nodes");
    std::vector<std::string> parts;
    for (std::string_view part : split(target.text(), std::string_view(options->delimiter)))
      parts.emplace_back(part);
    if (options->index < 0) {
      parts.insert(parts.begin(), text);
    } else if (options->index >= static_cast<int64_t>(parts.size())) {
      parts.push_back(text);
    } else {
      parts[static_cast<size_t>(options->index)] = text;
    }
    text = join(parts, options->delimiter);
  }
  if (!target.is_scalar()) {
    target = value;
    if (options && !options->delimiter.empty()) target.set_text(text);
    return {};
  }
  target.set_text(text);
  return {};
}

std::string print_structured(const Node& node, std::string_view original) {
  const char first = trim(original)[0];
  if (first != '{' && first != '[') return printed(node);
  auto value = yaml::to_value(node);
  if (!value.ok()) return std::string(original);
  if (contains(original, "\n") && contains(original, "  ")) {
    return json::print_indented(*value, json::Keys::Sorted, {"", "  "});
  }
  return json::print(*value, json::Keys::Sorted);
}

// A path that leads into a text: the text is data, and printed again after the change.
Result<bool> set_in_text(Node& object,
                         const Node& value,
                         const std::vector<std::string>& path,
                         const std::optional<Kind>& create) {
  for (size_t i = 1; i < path.size(); i++) {
    const std::vector<std::string> outer(path.begin(),
                                         path.begin() + static_cast<std::ptrdiff_t>(i));
    const Node* scalar = lookup(object, outer);
    if (scalar == nullptr) continue;
    if (!scalar->is_scalar() || trim(scalar->text()).empty()) continue;
    const std::string original(scalar->text());
    auto document = yaml::parse_node(original);
    if (!document.ok() || document->is_none() || document->empty()) continue;
    const std::vector<std::string> inner(path.begin() + static_cast<std::ptrdiff_t>(i), path.end());
    PathFinder finder(
        inner, create, [&](Node& target) { return set_value(std::nullopt, target, value); });
    auto found = finder.run(document->children().front());
    if (!found.ok() || *found == 0) return false;
    // The same place again, to write to.
    Node* writable =
        const_cast<Node*>(lookup(object, outer));  // NOLINT: the object is ours to write
    writable->set_text(print_structured(document->children().front(), original));
    return true;
  }
  return false;
}

Result<> write_target(Resource& resource, const Node& value, const TargetSelector& target) {
  const Strings paths = target.field_paths.empty() ? Strings{"metadata.name"} : target.field_paths;
  for (const std::string& path : paths) {
    const std::vector<std::string> parts = split_dotted(path);
    std::optional<Kind> create;
    if (target.options && target.options->create) create = value.kind();
    if (TRY(set_in_text(resource.node, value, parts, create))) continue;
    const std::string missing =
        cat(create ? "unable to find or create field " : "unable to find field ",
            quote(path),
            " in replacement target");
    std::optional<Error> write_error;
    PathFinder finder(parts, create, [&](Node& node) -> Result<> {
      if (write_error) return {};
      auto written = set_value(target.options, node, value);
      if (!written.ok()) write_error = std::move(written).error();
      return {};
    });
    size_t found = TRY(finder.run(resource.node).within(missing));
    if (write_error) return std::move(*write_error);
    if (found == 0) return invalid(missing);
  }
  return {};
}

class Target {
 public:
  static Result<Target> make(const TargetSelector& selector) {
    Target target(selector);
    target.select_ = TRY(Match::compile(*selector.select).within("error creating target selector"));
    for (const Selector& reject : selector.reject) {
      target.reject_.push_back(
          TRY(Match::compile(reject).within("error creating target selector")));
    }
    return target;
  }

  Result<bool> selects(const Resource& resource) const {
    if (!TRY(select_->annotations(resource)) || !TRY(select_->labels(resource))) return false;
    for (size_t i = 0; i < reject_.size(); i++) {
      const Selector& reject = selector_.reject[i];
      if (reject.annotation_selector.empty() && reject.label_selector.empty()) continue;
      if (TRY(reject_[i].annotations(resource)) && TRY(reject_[i].labels(resource))) return false;
    }
    const std::vector<Id> ids = resource.all_ids();
    for (size_t i = 0; i < reject_.size(); i++) {
      const Selector& reject = selector_.reject[i];
      const bool by_id = !reject.group.empty() || !reject.version.empty() || !reject.kind.empty() ||
                         !reject.name.empty() || !reject.ns.empty();
      if (by_id && std::ranges::any_of(ids, [&](const Id& id) { return fits(reject_[i], id); }))
        return false;
    }
    return std::ranges::any_of(ids, [&](const Id& id) { return fits(*select_, id); });
  }

 private:
  explicit Target(const TargetSelector& selector)
      : selector_(selector) {}

  static bool fits(const Match& match, const Id& id) {
    return match.gvk(id.gvk) && match.name(id.name) && match.ns(id.effective_ns());
  }

  const TargetSelector& selector_;
  std::optional<Match> select_;
  std::vector<Match> reject_;
};

Result<> apply_one(ResMap& resources, const Replacement& replacement) {
  if ((!replacement.source && !replacement.source_value) || !replacement.targets) {
    return invalid("replacements must specify a source and at least one target");
  }
  const Node value = TRY(source_value(resources, replacement));
  for (const TargetSelector& selector : *replacement.targets) {
    if (!selector.select) return invalid("target must specify resources to select");
    const Target target = TRY(Target::make(selector));
    for (Resource& resource : resources.all()) {
      if (resource.is_empty()) continue;
      if (TRY(target.selects(resource))) TRY(write_target(resource, value, selector));
    }
  }
  resources.forget_index();
  return {};
}

// Replacements of files put in place of the entries that name them.
Result<std::vector<Replacement>> loaded(const std::vector<Replacement>& entries,
                                        const Loader& loader) {
  std::vector<Replacement> out;
  for (const Replacement& entry : entries) {
    if (entry.path.empty()) {
      out.push_back(entry);
      continue;
    }
    if (entry.source || (entry.targets && !entry.targets->empty())) {
      return invalid("cannot specify both path and inline replacement");
    }
    std::string text = TRY(loader.load(entry.path));
    auto value = TRY(yaml::parse(text));
    auto decode = [&](const data::Value& one) -> Result<> {
      auto read = data::decode<Replacement>(one);
      if (!read.ok()) {
        return Error(Code::Invalid,
                     cat("error unmarshaling JSON: while decoding JSON: ", read.error().message()));
      }
      read->path.clear();
      out.push_back(std::move(*read));
      return {};
    };
    if (value.is_array()) {
      for (const data::Value& one : value.items())
        TRY(decode(one));
    } else if (value.is_object()) {
      TRY(decode(value));
    } else {
      std::string_view kind = value.is_null()     ? "invalid"
                              : value.is_string() ? "string"
                              : value.is_bool()   ? "bool"
                                                  : "float64";
      return invalid(
          cat("unsupported replacement type encountered within replacement path: ", kind));
    }
  }
  return out;
}

}  // namespace

Result<> apply_replacements(ResMap& resources,
                            const std::vector<Replacement>& replacements,
                            const Loader& loader,
                            const std::string& plugin) {
  auto entries = loaded(replacements, loader);
  if (!entries.ok()) {
    data::Value config = data::Value::object();
    data::Value list = data::Value::array();
    for (const Replacement& one : replacements)
      list.push_back(data::encode(one));
    config.set("Replacements", std::move(list));
    return std::move(entries).error().within(
        config_failure("ReplacementTransformer", yaml::print(config), plugin));
  }
  for (const Replacement& replacement : *entries)
    TRY(apply_one(resources, replacement));
  return {};
}

}  // namespace fleet::kustomize
