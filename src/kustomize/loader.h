// Loader: reads files for one kustomization, below its root, and knows who asked for it.
//
// Limits, each a build: folders inside each other; folders, bytes and documents read, however often
// the same.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "kustomize/build.h"
#include "kustomize/files.h"

namespace fleet::kustomize {

inline constexpr int kMaxFolderDepth = 200;   // bases of bases
inline constexpr size_t kMaxFolders = 2'000;  // visits: a base that two others name counts twice
inline constexpr size_t kMaxReadBytes = size_t{256} << 20;
inline constexpr size_t kMaxDocuments = 50'000;  // YAML documents; a file has at least one

class Loader {
 public:
  // The loader of the top folder. Errors: as the original words them.
  static Result<Loader> open(const Files& files, std::string_view path, LoadFrom load);

  // The folder, absolute and with links resolved.
  const std::string& root() const { return root_; }

  // The bytes of a file; RequestEntityTooLarge behind the limits. Relative paths are below the
  // root; with LoadFrom::RootOnly all must be. Errors: "security; file 'x' is not in or below 'y'",
  // "'x' must resolve to a file".
  Result<std::string> load(std::string_view path) const;

  // A loader for another folder, relative to the root. Lifetime: shorter than this loader's.
  // Errors: cycles, absolute paths, what is no folder; remote ones are Unsupported.
  Result<Loader> descend(std::string_view path) const;

 private:
  // What all loaders of a build have used together. Kept by the first.
  struct Used {
    size_t folders = 0;
    size_t bytes = 0;
    size_t documents = 0;
  };
  Loader(const Files& files, std::string root, LoadFrom load, const Loader* referrer)
      : files_(&files),
        root_(std::move(root)),
        load_(load),
        referrer_(referrer),
        depth_(referrer == nullptr ? 0 : referrer->depth_ + 1),
        own_used_(referrer == nullptr ? std::make_unique<Used>() : nullptr),
        used_(referrer == nullptr ? own_used_.get() : referrer->used_) {}
  Result<std::string> read(std::string_view path) const;

  const Files* files_;
  std::string root_;
  LoadFrom load_;
  const Loader* referrer_;
  int depth_;
  std::unique_ptr<Used> own_used_;
  Used* used_;
};

// True for what the original would clone: "https://host/a/b", "git@host:a/b", "github.com/a/b".
bool is_git_url(std::string_view path);

}  // namespace fleet::kustomize
