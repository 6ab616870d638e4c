// Links inside a folder: where they lead, as the operating system would follow them. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/file_tree.h"

namespace fleet::bundle {

// What a path of a tree is once links are followed.
struct Followed {
  enum class Kind { File, Folder, Missing, Outside };
  Kind kind = Kind::Missing;
  // Of File and Folder: the path in the tree. Of Missing: the first part that is not there.
  // Of Outside: relative to the tree's root, with ".." in front, or absolute.
  std::string path;
};

// Limit: 255 links on the way, then Missing.
// `absolute` is the tree's own place: links with absolute targets may come back into it.
Followed follow(const FileTree& tree, std::string_view path, std::string_view absolute);

}  // namespace fleet::bundle
