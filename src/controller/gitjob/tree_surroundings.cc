#include "controller/gitjob/tree_surroundings.h"

#include <utility>

#include "base/strings.h"
#include "codec/tar.h"

namespace fleet::gitjob {
namespace {

// Where git jobs see the repository, in messages: as in upstream's container.
constexpr std::string_view kRoot = "/workspace/source";

Error missing(std::string_view doing, std::string_view path) {
  return Error(Code::NotFound, cat(doing, " ", path, ": no such file or directory"));
}

// A path inside of the repository: clean, without leading "/" or ".."; nothing when it leads out.
bool inside(const std::string& path, std::string& out) {
  out = clean_path(trim_left(path, "/"));
  return out == "." || is_local_path(out);
}

bool is_remote(std::string_view source) {
  return contains(source, "://") || contains(source, "::") || source.starts_with("git@") ||
         source.starts_with("github.com/") || source.starts_with("gitlab.com/") ||
         source.starts_with("bitbucket.org/");
}

}  // namespace

Result<std::string> NoCharts::url(const api::HelmOptions& chart, const bundle::Auth&) {
  if (chart.repo.empty()) return chart.chart;
  if (chart.repo.starts_with("oci://")) return chart.repo;
  return Error(Code::Unsupported,
               cat("chart ", chart.chart, " of ", chart.repo, " cannot be fetched here"));
}

Result<FileTree> NoCharts::fetch(const std::string& source,
                                 const std::string&,
                                 const bundle::Auth&) {
  return Error(Code::Unsupported, cat("chart ", source, " cannot be fetched here"));
}

Result<FileTree> NoCharts::update_dependencies(const std::string& path, const FileTree&) {
  return Error(Code::Unsupported,
               cat("dependencies of the chart in ", path, " cannot be fetched here"));
}

Result<std::string> TreeSurroundings::read_file(const std::string& path) {
  std::string at;
  if (inside(path, at)) {
    if (const std::string* text = tree_.file(at)) return *text;
  }
  return missing("open", path);
}

bool TreeSurroundings::exists(const std::string& path) {
  std::string at;
  return inside(path, at) && (tree_.entry(at) != nullptr || tree_.has_folder(at));
}

std::string TreeSurroundings::absolute(const std::string& path) {
  return join_path(kRoot, path);
}

Result<FileTree> TreeSurroundings::read_folder(const std::string& path) {
  std::string at;
  if (!inside(path, at) || !tree_.has_folder(at)) return missing("lstat", path);
  FileTree folder = at == "." ? tree_ : tree_.subtree(at);
  return folder;
}

Result<FileTree> TreeSurroundings::fetch(const std::string& base,
                                         const std::string& source,
                                         const std::string& version,
                                         const bundle::Auth& auth) {
  if (is_remote(source)) return charts_.fetch(source, version, auth);
  const std::string path = join_path(base, source);
  std::string at;
  if (!inside(path, at)) return missing("stat", absolute(path));
  if (const std::string* bytes = tree_.file(at)) {
    if (at.ends_with(".tgz") || at.ends_with(".tar.gz") || at.ends_with(".tar")) {
      return codec::untar_maybe_gzip(*bytes);
    }
    FileTree one;
    TRY(one.add(base_name(at), *bytes));
    return one;
  }
  if (!tree_.has_folder(at)) return missing("stat", absolute(path));
  return read_folder(path);
}

}  // namespace fleet::gitjob
