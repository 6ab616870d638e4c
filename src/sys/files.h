// Files and folders of the operating system.
//
// Errors: NotFound, AlreadyExists, Forbidden (permission), InsufficientStorage (disk full),
// RequestEntityTooLarge (over a limit), else InternalError; each names the path.
// Paths are byte strings as given; relative ones are below the current folder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/file_tree.h"
#include "base/result.h"
#include "base/time.h"
#include "sys/unique_fd.h"

namespace fleet::sys {

inline constexpr size_t kMaxFileBytes = size_t{256} << 20;

Result<std::string> read_file(const std::string& path, size_t max_bytes = kMaxFileBytes);

enum class Sync { No, Yes };  // Yes: on disk before the call returns, the name too
// Writes beside it and renames: a reader sees the old or the new bytes, never a part.
Result<> write_file(const std::string& path,
                    std::string_view bytes,
                    unsigned mode = 0644,
                    Sync sync = Sync::No);
Result<> append_file(const std::string& path, std::string_view bytes, unsigned mode = 0644);

struct FileInfo {
  enum class Kind { File, Folder, Link, Other };
  Kind kind = Kind::Other;
  uint64_t bytes = 0;
  unsigned mode = 0;  // permission bits
  TimePoint changed;
};
Result<FileInfo> file_info(const std::string& path);  // of a link itself
bool path_exists(const std::string& path);            // follows links

// Names in a folder, sorted, without "." and "..".
Result<std::vector<std::string>> list_folder(const std::string& path);
Result<> make_folders(const std::string& path, unsigned mode = 0755);  // also the missing parents
Result<> rename_path(const std::string& from, const std::string& to);
Result<> remove_path(const std::string& path);  // a file or an empty folder
Result<> remove_all(const std::string& path);   // what is not there is removed already
Result<> sync_folder(const std::string& path);
Result<std::string> real_path(const std::string& path);
Result<std::string> current_folder();

// A folder under $TMPDIR (or /tmp), removed with all that is in it.
class TempFolder {
 public:
  static Result<TempFolder> make(std::string_view prefix = "fleet");
  TempFolder(TempFolder&& other) noexcept
      : path_(std::exchange(other.path_, {})) {}
  TempFolder& operator=(TempFolder&& other) noexcept;
  ~TempFolder();
  const std::string& path() const { return path_; }
  std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  explicit TempFolder(std::string path)
      : path_(std::move(path)) {}
  std::string path_;
};

// A lock file that holds its owner's pid. The kernel frees it when the process ends, however.
class LockFile {
 public:
  // Conflict when another process has it: "/data/lock: held by process 4711".
  static Result<LockFile> take(const std::string& path);

 private:
  explicit LockFile(UniqueFd fd)
      : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

struct TreeLimits {
  size_t max_files = 100'000;
  size_t max_total_bytes = size_t{1} << 30;
  size_t max_depth = 100;
};
enum class Links {
  Keep,    // as Mode::Link, not followed
  Follow,  // replaced by what they name, if that is inside the root; else refused (Invalid)
};
// A folder as a FileTree. Folders named ".git" are left out at any depth. Files that are neither
// plain, folder nor link are left out.
Result<FileTree> read_tree(const std::string& path,
                           const TreeLimits& limits = {},
                           Links links = Links::Keep);
// Writes a tree below an existing or new folder. A link whose target leaves the folder is refused.
Result<> write_tree(const FileTree& tree, const std::string& path);

}  // namespace fleet::sys
