// Folder <-> FileTree.
#include <cerrno>
#include <climits>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

#include "base/strings.h"
#include "sys/files.h"
#include "sys/wait_fd.h"

namespace fleet::sys {
namespace {

Result<std::string> link_target(const std::string& path) {
  char buffer[PATH_MAX];
  const ssize_t n = ::readlink(path.c_str(), buffer, sizeof buffer);
  if (n < 0) return system_error(errno, cat("read link ", path));
  return std::string(buffer, static_cast<size_t>(n));
}

class TreeReader {
 public:
  TreeReader(std::string root, const TreeLimits& limits, Links links)
      : root_(std::move(root)),
        limits_(limits),
        links_(links) {}

  Result<> folder(const std::string& path, const std::string& name, size_t depth) {
    if (depth > limits_.max_depth) {
      return Error{Code::RequestEntityTooLarge,
                   cat(path, ": more than ", limits_.max_depth, " folders deep")};
    }
    const std::vector<std::string> names = TRY(list_folder(path));
    if (names.empty() && !name.empty()) TRY(tree_.add_folder(name));
    for (const std::string& child : names) {
      if (child == ".git") continue;
      TRY(entry(path + "/" + child, name.empty() ? child : name + "/" + child, depth));
    }
    return {};
  }

  FileTree take() { return std::move(tree_); }

 private:
  Result<> entry(const std::string& path, const std::string& name, size_t depth) {
    const FileInfo info = TRY(file_info(path));
    switch (info.kind) {
      case FileInfo::Kind::Folder:
        return folder(path, name, depth + 1);
      case FileInfo::Kind::File:
        return file(path, name, info.mode);
      case FileInfo::Kind::Link:
        return link(path, name, depth);
      case FileInfo::Kind::Other:
        return {};
    }
    return {};
  }

  Result<> link(const std::string& path, const std::string& name, size_t depth) {
    if (links_ == Links::Keep) return add(name, TRY(link_target(path)), FileTree::Mode::Link);
    const std::string target = TRY(real_path(path));
    if (target != root_ && !target.starts_with(root_ + "/")) {
      return Error{Code::Invalid, cat(name, ": link leads out of the folder")};
    }
    // A link to a folder above itself is found by the depth limit.
    const FileInfo info = TRY(file_info(target));
    if (info.kind == FileInfo::Kind::Folder) return folder(target, name, depth + 1);
    if (info.kind == FileInfo::Kind::File) return file(target, name, info.mode);
    return {};
  }

  Result<> file(const std::string& path, const std::string& name, unsigned mode) {
    auto bytes = TRY(read_file(path, limits_.max_total_bytes - total_));
    return add(name,
               std::move(bytes),
               (mode & 0111) != 0 ? FileTree::Mode::Executable : FileTree::Mode::Plain);
  }

  Result<> add(const std::string& name, std::string bytes, FileTree::Mode mode) {
    if (++files_ > limits_.max_files) {
      return Error{Code::RequestEntityTooLarge,
                   cat(root_, ": more than ", limits_.max_files, " files")};
    }
    total_ += bytes.size();
    if (total_ > limits_.max_total_bytes) {
      return Error{Code::RequestEntityTooLarge,
                   cat(root_, ": more than ", limits_.max_total_bytes, " bytes")};
    }
    return tree_.add(name, std::move(bytes), mode);
  }

  const std::string root_;
  const TreeLimits& limits_;
  const Links links_;
  FileTree tree_;
  size_t files_ = 0;
  size_t total_ = 0;
};

// A link in a tree may not point out of it: an absolute target, or one that climbs above the root.
bool stays_inside(std::string_view link_path, std::string_view target) {
  if (target.empty() || target.starts_with("/")) return false;
  return is_local_path(join_path(dir_name(link_path), target));
}

}  // namespace

Result<FileTree> read_tree(const std::string& path, const TreeLimits& limits, Links links) {
  const std::string root = TRY(real_path(path));
  TreeReader reader(root, limits, links);
  TRY(reader.folder(root, "", 1));
  return reader.take();
}

Result<> write_tree(const FileTree& tree, const std::string& path) {
  TRY(make_folders(path));
  for (const std::string& folder : tree.empty_folders())
    TRY(make_folders(path + "/" + folder));
  // Links last: no file is then written through one.
  for (const auto& [name, file] : tree.files()) {
    if (file.mode == FileTree::Mode::Link) continue;
    const std::string target = path + "/" + name;
    TRY(make_folders(path + "/" + dir_name(name)));
    TRY(write_file(target, file.bytes, file.mode == FileTree::Mode::Executable ? 0755 : 0644));
  }
  for (const auto& [name, file] : tree.files()) {
    if (file.mode != FileTree::Mode::Link) continue;
    if (!stays_inside(name, file.bytes)) {
      return Error{Code::Invalid, cat(name, ": link leads out of the folder")};
    }
    const std::string target = path + "/" + name;
    TRY(make_folders(path + "/" + dir_name(name)));
    if (::symlink(file.bytes.c_str(), target.c_str()) != 0) {
      return system_error(errno, cat("link ", target));
    }
  }
  return {};
}

}  // namespace fleet::sys
