#include "kustomize/loader.h"

#include <utility>

#include "base/strings.h"

namespace fleet::kustomize {
namespace {

// As Go's filepath.Join of an absolute folder and a relative path.
std::string joined(std::string_view root, std::string_view path) {
  return clean_path(cat(root, "/", path));
}

// As the original compares folders: as texts with a "/" behind each.
bool is_in_or_below(std::string_view folder, std::string_view root) {
  if (root == "/" || root == folder) return true;
  return folder.size() > root.size() && folder.starts_with(root) && folder[root.size()] == '/';
}

bool starts_with_fold(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && equal_fold(text.substr(0, prefix.size()), prefix);
}

bool is_http(std::string_view path) {
  return starts_with_fold(path, "http://") || starts_with_fold(path, "https://");
}

Error remote_refused(std::string_view path) {
  return Error(Code::Unsupported,
               cat("remote base '", path, "' is refused: only local folders are built"));
}

}  // namespace

bool is_git_url(std::string_view path) {
  if (path.starts_with('/')) return false;
  std::string_view rest = path;
  if (starts_with_fold(rest, "git::")) rest.remove_prefix(5);
  for (std::string_view scheme : {"ssh://", "https://", "http://", "file://"}) {
    if (starts_with_fold(rest, scheme)) return rest.size() > scheme.size();
  }
  if (starts_with_fold(rest, "github.com/") || starts_with_fold(rest, "github.com:")) {
    return split(rest.substr(11), '/').size() >= 2;
  }
  size_t at = rest.find('@');
  size_t colon = rest.find(':');
  return at != std::string_view::npos && colon != std::string_view::npos && at < colon &&
         rest.find('/') > colon && at > 0;
}

Result<Loader> Loader::open(const Files& files, std::string_view path, LoadFrom load) {
  if (is_git_url(path)) return remote_refused(path);
  if (path.empty()) return Error(Code::Invalid, "unable to find a path");
  auto clean = TRY(files.clean(path));
  if (!clean.file.empty()) {
    return Error(Code::Invalid, cat("'", path, "' is not a directory"));
  }
  return Loader(files, std::move(clean.folder), load, nullptr);
}

Result<std::string> Loader::load(std::string_view path) const {
  if (is_http(path)) {
    return Error(Code::Unsupported,
                 cat("remote file '", path, "' is refused: only local files are read"));
  }
  std::string absolute = path.starts_with('/') ? std::string(path) : joined(root_, path);
  if (load_ == LoadFrom::Anywhere) return read(absolute);
  auto clean = TRY(files_->clean(absolute));
  if (clean.file.empty())
    return Error(Code::Invalid, cat("'", absolute, "' must resolve to a file"));
  if (!is_in_or_below(clean.folder, root_)) {
    return Error(Code::Forbidden,
                 cat("security; file '", absolute, "' is not in or below '", root_, "'"));
  }
  return read(joined(clean.folder, clean.file));
}

Result<std::string> Loader::read(std::string_view path) const {
  std::string bytes = TRY(files_->read(path));
  used_->bytes += bytes.size();
  if (used_->bytes > kMaxReadBytes) {
    return Error(Code::RequestEntityTooLarge,
                 cat("the build reads more than ", kMaxReadBytes, " bytes"));
  }
  ++used_->documents;
  for (size_t at = bytes.find("\n---"); at != std::string::npos; at = bytes.find("\n---", at + 4))
    ++used_->documents;
  if (used_->documents > kMaxDocuments) {
    return Error(Code::RequestEntityTooLarge,
                 cat("the build reads more than ", kMaxDocuments, " documents"));
  }
  return bytes;
}

Result<Loader> Loader::descend(std::string_view path) const {
  if (path.empty()) return Error(Code::Invalid, "new root cannot be empty");
  if (is_git_url(path)) return remote_refused(path);
  if (path.starts_with('/'))
    return Error(Code::Invalid, cat("new root '", path, "' cannot be absolute"));
  const std::string absolute = joined(root_, path);
  auto clean = files_->clean(absolute);
  if (!clean.ok()) {
    return Error(Code::NotFound,
                 cat("must build at directory: not a valid directory: ", clean.error().message()));
  }
  if (!clean->file.empty()) {
    return Error(Code::Invalid,
                 cat("must build at directory: '", absolute, "': file is not directory"));
  }
  for (const Loader* at = this; at != nullptr; at = at->referrer_) {
    if (is_in_or_below(at->root_, clean->folder)) {
      return Error(Code::Invalid,
                   cat("cycle detected: candidate root '",
                       clean->folder,
                       "' contains visited root '",
                       at->root_,
                       "'"));
    }
  }
  if (depth_ >= kMaxFolderDepth) {
    return Error(Code::Invalid, cat("more than ", kMaxFolderDepth, " folders refer to each other"));
  }
  if (++used_->folders > kMaxFolders) {
    return Error(Code::RequestEntityTooLarge,
                 cat("the build visits more than ", kMaxFolders, " folders"));
  }
  return Loader(*files_, std::move(clean->folder), load_, this);
}

}  // namespace fleet::kustomize
