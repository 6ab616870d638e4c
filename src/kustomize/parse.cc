#include "kustomize/parse.h"

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

#include "base/strings.h"
#include "kustomize/stream.h"

namespace fleet::kustomize {
namespace {

using yaml::Node;

constexpr std::string_view kMalformed = "MalformedYAMLError";

bool is_nil_or_empty(const Node* node) {
  if (node == nullptr || node->is_none() || node->is_null()) return true;
  if (node->is_mapping() || node->is_sequence()) return node->empty();
  return node->is_scalar() && node->text().empty();
}

// A map of texts as Go prints it: "map[a:1 b:2]".
std::string go_map(const Node* metadata, std::string_view field) {
  const Node* map = metadata == nullptr ? nullptr : metadata->find(field);
  std::map<std::string, std::string> sorted;
  if (map != nullptr && map->is_mapping()) {
    for (size_t i = 0; i < map->pairs(); i++)
      sorted[std::string(map->key(i).text())] = map->value(i).text();
  }
  std::vector<std::string> parts;
  for (const auto& [key, value] : sorted)
    parts.push_back(cat(key, ":", value));
  return cat("map[", join(parts, " "), "]");
}

std::string go_meta(const Node& node) {
  const Node* metadata = node.find("metadata");
  auto text = [&](std::string_view key) {
    return metadata == nullptr ? std::string_view() : metadata->member_text(key);
  };
  return cat("{{",
             node.member_text("apiVersion"),
             " ",
             node.member_text("kind"),
             "} {{",
             text("name"),
             " ",
             text("namespace"),
             "} ",
             go_map(metadata, "labels"),
             " ",
             go_map(metadata, "annotations"),
             "}}");
}

// Every object has a kind and a name; lists need no name.
Result<> validate(const Node& node) {
  const Node* metadata = node.find("metadata");
  const bool has_meta = metadata != nullptr && metadata->is_mapping() && !metadata->empty();
  if (!has_meta && is_nil_or_empty(node.find("apiVersion")) && is_nil_or_empty(node.find("kind"))) {
    return Error(Code::Invalid, "missing Resource metadata");
  }
  const std::string_view kind = node.member_text("kind");
  if (kind.empty()) return Error(Code::Invalid, cat("missing kind in object ", go_meta(node)));
  if (kind.ends_with("List")) return {};
  if (!has_meta || metadata->member_text("name").empty()) {
    return Error(Code::Invalid, cat("missing metadata.name in object ", go_meta(node)));
  }
  return {};
}

Result<std::vector<Node>> read_nodes(std::string_view text) {
  std::vector<Node> nodes;
  const std::string unix_text =
      text.find('\r') == std::string_view::npos ? std::string() : replace_all(text, "\r\n", "\n");
  if (!unix_text.empty()) text = unix_text;
  const std::vector<std::string_view> documents = TRY(split_stream(text));
  nodes.reserve(documents.size());
  for (std::string_view document : documents) {
    Node parsed = TRY(yaml::parse_node(document).within(kMalformed));
    if (parsed.is_none() || parsed.empty()) continue;
    TRY(yaml::expand_aliases(parsed));
    Node node = std::move(parsed.children().front());
    if (node.is_null()) continue;
    const std::string_view kind = node.member_text("kind");
    const bool is_list = kind == "List" || kind == "ResourceList";
    if (documents.size() == 1 && is_list &&
        (node.find("items") != nullptr || node.find("functionConfig") != nullptr)) {
      if (Node* items = node.find("items")) {
        for (Node& item : items->children())
          nodes.push_back(std::move(item));
      }
      continue;
    }
    nodes.push_back(std::move(node));
  }
  return nodes;
}

Result<std::vector<Node>> without_bad(std::vector<Node> nodes) {
  std::erase_if(nodes, [](const Node& node) { return is_nil_or_empty(&node); });
  for (const Node& node : nodes)
    TRY(validate(node));
  return nodes;
}

// A history that the text brings along, as functions leave it behind.
void read_history(Resource& resource) {
  auto list = [&](std::string_view name) {
    return resource.annotation(cat("internal.config.kubernetes.io/", name));
  };
  const std::string_view names = list("previousNames");
  if (names.empty()) return;
  auto all_names = split(names, ',');
  auto spaces = split(list("previousNamespaces"), ',');
  auto kinds = split(list("previousKinds"), ',');
  if (spaces.size() != all_names.size() || kinds.size() != all_names.size()) return;
  for (size_t i = 0; i < all_names.size(); i++) {
    resource.history.push_back(
        {std::string(all_names[i]), std::string(spaces[i]), std::string(kinds[i])});
  }
}

std::string_view go_type(const Node& node) {
  if (node.is_mapping()) return "map[string]interface {}";
  switch (node.tag()) {
    case yaml::Tag::Int:
      return "int";
    case yaml::Tag::Float:
      return "float64";
    case yaml::Tag::Bool:
      return "bool";
    default:
      return "string";
  }
}

// Kinds that end in List give way to their items, which go to the end.
Result<std::vector<Node>> expand_lists(std::vector<Node> nodes) {
  if (std::ranges::none_of(
          nodes, [](const Node& node) { return node.member_text("kind").ends_with("List"); })) {
    return nodes;
  }
  std::vector<Node> out;
  std::deque<Node> queue(std::make_move_iterator(nodes.begin()),
                         std::make_move_iterator(nodes.end()));
  while (!queue.empty()) {
    Node node = std::move(queue.front());
    queue.pop_front();
    const std::string kind(node.member_text("kind"));
    Node* items = kind.ends_with("List") ? node.find("items") : nullptr;
    if (items == nullptr) {
      out.push_back(std::move(node));
      continue;
    }
    if (items->is_null()) continue;
    if (!items->is_sequence()) {
      return Error(Code::Invalid,
                   cat("expected array in ", kind, "/items, but found ", go_type(*items)));
    }
    std::vector<Node> inner;
    for (Node& item : items->children())
      inner.push_back(std::move(item));
    for (Node& item : TRY(without_bad(std::move(inner))))
      queue.push_back(std::move(item));
  }
  return out;
}

}  // namespace

Result<std::vector<Resource>> parse_resources(std::string_view text) {
  std::vector<Node> nodes = TRY(read_nodes(text));
  nodes = TRY(without_bad(std::move(nodes)));
  nodes = TRY(expand_lists(std::move(nodes)));
  std::vector<Resource> resources;
  resources.reserve(nodes.size());
  for (Node& node : nodes) {
    Resource resource;
    resource.node = std::move(node);
    read_history(resource);
    resources.push_back(std::move(resource));
  }
  return resources;
}

bool is_malformed_yaml(const Error& error) {
  return error.message().find(kMalformed) != std::string::npos;
}

Error in_file(Error error, std::string_view path) {
  if (!is_malformed_yaml(error)) return error;
  return Error(error.code(), cat(error.message(), " in File: ", path));
}

}  // namespace fleet::kustomize
