#include "base/file_tree.h"

#include <iterator>

#include "base/strings.h"

namespace fleet {
namespace {

// A relative path without empty names and without names that begin with a dot is clean as it is.
bool is_plainly_clean(std::string_view path) {
  char before = '/';
  for (const char c : path) {
    if (before == '/' && (c == '/' || c == '.')) return false;
    before = c;
  }
  return before != '/';
}

// Whether the file before this path, in the tree's order, lies in the same folder.
bool follows_sibling(const FileTree::Files& files, std::string_view path) {
  auto next = files.lower_bound(path);
  if (next == files.begin()) return false;
  std::string_view before = std::prev(next)->first;
  size_t slash = path.rfind('/');
  return slash != std::string_view::npos && before.rfind('/') == slash &&
         before.substr(0, slash) == path.substr(0, slash);
}

}  // namespace

std::string clean_path(std::string_view path) {
  if (is_plainly_clean(path)) return std::string(path);
  bool rooted = path.starts_with('/');
  std::vector<std::string_view> kept;
  for (std::string_view name : split(path, '/')) {
    if (name.empty() || name == ".") continue;
    bool up = name == "..";
    if (up && !kept.empty() && kept.back() != "..") {
      kept.pop_back();
    } else if (!up || !rooted) {
      kept.push_back(name);
    }
  }
  std::string out = (rooted ? "/" : "") + join(kept, "/");
  return out.empty() ? "." : out;
}

std::string join_path(std::string_view a, std::string_view b) {
  if (a.empty() && b.empty()) return "";
  if (a.empty()) return clean_path(b);
  if (b.empty()) return clean_path(a);
  return clean_path(cat(a, '/', b));
}

std::string_view base_name(std::string_view path) {
  if (path.empty()) return ".";
  path = trim_right(path, "/");
  if (path.empty()) return "/";
  auto parts = cut_last(path, "/");
  return parts ? parts->after : path;
}

std::string dir_name(std::string_view path) {
  size_t slash = path.rfind('/');
  return clean_path(slash == std::string_view::npos ? "" : path.substr(0, slash + 1));
}

std::string_view extension(std::string_view path) {
  size_t at = path.find_last_of("./");
  return at == std::string_view::npos || path[at] == '/' ? std::string_view() : path.substr(at);
}

bool is_local_path(std::string_view path) {
  std::string clean = clean_path(path);
  return !clean.starts_with('/') && clean != ".." && !clean.starts_with("../") &&
         path.find('\0') == std::string_view::npos;
}

Result<> FileTree::add(std::string_view path, std::string bytes, Mode mode) {
  std::string clean = clean_path(path);
  if (!is_local_path(path) || clean == ".") {
    return Error(Code::Invalid, cat(quote(path), " is not a path inside the folder"));
  }
  if (has_folder(clean)) return Error(Code::Invalid, cat(quote(path), " is a folder"));
  if (follows_sibling(files_, clean)) {  // its folder is one already
    files_.insert_or_assign(std::move(clean), File{std::move(bytes), mode});
    return {};
  }
  for (std::string parent = dir_name(clean); parent != "."; parent = dir_name(parent)) {
    if (files_.contains(parent)) return Error(Code::Invalid, cat(quote(parent), " is a file"));
    folders_.erase(parent);
  }
  files_.insert_or_assign(std::move(clean), File{std::move(bytes), mode});
  return {};
}

Result<> FileTree::add_folder(std::string_view path) {
  std::string clean = clean_path(path);
  if (!is_local_path(path)) {
    return Error(Code::Invalid, cat(quote(path), " is not a path inside the folder"));
  }
  for (std::string at = clean; at != "."; at = dir_name(at)) {
    if (files_.contains(at)) return Error(Code::Invalid, cat(quote(at), " is a file"));
    if (at != clean) folders_.erase(at);
  }
  if (!has_folder(clean)) folders_.insert(std::move(clean));
  return {};
}

bool FileTree::remove(std::string_view path) {
  auto at = files_.find(path);
  if (at == files_.end()) return false;
  files_.erase(at);
  return true;
}

const std::string* FileTree::file(std::string_view path) const {
  const File* found = entry(path);
  return found ? &found->bytes : nullptr;
}

const FileTree::File* FileTree::entry(std::string_view path) const {
  auto at = files_.find(path);
  if (at == files_.end()) at = files_.find(clean_path(path));
  return at == files_.end() ? nullptr : &at->second;
}

bool FileTree::has_folder(std::string_view path) const {
  std::string prefix = clean_path(path);
  if (prefix == ".") return true;
  if (folders_.contains(prefix)) return true;
  prefix += '/';
  auto file = files_.lower_bound(prefix);
  if (file != files_.end() && file->first.starts_with(prefix)) return true;
  auto folder = folders_.lower_bound(prefix);
  return folder != folders_.end() && folder->starts_with(prefix);
}

size_t FileTree::total_bytes() const {
  size_t total = 0;
  for (const auto& [path, file] : files_)
    total += file.bytes.size();
  return total;
}

std::vector<std::string> FileTree::list(std::string_view folder) const {
  std::string prefix = clean_path(folder) + "/";
  if (prefix == "./") prefix.clear();
  std::set<std::string> names;
  auto take = [&](std::string_view path, bool is_folder) {
    if (!path.starts_with(prefix) || path.size() == prefix.size()) return;
    std::string_view rest = path.substr(prefix.size());
    size_t slash = rest.find('/');
    if (slash != std::string_view::npos) {
      names.insert(std::string(rest.substr(0, slash + 1)));
    } else {
      names.insert(cat(rest, is_folder ? "/" : ""));
    }
  };
  for (auto at = files_.lower_bound(prefix); at != files_.end() && at->first.starts_with(prefix);
       ++at) {
    take(at->first, false);
  }
  for (const std::string& path : folders_)
    take(path, true);
  return {names.begin(), names.end()};
}

FileTree FileTree::subtree(std::string_view folder) const {
  std::string prefix = clean_path(folder) + "/";
  if (prefix == "./") return *this;
  FileTree out;
  for (auto at = files_.lower_bound(prefix); at != files_.end() && at->first.starts_with(prefix);
       ++at) {
    out.files_.emplace(at->first.substr(prefix.size()), at->second);
  }
  for (const std::string& path : folders_) {
    if (path.starts_with(prefix)) out.folders_.insert(path.substr(prefix.size()));
  }
  return out;
}

}  // namespace fleet
