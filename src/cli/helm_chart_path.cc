#include "cli/helm_chart_path.h"

#include "base/file_tree.h"
#include "base/strings.h"
#include "codec/gzip.h"
#include "sys/files.h"

namespace fleet::cli {
namespace {

Error refuse(std::string message) {
  return Error(Code::Invalid, std::move(message));
}

// What Go's http.DetectContentType would say of a file that is no archive.
std::string_view content_type(std::string_view bytes) {
  for (char c : bytes.substr(0, 512)) {
    auto byte = static_cast<unsigned char>(c);
    bool text = byte >= 0x20 || byte == '\t' || byte == '\n' || byte == '\r' || byte == '\f' ||
                byte == 0x1B;
    if (!text) return "application/octet-stream";
  }
  return "text/plain; charset=utf-8";
}

Result<helm::Chart> load_archive_file(const std::string& path) {
  std::string bytes = TRY(sys::read_file(path));
  if (!codec::is_gzip(bytes)) {
    if (path.ends_with(".yml") || path.ends_with(".yaml")) {
      return refuse(
          cat("file '", path, "' seems to be a YAML file, but expected a gzipped archive"));
    }
    return refuse(cat("file '",
                      path,
                      "' does not appear to be a gzipped archive; got '",
                      content_type(bytes),
                      "'"));
  }
  auto files = helm::read_archive(bytes);
  if (!files.ok()) {
    const std::string& why = files.error().message();
    if (why != "gzip: invalid header") return refuse("unable to load chart archive");
    return refuse(
        cat("file '", path, "' does not appear to be a valid chart file (details: ", why, ")"));
  }
  return helm::load_archive(bytes);
}

Result<helm::Chart> load_folder(const std::string& path) {
  std::string chart_yaml = path + "/Chart.yaml";
  if (!sys::path_exists(chart_yaml)) {
    return refuse(cat("unable to detect chart at ",
                      chart_yaml,
                      ": open ",
                      chart_yaml,
                      ": no such file or directory"));
  }
  return helm::load(TRY(sys::read_tree(path, {}, sys::Links::Follow)));
}

Error not_found(const std::string& name) {
  if (name.starts_with('/') || name.starts_with('.')) {
    return Error(Code::NotFound, cat("path ", quote(name), " not found"));
  }
  if (contains(name, "://")) {
    return Error(Code::Unsupported, cat(name, ": charts are read from this machine only"));
  }
  if (auto parts = cut(name, "/")) {
    return Error(Code::NotFound, cat("repo ", parts->before, " not found"));
  }
  return Error(Code::NotFound,
               cat("non-absolute URLs should be in form of repo_name/path_to_chart, got: ", name));
}

}  // namespace

Result<helm::Chart> load_chart_path(const std::string& name) {
  std::string trimmed(trim(name));
  if (!sys::path_exists(trimmed)) return not_found(trimmed);
  std::string path = trimmed;
  if (!path.starts_with('/')) path = cat(TRY(sys::current_folder()), "/", path);
  path = clean_path(path);
  auto info = TRY(sys::file_info(TRY(sys::real_path(path))));
  bool folder = info.kind == sys::FileInfo::Kind::Folder;
  return folder ? load_folder(path) : load_archive_file(path);
}

}  // namespace fleet::cli
