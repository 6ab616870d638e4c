// Loader: reads files for one kustomization, below its root, and knows who asked for it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "kustomize/build.h"
#include "kustomize/files.h"

namespace fleet::kustomize {

class Loader {
 public:
  // The loader of the top folder. Errors: as the original words them.
  static Result<Loader> open(const Files& files, std::string_view path, LoadFrom load);

  // The folder, absolute and with links resolved.
  const std::string& root() const { return root_; }

  // The bytes of a file. Relative paths are below the root; with LoadFrom::RootOnly all must be.
  // Errors: "security; file 'x' is not in or below 'y'", "'x' must resolve to a file".
  Result<std::string> load(std::string_view path) const;

  // A loader for another folder, relative to the root. Lifetime: shorter than this loader's.
  // Errors: cycles, absolute paths, what is no folder; remote ones are Unsupported.
  Result<Loader> descend(std::string_view path) const;

 private:
  Loader(const Files& files, std::string root, LoadFrom load, const Loader* referrer)
      : files_(&files),
        root_(std::move(root)),
        load_(load),
        referrer_(referrer) {}

  const Files* files_;
  std::string root_;
  LoadFrom load_;
  const Loader* referrer_;
};

// True for what the original would clone: "https://host/a/b", "git@host:a/b", "github.com/a/b".
bool is_git_url(std::string_view path);

}  // namespace fleet::kustomize
