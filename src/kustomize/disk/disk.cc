#include "kustomize/disk/disk.h"

#include "base/strings.h"
#include "sys/files.h"

namespace fleet::kustomize {
namespace {

// Why a path cannot be resolved: the first part of it that is not there.
std::string first_missing(const std::string& path) {
  std::string known = "/";
  for (std::string_view part : split(path, '/')) {
    if (part.empty()) continue;
    std::string next = known == "/" ? cat("/", part) : cat(known, "/", part);
    auto real = sys::real_path(next);
    if (real.ok()) {
      known = std::move(real).value();
      continue;
    }
    auto info = sys::file_info(known);
    const bool in_file = info.ok() && info->kind != sys::FileInfo::Kind::Folder;
    return cat("lstat ", next, ": ", in_file ? "not a directory" : "no such file or directory");
  }
  return cat("lstat ", path, ": no such file or directory");
}

}  // namespace

std::string DiskFiles::absolute(std::string_view path) const {
  return path.starts_with('/') ? clean_path(path) : clean_path(cat(folder_, "/", path));
}

Result<std::string> DiskFiles::read(std::string_view path) const {
  const std::string full = absolute(path);
  auto bytes = sys::read_file(full);
  if (bytes.ok()) return bytes;
  if (is_folder(full)) return Error(Code::Invalid, cat("read ", full, ": is a directory"));
  return Error(Code::NotFound, cat("open ", full, ": no such file or directory"));
}

bool DiskFiles::exists(std::string_view path) const {
  return sys::path_exists(absolute(path));
}

bool DiskFiles::is_folder(std::string_view path) const {
  auto real = sys::real_path(absolute(path));
  if (!real.ok()) return false;
  auto info = sys::file_info(*real);
  return info.ok() && info->kind == sys::FileInfo::Kind::Folder;
}

Result<Files::Clean> DiskFiles::clean(std::string_view path) const {
  const std::string full = absolute(path);
  auto real = sys::real_path(full);
  if (!real.ok()) {
    return Error(Code::NotFound,
                 cat("evalsymlink failure on '", full, "' : ", first_missing(full)));
  }
  if (is_folder(*real)) return Clean{*real, ""};
  return Clean{std::string(dir_name(*real)), std::string(base_name(*real))};
}

}  // namespace fleet::kustomize
