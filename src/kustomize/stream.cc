#include "kustomize/stream.h"

#include <utility>

#include "base/strings.h"

namespace fleet::kustomize {
namespace {

using yaml::Node;

constexpr std::string_view kInternal = "internal.config.kubernetes.io/";
constexpr std::string_view kIndex = "internal.config.kubernetes.io/index";
constexpr std::string_view kOldIndex = "config.kubernetes.io/index";
constexpr std::string_view kSequenceIndent = "internal.config.kubernetes.io/seqindent";

Node& content(Node& node) {
  return node.kind() == yaml::Kind::Document && !node.empty() ? node.children().front() : node;
}
const Node& content(const Node& node) {
  return node.kind() == yaml::Kind::Document && !node.empty() ? node.children().front() : node;
}

bool is_nil_or_empty(const Node* node) {
  if (node == nullptr || node->is_none() || node->is_null()) return true;
  if (node->is_mapping() || node->is_sequence()) return node->empty();
  return node->is_scalar() && node->text().empty();
}

Result<> expect_mapping(const Node& node) {
  if (node.is_mapping() || node.is_null() || node.is_none()) return {};
  return Error(Code::Invalid,
               cat("wrong node kind: expected MappingNode but got ",
                   node.is_sequence() ? "SequenceNode"
                   : node.is_alias()  ? "AliasNode"
                                      : "ScalarNode",
                   ": node contents:\n",
                   yaml::emit(node, yaml::Sequences::Compact).value_or("")));
}

// The member of a mapping; null where there is none. Errors: what is no mapping.
Result<Node*> member(Node& node, std::string_view name) {
  TRY(expect_mapping(node));
  return node.find(name);
}

Result<> clear_field(Node& node, std::string_view name, bool if_empty) {
  Node* field = TRY(member(node, name));
  if (field != nullptr && (!if_empty || field->empty())) node.remove(name);
  return {};
}

// Annotations, and metadata, that say nothing are left out.
Result<> clear_empty(Node& node) {
  if (Node* metadata = TRY(member(node, "metadata"))) {
    TRY(clear_field(*metadata, "annotations", true));
  }
  return clear_field(node, "metadata", true);
}

// The mapping below a name, made if there is none.
Result<Node*> made(Node& node, std::string_view name) {
  Node* found = TRY(member(node, name));
  if (found != nullptr || !node.is_mapping()) return found;
  return &node.set(name, Node::mapping());
}

std::string_view annotation_of(const Node& node, std::string_view name) {
  const Node* metadata = node.find("metadata");
  const Node* annotations = metadata == nullptr ? nullptr : metadata->find("annotations");
  return annotations == nullptr ? std::string_view() : annotations->member_text(name);
}

// Old and new names of what readers note say the same.
Result<> copy_old_names(Node& node) {
  constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"config.kubernetes.io/path", "path"}, {kOldIndex, "index"}, {"config.k8s.io/id", "id"}};
  if (!check_metadata(node).ok()) return {};
  for (const auto& [old_name, short_name] : kNames) {
    const std::string new_name = cat(kInternal, short_name);
    const std::string old_value(annotation_of(node, old_name));
    const std::string new_value(annotation_of(node, new_name));
    if (!new_value.empty() && old_value.empty()) TRY(annotate(node, old_name, new_value));
    if (new_value.empty() && !old_value.empty()) TRY(annotate(node, new_name, old_value));
  }
  return {};
}

Result<> mark_index(Node& document, size_t index) {
  TRY(copy_old_names(content(document)));
  TRY(annotate(document, kOldIndex, std::to_string(index)));
  return annotate(document, kIndex, std::to_string(index));
}

}  // namespace

Result<std::vector<std::string_view>> split_stream(std::string_view text) {
  std::vector<std::string_view> documents;
  if (text.empty()) return documents;
  size_t begin = 0;
  while (true) {
    const size_t at = text.find("\n---", begin);
    const size_t end = at == std::string_view::npos ? at : text.find('\n', at + 4);
    if (end == std::string_view::npos) break;
    const std::string_view behind = trim(text.substr(at + 4, end - at - 4));
    if (!behind.empty() && behind[0] != '#') {
      return Error(Code::Invalid,
                   cat("invalid document separator: ", trim(text.substr(at + 1, end - at - 1))));
    }
    documents.push_back(text.substr(begin, at + 1 - begin));
    begin = end + 1;
  }
  documents.push_back(text.substr(begin));
  return documents;
}

Result<std::vector<Node>> read_stream(std::string_view text) {
  const std::string plain = replace_all(text, "\r\n", "\n");
  const std::vector<std::string_view> documents = TRY(split_stream(plain));
  std::vector<Node> nodes;
  for (std::string_view document : documents) {
    Node parsed = TRY(yaml::parse_node(document).within("MalformedYAMLError"));
    if (parsed.is_none() || parsed.empty() || content(parsed).is_null()) continue;
    TRY(mark_index(parsed, nodes.size()));
    Node& root = content(parsed);
    const std::string_view kind = root.member_text("kind");
    if (documents.size() == 1 && (kind == "List" || kind == "ResourceList") &&
        (root.find("items") != nullptr || root.find("functionConfig") != nullptr)) {
      if (Node* items = root.find("items")) {
        for (Node& item : items->children())
          nodes.push_back(std::move(item));
      }
      continue;
    }
    nodes.push_back(std::move(parsed));
  }
  return nodes;
}

Result<std::string> print_stream(std::vector<Node> nodes) {
  std::string out;
  for (Node& node : nodes) {
    for (std::string_view name : {kIndex, kOldIndex, kSequenceIndent})
      TRY(clear_annotation(node, name));
    TRY(clear_empty(content(node)));
  }
  for (const Node& node : nodes) {
    if (&node != &nodes.front()) out += "---\n";
    out += TRY(yaml::emit(node, yaml::Sequences::Compact));
  }
  return out;
}

Result<> annotate(Node& node, std::string_view name, std::string_view value) {
  Node& root = content(node);
  TRY(clear_empty(root));
  Node* metadata = TRY(made(root, "metadata"));
  Node* annotations = metadata == nullptr ? nullptr : TRY(made(*metadata, "annotations"));
  if (annotations == nullptr) return {};
  Node* known = TRY(member(*annotations, name));
  const yaml::Style style = known == nullptr ? yaml::kSingleQuoted : known->style();
  annotations->set(name, Node::scalar(value, yaml::Tag::Str, style));
  return {};
}

Result<> clear_annotation(Node& node, std::string_view name) {
  Node* metadata = TRY(member(content(node), "metadata"));
  Node* annotations = metadata == nullptr ? nullptr : TRY(member(*metadata, "annotations"));
  return annotations == nullptr ? Result<>() : clear_field(*annotations, name, false);
}

Result<> check_metadata(const Node& node) {
  const Node& root = content(node);
  if (!is_nil_or_empty(root.find("apiVersion")) || !is_nil_or_empty(root.find("kind"))) return {};
  if (const Node* metadata = root.find("metadata")) {
    for (std::string_view name : {"name", "namespace", "labels", "annotations"}) {
      if (!is_nil_or_empty(metadata->find(name))) return {};
    }
  }
  return Error(Code::Invalid, "missing Resource metadata");
}

}  // namespace fleet::kustomize
