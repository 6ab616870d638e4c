#include "kustomize/paths.h"

#include <algorithm>

#include "base/strings.h"

namespace fleet::kustomize {
namespace {

using yaml::Node;

std::vector<std::string> split_escaped(std::string_view path, char delimiter) {
  std::vector<std::string> parts;
  for (std::string_view part : split(path, delimiter)) {
    if (!parts.empty() && parts.back().ends_with('\\')) {
      parts.back().pop_back();
      parts.back() += delimiter;
      parts.back() += part;
    } else {
      parts.emplace_back(part);
    }
  }
  if (parts.size() > 1 && parts[0].empty()) parts.erase(parts.begin());
  return parts;
}

const Node* step(const Node& node, const std::string& part) {
  if (part == "-" || is_list_index(part)) {
    if (!node.is_sequence() || node.empty()) return nullptr;
    if (part == "-") return &node.children().back();
    auto index = parse_uint(part);
    if (!index || *index >= node.size()) return nullptr;
    return &node.children()[*index];
  }
  if (!is_list_match(part)) return node.find(part);
  if (!node.is_sequence()) return nullptr;
  const ListMatch match = list_match(part);
  for (const Node& item : node.children()) {
    if (match.key.empty()
            ? item.is_scalar() && item.text() == match.value
            : item.find(match.key) != nullptr && item.member_text(match.key) == match.value) {
      return &item;
    }
  }
  return nullptr;
}

}  // namespace

std::vector<std::string> split_dotted(std::string_view path) {
  const std::vector<std::string> parts = split_escaped(path, '.');
  std::vector<std::string> result;
  for (size_t i = 0; i < parts.size(); i++) {
    const std::string& part = parts[i];
    if (!part.starts_with('[') || part.ends_with(']')) {
      result.push_back(part);
      continue;
    }
    // A bracket holds dots: everything up to the closing one belongs together.
    std::string whole = part;
    while (i + 1 < parts.size()) {
      whole += '.';
      whole += parts[++i];
      if (parts[i].ends_with(']')) break;
    }
    result.emplace_back(contains(whole, "=") ? std::string_view(whole) : trim(whole, "[]"));
  }
  return result;
}

bool is_list_match(std::string_view part) {
  return part.starts_with('[') && part.ends_with(']');
}

ListMatch list_match(std::string_view part) {
  part = part.substr(1, part.size() - 2);
  auto parts = cut(part, "=");
  if (!parts) return {"", std::string(part)};
  return {std::string(parts->before), std::string(parts->after)};
}

bool is_list_index(std::string_view part) {
  return !part.empty() && std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
}

const Node* lookup(const Node& node, const std::vector<std::string>& path) {
  const Node* at = &node;
  for (const std::string& written : path) {
    const std::string part(trim(written));
    if (part.empty()) continue;
    at = step(*at, part);
    if (at == nullptr || at->is_null()) return nullptr;
  }
  return at;
}

const Node* lookup_dotted(const Node& node, std::string_view path) {
  std::vector<std::string> parts;
  for (const std::string& part : split_dotted(path)) {
    // "ports[0]" is a name and an index.
    size_t open = part.find('[');
    if (open == std::string::npos || open == 0 || !part.ends_with(']')) {
      parts.push_back(part);
      continue;
    }
    parts.push_back(part.substr(0, open));
    std::string inside = part.substr(open + 1, part.size() - open - 2);
    parts.push_back(is_list_index(inside) ? inside : cat("[", inside, "]"));
  }
  return lookup(node, parts);
}

}  // namespace fleet::kustomize
