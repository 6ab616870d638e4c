#include "fleet/bundle/scan.h"

#include <algorithm>

#include "base/strings.h"
#include "text/glob.h"

namespace fleet::bundle {

namespace {

std::vector<std::string> folders_in(const FileTree& tree, const std::string& folder) {
  std::vector<std::string> out;
  for (std::string& name : tree.list(folder)) {
    if (!name.ends_with('/')) continue;
    name.pop_back();
    out.push_back(std::move(name));
  }
  std::ranges::sort(out);
  return out;
}

bool has_options_file(const FileTree& tree, const std::string& folder) {
  return tree.entry(join_path(folder, "fleet.yaml")) || tree.entry(join_path(folder, "fleet.yml"));
}

// Whether a folder holds YAML that no fleet.yaml below it speaks for.
bool has_yaml(const FileTree& tree, const std::string& folder) {
  if (has_options_file(tree, folder)) return false;
  for (const std::string& name : tree.list(folder)) {
    if (name.ends_with('/')) {
      if (has_yaml(tree, join_path(folder, name))) return true;
    } else if (extension(name) == ".yaml" || extension(name) == ".yml") {
      return true;
    }
  }
  return false;
}

bool is_pattern(std::string_view text) {
  return text.find_first_of("*?[\\") != std::string_view::npos;
}

// As Go's filepath.Glob, folders alone.
Result<std::vector<std::string>> glob_folders(const FileTree& tree, const std::string& pattern) {
  TRY(text::path_match(pattern, ""));
  std::vector<std::string> out;
  if (!is_pattern(pattern)) {
    std::string path = clean_path(pattern);
    if (tree.has_folder(path)) out.push_back(pattern);
    return out;
  }
  std::vector<std::string> parents{"."};
  if (std::string parent = dir_name(pattern); parent != ".") {
    parents = TRY(glob_folders(tree, parent));
  }
  for (const std::string& parent : parents) {
    for (const std::string& name : folders_in(tree, parent)) {
      if (TRY(text::path_match(base_name(pattern), name))) out.push_back(join_path(parent, name));
    }
  }
  return out;
}

void walk(const FileTree& tree,
          const std::string& folder,
          bool is_root,
          std::vector<BundleFolder>& out) {
  bool is_bundle = has_options_file(tree, folder) || (is_root && has_yaml(tree, folder));
  if (is_bundle) out.push_back({folder, {}});
  for (const std::string& name : folders_in(tree, folder)) {
    if (name != ".git") walk(tree, join_path(folder, name), false, out);
  }
}

}  // namespace

Result<std::vector<BundleFolder>> scan_classic(const FileTree& tree,
                                               const std::vector<std::string>& paths) {
  std::vector<BundleFolder> out;
  for (const std::string& path : paths) {
    std::string pattern(trim_left(path, "/"));
    auto folders = TRY(glob_folders(tree, pattern).within(cat("invalid path glob ", path)));
    for (const std::string& folder : folders) {
      if (base_name(folder) != ".git") walk(tree, folder, true, out);
    }
  }
  return out;
}

Result<std::vector<BundleFolder>> scan_driven(const std::vector<std::string>& paths,
                                              std::string_view separator) {
  std::vector<BundleFolder> out;
  for (const std::string& path : paths) {
    std::vector<std::string_view> parts = split(path, separator);
    if (parts.size() > 2) {
      return Error{Code::Invalid, cat("invalid bundle path: ", quote(path))};
    }
    out.push_back({std::string(parts[0]), parts.size() == 2 ? std::string(parts[1]) : ""});
  }
  return out;
}

}  // namespace fleet::bundle
