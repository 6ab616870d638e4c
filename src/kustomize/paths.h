// Dotted paths: "spec.containers[name=a].image", "metadata.annotations.a\.b/c", "[a.b/c]".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/yaml/node.h"

namespace fleet::kustomize {

// The parts of a path: "\." is a dot in a name, brackets quote a name or hold "k=v" or an index.
std::vector<std::string> split_dotted(std::string_view path);

// A part of the form "[k=v]" (key may be empty).
struct ListMatch {
  std::string key;
  std::string value;
};
bool is_list_match(std::string_view part);
ListMatch list_match(std::string_view part);
// True for "0", "12", "-".
bool is_list_index(std::string_view part);

// The node at a path, or null. List items by "[k=v]", by index, or "-" for the last.
const yaml::Node* lookup(const yaml::Node& node, const std::vector<std::string>& path);
const yaml::Node* lookup_dotted(const yaml::Node& node, std::string_view path);

}  // namespace fleet::kustomize
