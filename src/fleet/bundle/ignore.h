// .fleetignore: which names of a folder and of those below it are left out.
//
// One pattern a line, compared with names alone; "dir/*" leaves out folders named dir. Patterns of
// a folder count for all paths that begin with its path: as Fleet 0.16 that includes a sibling
// whose name only begins so. Errors: Invalid: "syntax error in pattern". Pure.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fleet::bundle {

class IgnoreTree {
 public:
  // `root` is the path of the folder that is walked.
  explicit IgnoreTree(std::string root)
      : root_{std::move(root), {}, {}} {}

  enum class Entry { File, Folder };
  Result<bool> is_ignored(std::string_view path, Entry entry) const;
  // Adds the patterns of a folder's .fleetignore.
  void add(std::string_view folder, std::string_view text);

 private:
  struct Node {
    std::string path;
    std::vector<std::string> patterns;
    std::vector<std::unique_ptr<Node>> children;
  };
  static void collect(const Node& node, std::string_view path, std::vector<const Node*>& route);
  static Node& find_or_add(Node& node, std::string_view folder);

  Node root_;
};

// The patterns of one file: comments and empty lines left out, white space at the end cut.
std::vector<std::string> ignore_patterns(std::string_view text);

}  // namespace fleet::bundle
