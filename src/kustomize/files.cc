#include "kustomize/files.h"

#include "base/strings.h"

namespace fleet::kustomize {
namespace {

std::string inside(std::string_view path) {
  std::string clean = clean_path(path);
  std::string_view rest = clean;
  while (rest.starts_with('/'))
    rest.remove_prefix(1);
  return rest.empty() ? "." : std::string(rest);
}

}  // namespace

Result<std::string> TreeFiles::read(std::string_view path) const {
  if (const std::string* bytes = tree_.file(inside(path))) return *bytes;
  if (is_folder(path)) return Error(Code::Invalid, cat("'", path, "' is a directory"));
  return Error(Code::NotFound, cat("'", path, "' doesn't exist"));
}

bool TreeFiles::exists(std::string_view path) const {
  return tree_.file(inside(path)) != nullptr || is_folder(path);
}

bool TreeFiles::is_folder(std::string_view path) const {
  return tree_.has_folder(inside(path));
}

Result<Files::Clean> TreeFiles::clean(std::string_view path) const {
  const std::string name = inside(path);
  if (is_folder(path)) return Clean{name == "." ? "/" : cat("/", name), ""};
  if (tree_.file(name) == nullptr) return Error(Code::NotFound, cat("'", path, "' doesn't exist"));
  std::string folder(dir_name(name));
  return Clean{folder == "." ? "/" : cat("/", folder), std::string(base_name(name))};
}

}  // namespace fleet::kustomize
