#include "controller/gitjob/disk_surroundings.h"

#include "base/strings.h"
#include "fleet/bundle/source.h"
#include "helm/chart/chart.h"
#include "helm/repo/download.h"
#include "sys/files.h"

namespace fleet::gitjob {

namespace {

Error no_such(std::string_view doing, std::string_view path) {
  return {Code::NotFound, cat(doing, " ", path, ": no such file or directory")};
}

// Limit on folders inside each other, against links that lead round in circles.
constexpr int kMaxDepth = 100;

Result<> add_names(const std::string& root, const std::string& path, int depth, FileTree& out) {
  if (depth > kMaxDepth) return Error{Code::Invalid, cat(path, ": too many folders")};
  for (const std::string& name : TRY(sys::list_folder(join_path(root, path)))) {
    std::string child = join_path(path, name);
    sys::FileInfo info = TRY(sys::file_info(join_path(root, child)));
    if (info.kind == sys::FileInfo::Kind::Folder) {
      if (name == ".git") continue;
      TRY(out.add_folder(child));
      TRY(add_names(root, child, depth + 1, out));
    } else {
      bool is_link = info.kind == sys::FileInfo::Kind::Link;
      TRY(out.add(child, "", is_link ? FileTree::Mode::Link : FileTree::Mode::Plain));
    }
  }
  return {};
}

}  // namespace

Result<FileTree> read_names(const std::string& path) {
  FileTree out;
  TRY(add_names(path, ".", 0, out));
  return out;
}

std::string DiskSurroundings::place(const std::string& path) const {
  return root_.empty() || path.starts_with('/') ? path : join_path(root_, path);
}

Result<std::string> DiskSurroundings::read_file(const std::string& path) {
  std::string where = place(path);
  if (!sys::path_exists(where)) return no_such("open", path);
  return sys::read_file(where);
}

bool DiskSurroundings::exists(const std::string& path) {
  return sys::path_exists(place(path));
}

std::string DiskSurroundings::absolute(const std::string& path) {
  std::string where = place(path);
  if (where.starts_with('/')) return clean_path(where);
  Result<std::string> folder = sys::current_folder();
  return folder.ok() ? join_path(*folder, where) : clean_path(where);
}

Result<FileTree> DiskSurroundings::read_folder(const std::string& path) {
  return sys::read_tree(absolute(path));
}

Result<FileTree> DiskSurroundings::fetch_local(const std::string& path,
                                               const std::string& sub_dir) {
  Result<std::string> real = sys::real_path(place(path));
  if (!real.ok()) return no_such("stat", path);
  sys::FileInfo info = TRY(sys::file_info(*real));
  if (info.kind == sys::FileInfo::Kind::Folder) {
    return read_folder(sub_dir.empty() ? path : join_path(path, sub_dir));
  }
  FileTree files = TRY(helm::unpack(base_name(path), TRY(read_file(path))));
  return sub_dir.empty() ? files : files.subtree(sub_dir);
}

Result<FileTree> DiskSurroundings::fetch(const std::string& base,
                                         const std::string& source,
                                         const std::string& version,
                                         const bundle::Auth& auth) {
  if (source.starts_with("oci://")) return charts_.fetch(source, version, auth);
  bundle::ParsedSource parsed = TRY(bundle::parse_source(source, absolute(base)));
  if (parsed.scheme != bundle::ParsedSource::Scheme::Local) {
    return charts_.fetch(source, version, auth);
  }
  return fetch_local(parsed.url, parsed.sub_dir);
}

Result<FileTree> DiskSurroundings::update_dependencies(const std::string& path,
                                                       const FileTree& chart) {
  constexpr std::string_view kFile = "file://";
  helm::Chart loaded = TRY(helm::load(chart));
  FileTree out;
  for (const auto& dependency : loaded.metadata->dependencies) {
    if (!dependency) continue;
    if (!dependency->repository.starts_with(kFile)) {
      TRY(charts_.add_dependency(*dependency, out));
      continue;
    }
    std::string folder = join_path(path, dependency->repository.substr(kFile.size()));
    FileTree files = TRY(read_folder(folder));
    for (const auto& [name, file] : files.files()) {
      std::string to = join_path(cat("charts/", dependency->name), name);
      TRY(out.add(to, file.bytes, file.mode));
    }
  }
  return out;
}

}  // namespace fleet::gitjob
