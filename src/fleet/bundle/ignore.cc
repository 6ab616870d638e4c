#include "fleet/bundle/ignore.h"

#include <utility>

#include "base/file_tree.h"
#include "base/strings.h"
#include "text/glob.h"

namespace fleet::bundle {

namespace {

constexpr std::string_view kBlanks = " \t\n\f\r";

// As the regular expression `([^\\])\s+$` → `$1` leaves it: blanks behind a backslash, or with
// nothing before them, keep the first of several.
std::string_view without_trailing_blanks(std::string_view line) {
  size_t end = line.find_last_not_of(kBlanks);
  size_t kept = end == std::string_view::npos ? 0 : end + 1;
  if (kept == line.size()) return line;
  bool is_guarded = kept == 0 || line[kept - 1] == '\\';
  return line.substr(0, is_guarded ? kept + 1 : kept);
}

// A pattern such as "dir/*": it names folders, by what stands before the "/*".
bool names_folder(std::string_view pattern) {
  return pattern.find("/*", 1) != std::string_view::npos;
}

}  // namespace

std::vector<std::string> ignore_patterns(std::string_view text) {
  std::vector<std::string> out;
  for (std::string_view line : split_lines(text)) {
    std::string_view pattern = without_trailing_blanks(trim_suffix(line, "\r"));
    if (!pattern.empty() && !pattern.starts_with('#')) out.emplace_back(pattern);
  }
  return out;
}

void IgnoreTree::collect(const Node& node, std::string_view path, std::vector<const Node*>& route) {
  if (!path.starts_with(node.path)) return;
  route.push_back(&node);
  if (path == node.path) return;
  for (const auto& child : node.children) {
    if (path.starts_with(child->path)) return collect(*child, path, route);
  }
}

IgnoreTree::Node& IgnoreTree::find_or_add(Node& node, std::string_view folder) {
  if (folder == node.path) return node;
  for (const auto& child : node.children) {
    if (folder.starts_with(child->path)) return find_or_add(*child, folder);
  }
  node.children.push_back(std::make_unique<Node>(Node{std::string(folder), {}, {}}));
  return *node.children.back();
}

void IgnoreTree::add(std::string_view folder, std::string_view text) {
  std::vector<std::string> patterns = ignore_patterns(text);
  if (patterns.empty()) return;
  Node& node = find_or_add(root_, folder);
  node.patterns.insert(node.patterns.end(), patterns.begin(), patterns.end());
}

Result<bool> IgnoreTree::is_ignored(std::string_view path, Entry entry) const {
  std::vector<const Node*> route;
  collect(root_, path, route);
  std::string_view name = base_name(path);
  for (const Node* node : route) {
    for (const std::string& pattern : node->patterns) {
      if (names_folder(pattern)) {
        if (entry == Entry::Folder && trim_suffix(pattern, "/*") == name) return true;
      } else if (TRY(text::path_match(pattern, name))) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace fleet::bundle
