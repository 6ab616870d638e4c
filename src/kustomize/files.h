// Files: what a build may read, behind an interface: a disk, or a tree in memory.
//
// Paths given to it are absolute and clean, or relative to the current folder; answers are
// absolute. Error texts are part of the contract: kustomize shows them.
#pragma once

#include <string>
#include <string_view>

#include "base/file_tree.h"
#include "base/result.h"

namespace fleet::kustomize {

class Files {
 public:
  virtual ~Files() = default;

  // The bytes of a file. Errors: NotFound, "read x: is a directory".
  virtual Result<std::string> read(std::string_view path) const = 0;
  virtual bool exists(std::string_view path) const = 0;
  virtual bool is_folder(std::string_view path) const = 0;

  // A path with links resolved, split into a folder and a file in it; `file` is empty for a folder.
  struct Clean {
    std::string folder;
    std::string file;
  };
  // Errors: NotFound: "lstat /x/y: no such file or directory" from a disk, "'y' doesn't exist" in
  // memory.
  virtual Result<Clean> clean(std::string_view path) const = 0;
};

// A tree in memory, whose root is the current folder and the only root there is.
class TreeFiles : public Files {
 public:
  // Lifetime: the tree outlives this.
  explicit TreeFiles(const FileTree& tree)
      : tree_(tree) {}

  Result<std::string> read(std::string_view path) const override;
  bool exists(std::string_view path) const override;
  bool is_folder(std::string_view path) const override;
  Result<Clean> clean(std::string_view path) const override;

 private:
  const FileTree& tree_;
};

}  // namespace fleet::kustomize
