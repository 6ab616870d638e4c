// Names, labels, annotations, images and replicas.
#include "kustomize/transform.h"

#include <algorithm>
#include <utility>

#include "base/strings.h"
#include "kustomize/walk.h"
#include "text/regex.h"

namespace fleet::kustomize {
namespace {

using yaml::Node;

// Kinds whose names are never changed.
bool skips_affixes(std::string_view api_version, std::string_view kind) {
  return kind == "CustomResourceDefinition" ||
         (kind == "APIService" && api_version.starts_with("apiregistration.k8s.io/")) ||
         kind == "Namespace";
}

enum class Side { Front, Back };

Result<> add_affix(ResMap& resources,
                   const std::string& affix,
                   const FieldSpecs& specs,
                   Side side) {
  if (affix.empty()) return {};
  ReadySpecs ready_specs(specs);
  for (Resource& resource : resources.all()) {
    if (resource.is_empty()) continue;
    const std::string api_version(resource.node.member_text("apiVersion"));
    const std::string original_kind(resource.original_kind());
    if (skips_affixes(api_version, original_kind)) continue;
    for (const ReadySpec* ready : ready_specs.of(api_version, original_kind)) {
      const FieldSpec& spec = *ready->spec;
      if (spec.path == "metadata/name") {
        (side == Side::Front ? resource.prefixes : resource.suffixes).push_back(affix);
        resource.record();
      }
      if (!is_for(spec, api_version, resource.kind())) continue;
      TRY(apply_spec(resource, *ready, Make::Scalar, [&](Node& node) -> Result<> {
        if (!node.is_scalar()) return {};
        node = Node::plain(side == Side::Front ? cat(affix, node.text()) : cat(node.text(), affix));
        return {};
      }));
    }
  }
  resources.forget_index();
  return {};
}

// As the original: entries that one pass adds to an object at several places are one and the same,
// so a later pass that changes one of them changes all. Such entries have this line, and the number
// of their group as column.
constexpr uint32_t kShared = UINT32_MAX;

void set_shared(Node& node, uint16_t group, const std::string& value) {
  if (node.is_scalar()) {
    if (node.line() == kShared && node.column() == group) node.set_text(value);
    return;
  }
  for (Node& child : node.children())
    set_shared(child, group, value);
}

Result<> set_entries(ResMap& resources, const StringMap& entries, const FieldSpecs& specs) {
  if (entries.empty()) return {};
  ReadySpecs ready(specs);
  for (Resource& resource : resources.all()) {
    if (resource.is_empty()) continue;
    const uint16_t first_group = resource.shared_groups;
    uint16_t group = first_group;
    resource.shared_groups = static_cast<uint16_t>(first_group + entries.size());
    TRY(ready.apply(resource, Make::Map, [&](Node& node) -> Result<> {
      if (!node.is_mapping()) {
        return Error(Code::Invalid,
                     cat("wrong node kind: expected MappingNode but got ",
                         node.is_sequence() ? "SequenceNode" : "ScalarNode",
                         ": node contents:\n",
                         yaml::emit(node).value_or("")));
      }
      for (const auto& [key, value] : entries) {
        Node* current = node.find(key);
        if (current == nullptr) {
          append_member(node, key, Node::string(value)).set_position(kShared, group);
        } else if (current->line() == kShared) {
          set_shared(resource.node, current->column(), value);
        } else {
          *current = Node::string(value);
        }
        group++;
      }
      group = first_group;
      return {};
    }));
  }
  return {};
}

// An image's text in parts: what comes before the tag, the tag, the digest.
struct ImageParts {
  std::string name;
  std::string tag;
  std::string digest;
};

ImageParts split_image(std::string_view image) {
  ImageParts parts;
  size_t slash = image.find('/');
  size_t from = slash == std::string_view::npos ? 0 : slash;
  std::string_view searched = image.substr(from);
  size_t at = searched.find('@');
  if (at != std::string_view::npos) {
    parts.digest = searched.substr(at + 1);
    searched = searched.substr(0, at);
  }
  size_t colon = searched.find(':');
  if (colon != std::string_view::npos) {
    parts.tag = searched.substr(colon + 1);
    searched = searched.substr(0, colon);
  }
  parts.name = cat(image.substr(0, from), searched);
  return parts;
}

class ImageSetter {
 public:
  static Result<ImageSetter> make(const Image& image) {
    ImageSetter setter(image);
    auto regex = text::Regex::compile(
        cat("^", image.name, "(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$"));
    // A name that is no regular expression matches nothing.
    if (regex.ok()) setter.regex_ = std::move(regex).value();
    return setter;
  }

  Result<> set(Node& node) const {
    if (!node.is_scalar()) {
      return Error(Code::Invalid,
                   cat("wrong node kind: expected ScalarNode but got ",
                       node.is_mapping() ? "MappingNode" : "SequenceNode",
                       ": node contents:\n",
                       yaml::emit(node).value_or("")));
    }
    if (!may_match(node.text()) || !regex_ || !regex_->matches(node.text())) return {};
    ImageParts parts = split_image(node.text());
    std::string text = image_.new_name.empty() ? parts.name : image_.new_name;
    if (!image_.new_tag.empty() && !image_.digest.empty()) {
      text += cat(":", image_.new_tag, "@", image_.digest);
    } else if (!image_.new_tag.empty()) {
      text += cat(":", image_.new_tag);
    } else if (!image_.digest.empty()) {
      text += cat("@", image_.digest);
    } else if (!image_.tag_suffix.empty()) {
      text += cat(":", parts.tag, image_.tag_suffix);
    } else {
      if (!parts.tag.empty()) text += cat(":", parts.tag);
      if (!parts.digest.empty()) text += cat("@", parts.digest);
    }
    node = Node::plain(text);
    return {};
  }

 private:
  explicit ImageSetter(const Image& image)
      : image_(image),
        literal_(image.name.find_first_of("\\.+*?()|[]{}^$") == std::string::npos) {}

  // A name of plain characters must stand in front; that is cheaper to see than a match.
  bool may_match(std::string_view text) const { return !literal_ || text.starts_with(image_.name); }

  const Image& image_;
  bool literal_;
  std::optional<text::Regex> regex_;
};

// Anywhere: elements of lists under "containers" and "initContainers".
Result<> set_legacy(Node& node, const ImageSetter& setter) {
  if (node.is_sequence()) {
    for (Node& item : node.children()) {
      if (!item.is_scalar()) TRY(set_legacy(item, setter));
    }
    return {};
  }
  if (!node.is_mapping()) return {};
  for (size_t i = 0; i < node.pairs(); i++) {
    Node& value = node.value(i);
    if (!value.is_sequence() && !value.is_mapping()) continue;
    std::string_view key = node.key(i).text();
    if ((key == "containers" || key == "initContainers") && value.is_sequence()) {
      for (Node& item : value.children()) {
        Node* image = item.find("image");
        if (image != nullptr && !image->is_null()) TRY(setter.set(*image));
      }
    }
    TRY(set_legacy(value, setter));
  }
  return {};
}

}  // namespace

Result<> add_prefix(ResMap& resources, const std::string& prefix, const FieldSpecs& specs) {
  return add_affix(resources, prefix, specs, Side::Front);
}
Result<> add_suffix(ResMap& resources, const std::string& suffix, const FieldSpecs& specs) {
  return add_affix(resources, suffix, specs, Side::Back);
}
Result<> add_labels(ResMap& resources, const StringMap& labels, const FieldSpecs& specs) {
  return set_entries(resources, labels, specs);
}
Result<> add_annotations(ResMap& resources, const StringMap& annotations, const FieldSpecs& specs) {
  return set_entries(resources, annotations, specs);
}

Result<> set_images(ResMap& resources, const Image& image, const FieldSpecs& specs) {
  const ImageSetter setter = TRY(ImageSetter::make(image));
  const Setter set = [&](Node& node) { return setter.set(node); };
  ReadySpecs ready(specs);
  for (Resource& resource : resources.all()) {
    if (resource.is_empty() || resource.kind() == "CustomResourceDefinition") continue;
    TRY(set_legacy(resource.node, setter));
    TRY(ready.apply(resource, Make::Nothing, set));
  }
  return {};
}

Result<> set_replicas(ResMap& resources, const Replica& replica, const FieldSpecs& specs) {
  bool found = false;
  const std::string count = std::to_string(replica.count);
  for (const FieldSpec& spec : specs) {
    const ReadySpec ready{&spec, split_path(spec.path)};
    for (Resource& resource : resources.all()) {
      if (resource.is_empty()) continue;
      if (!resource.was_named(replica.name)) continue;
      const auto ids = resource.all_ids();
      const bool matches = std::ranges::any_of(ids, [&](const Id& id) {
        return id.name == replica.name && id.gvk.is_selected(spec.gvk());
      });
      if (!matches) continue;
      found = true;
      if (!is_for(spec, resource.node.member_text("apiVersion"), resource.kind())) continue;
      TRY(apply_spec(resource, ready, Make::Scalar, [&](Node& node) -> Result<> {
        node = Node::scalar(count, yaml::Tag::Int);
        return {};
      }));
    }
  }
  if (found) return {};
  Strings kinds;
  for (const FieldSpec& spec : specs)
    kinds.push_back(spec.gvk().text());
  return Error(Code::Invalid,
               cat("resource with name ",
                   replica.name,
                   " does not match a config with the following GVK [",
                   join(kinds, " "),
                   "]"));
}

}  // namespace fleet::kustomize
