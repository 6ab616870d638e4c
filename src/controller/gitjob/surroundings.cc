#include "controller/gitjob/surroundings.h"

#include <utility>

#include "base/strings.h"
#include "fleet/bundle/folder.h"
#include "fleet/bundle/source.h"
#include "helm/chart/chart.h"
#include "helm/repo/download.h"
#include "sys/files.h"
#include "text/url.h"

namespace fleet::gitjob {

namespace {

constexpr std::string_view kOci = "oci://";

helm::RepoAuth repo_auth(const bundle::Auth& auth) {
  return {.username = auth.username,
          .password = auth.password,
          .ca_bundle = auth.ca_bundle,
          .insecure_skip_verify = auth.insecure_skip_verify};
}

Error no_such(std::string_view doing, std::string_view path) {
  return {Code::NotFound, cat(doing, " ", path, ": no such file or directory")};
}

bool has_scheme(std::string_view text, std::string_view scheme) {
  return text.starts_with(scheme);
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

Result<std::string> NetworkSurroundings::chart_url(const api::HelmOptions& chart,
                                                   const bundle::Auth& auth) {
  if (has_scheme(chart.repo, kOci)) return chart.repo;
  if (chart.repo.empty()) return chart.chart;
  helm::RepoIndex index = TRY(helm::fetch_index(ctx_, chart.repo, repo_auth(auth)));
  helm::ChartVersion found = TRY(index.find(chart.chart, chart.version));
  if (found.urls.empty()) {
    return Error{
        Code::NotFound,
        cat("no URLs found for chart ", found.name, " ", found.version, " at ", chart.repo)};
  }
  return bundle::absolute_chart_url(chart.repo, found.urls.front());
}

Result<FileTree> NetworkSurroundings::fetch_local(const std::string& path,
                                                  const std::string& sub_dir) {
  std::string folder = sub_dir.empty() ? path : join_path(path, sub_dir);
  switch (kind_of(path)) {
    case PathKind::Missing:
      return no_such("stat", path);
    case PathKind::Folder:
      return read_folder(folder);
    case PathKind::File:
      break;
  }
  FileTree files = TRY(helm::unpack(base_name(path), TRY(read_file(path))));
  return sub_dir.empty() ? files : files.subtree(sub_dir);
}

Result<FileTree> NetworkSurroundings::fetch(const std::string& base,
                                            const std::string& source,
                                            const std::string&,
                                            const bundle::Auth& auth) {
  if (has_scheme(source, kOci)) {
    return Error{Code::Unsupported, "charts in registries cannot be bundled; use a HelmOp"};
  }
  bundle::ParsedSource parsed = TRY(bundle::parse_source(source, absolute(base)));
  if (parsed.scheme == bundle::ParsedSource::Scheme::Local) {
    return fetch_local(parsed.url, parsed.sub_dir);
  }
  if (parsed.scheme == bundle::ParsedSource::Scheme::Git) {
    return Error{Code::Unsupported, "charts in other git repositories cannot be bundled"};
  }
  FileTree files = TRY(helm::fetch_files(ctx_, parsed.url, repo_auth(auth)));
  if (parsed.sub_dir.empty()) return files;
  if (!is_local_path(parsed.sub_dir)) {
    return Error{Code::Invalid,
                 cat("invalid subdir ",
                     quote(parsed.sub_dir),
                     ": subdir ",
                     quote(parsed.sub_dir),
                     " escapes base directory")};
  }
  return files.subtree(parsed.sub_dir);
}

Result<FileTree> NetworkSurroundings::update_dependencies(const std::string& path,
                                                          const FileTree& chart) {
  helm::Chart loaded = TRY(helm::load(chart));
  FileTree out;
  for (const auto& dependency : loaded.metadata->dependencies) {
    if (!dependency) continue;
    api::HelmOptions wanted;
    wanted.chart = dependency->name;
    wanted.repo = dependency->repository;
    wanted.version = dependency->version;
    if (wanted.repo.empty()) continue;  // lies in charts/ already
    std::string folder = cat("charts/", wanted.chart);
    if (has_scheme(wanted.repo, "file://")) {
      std::string place = join_path(path, wanted.repo.substr(std::string_view("file://").size()));
      FileTree files = TRY(read_folder(place));
      for (const auto& [name, file] : files.files()) {
        TRY(out.add(join_path(folder, name), file.bytes, file.mode));
      }
      continue;
    }
    if (has_scheme(wanted.repo, kOci)) {
      return Error{Code::Unsupported,
                   cat("dependency ", wanted.chart, " lies in a registry: put it into charts/")};
    }
    std::string url = TRY(chart_url(wanted, {}));
    std::string archive = TRY(helm::download(ctx_, url, {}));
    TRY(out.add(cat("charts/", base_name(url)), std::move(archive)));
  }
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

NetworkSurroundings::PathKind DiskSurroundings::kind_of(const std::string& path) {
  Result<std::string> real = sys::real_path(place(path));
  if (!real.ok()) return PathKind::Missing;
  Result<sys::FileInfo> info = sys::file_info(*real);
  if (!info.ok()) return PathKind::Missing;
  return info->kind == sys::FileInfo::Kind::Folder ? PathKind::Folder : PathKind::File;
}

std::string TreeSurroundings::inside(const std::string& path) const {
  if (!path.starts_with('/')) return clean_path(path);
  std::string clean = clean_path(path);
  if (clean == place_) return ".";
  return clean.starts_with(place_ + "/") ? clean.substr(place_.size() + 1) : "..";
}

Result<std::string> TreeSurroundings::read_file(const std::string& path) {
  bundle::Followed found = bundle::follow(tree_, inside(path), place_);
  if (found.kind != bundle::Followed::Kind::File) return no_such("open", path);
  return *tree_.file(found.path);
}

bool TreeSurroundings::exists(const std::string& path) {
  return kind_of(path) != PathKind::Missing;
}

std::string TreeSurroundings::absolute(const std::string& path) {
  return path.starts_with('/') ? clean_path(path) : join_path(place_, path);
}

Result<FileTree> TreeSurroundings::read_folder(const std::string& path) {
  bundle::Followed found = bundle::follow(tree_, inside(path), place_);
  if (found.kind != bundle::Followed::Kind::Folder) return no_such("stat", absolute(path));
  return tree_.subtree(found.path);
}

NetworkSurroundings::PathKind TreeSurroundings::kind_of(const std::string& path) {
  switch (bundle::follow(tree_, inside(path), place_).kind) {
    case bundle::Followed::Kind::File:
      return PathKind::File;
    case bundle::Followed::Kind::Folder:
      return PathKind::Folder;
    case bundle::Followed::Kind::Missing:
    case bundle::Followed::Kind::Outside:
      break;
  }
  return PathKind::Missing;
}

}  // namespace fleet::gitjob
