// FileTree: a folder in memory, as read from git, a chart archive or a disk.
//
// Paths are relative, with "/" between names, clean (no ".", "..", empty names or leading "/"),
// and unique. Iteration is in byte order of paths. Folders exist by the files in them; an empty
// folder can be named with `add_folder`. A link is kept as a link: its target is its content.
// Pure. Threads: const access from any number of them.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fleet {

// As Go's path.Clean: "a//b/../c/" is "a/c", "" is ".".
std::string clean_path(std::string_view path);
// As Go's path.Join: parts joined with "/", then cleaned; empty parts are left out.
std::string join_path(std::string_view a, std::string_view b);
std::string_view base_name(std::string_view path);  // as Go's path.Base
std::string dir_name(std::string_view path);        // as Go's path.Dir
std::string_view extension(std::string_view path);  // as Go's path.Ext: ".yaml" or ""
// True for a clean relative path that stays inside its root.
bool is_local_path(std::string_view path);

class FileTree {
 public:
  enum class Mode { Plain, Executable, Link };
  struct File {
    std::string bytes;
    Mode mode = Mode::Plain;
    friend bool operator==(const File&, const File&) = default;
  };
  using Files = std::map<std::string, File, std::less<>>;

  // Adds or replaces. Invalid when the path is not local (after cleaning) or a folder has that
  // name.
  Result<> add(std::string_view path, std::string bytes, Mode mode = Mode::Plain);
  Result<> add_folder(std::string_view path);
  bool remove(std::string_view path);

  // The bytes of a file, or null. A link is not followed.
  const std::string* file(std::string_view path) const;
  const File* entry(std::string_view path) const;
  bool has_folder(std::string_view path) const;  // "." always exists

  const Files& files() const { return files_; }
  const std::set<std::string, std::less<>>& empty_folders() const { return folders_; }
  bool empty() const { return files_.empty() && folders_.empty(); }
  size_t total_bytes() const;

  // Names directly in `folder`, sorted; sub-folders end in "/".
  std::vector<std::string> list(std::string_view folder) const;
  // The part below `folder`, with paths relative to it.
  FileTree subtree(std::string_view folder) const;

  friend bool operator==(const FileTree&, const FileTree&) = default;

 private:
  Files files_;
  std::set<std::string, std::less<>> folders_;
};

}  // namespace fleet
