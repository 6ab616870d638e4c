#include "fleet/bundle/folder.h"

#include <deque>
#include <vector>

#include "base/strings.h"

namespace fleet::bundle {

namespace {

constexpr int kMaxLinks = 255;

void push_front_parts(std::deque<std::string>& parts, std::string_view path) {
  std::vector<std::string_view> found = split(path, '/');
  for (auto part = found.rbegin(); part != found.rend(); ++part) {
    if (!part->empty() && *part != ".") parts.emplace_front(*part);
  }
}

}  // namespace

Followed follow(const FileTree& tree, std::string_view path, std::string_view absolute) {
  std::deque<std::string> rest;
  push_front_parts(rest, path);
  std::vector<std::string> at;  // what was followed so far, in the tree
  int links = 0;
  while (!rest.empty()) {
    std::string part = rest.front();
    rest.pop_front();
    if (part == "..") {
      if (at.empty()) return {Followed::Kind::Outside, join_path("..", join(rest, "/"))};
      at.pop_back();
      continue;
    }
    at.push_back(part);
    std::string here = join(at, "/");
    const FileTree::File* file = tree.entry(here);
    if (!file && !tree.has_folder(here)) return {Followed::Kind::Missing, here};
    if (!file) continue;
    if (file->mode != FileTree::Mode::Link) {
      return rest.empty() ? Followed{Followed::Kind::File, here}
                          : Followed{Followed::Kind::Missing, here};
    }
    if (++links > kMaxLinks) return {Followed::Kind::Missing, here};
    at.pop_back();
    if (!file->bytes.starts_with('/')) {
      push_front_parts(rest, file->bytes);
      continue;
    }
    std::string_view inside = file->bytes;
    bool is_inside = inside == absolute || inside.starts_with(cat(absolute, "/"));
    if (!is_inside) return {Followed::Kind::Outside, file->bytes};
    at.clear();
    push_front_parts(rest, inside.substr(absolute.size()));
  }
  return {Followed::Kind::Folder, at.empty() ? "." : join(at, "/")};
}

}  // namespace fleet::bundle
