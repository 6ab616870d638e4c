// The files of a commit that is in the program's repository, and those of its submodules.
#pragma once

#include <string>
#include <vector>

#include "base/file_tree.h"
#include "wire/git/program.h"
#include "wire/git/remote.h"
#include "wire/git/url.h"

namespace fleet::git {

class FileReader {
 public:
  FileReader(const Program& program, const Limits& limits)
      : program_(program),
        limits_(limits) {}

  // Adds the commit's files below `folder` ("" or "a/b"). `url` is where the commit came from.
  Result<> read(const Context& ctx,
                const std::string& commit,
                const std::string& folder,
                const RemoteUrl& url,
                int depth);
  FileTree take() { return std::move(tree_); }

 private:
  struct Entry {
    std::string mode;
    std::string id;
    size_t size = 0;
    std::string path;
  };
  Result<std::vector<Entry>> list(const Context& ctx, const std::string& commit);
  Result<> read_blobs(const Context& ctx,
                      const std::vector<Entry>& blobs,
                      const std::string& folder);
  Result<> read_submodules(const Context& ctx,
                           const std::string& commit,
                           const std::vector<Entry>& modules,
                           const std::string& folder,
                           const RemoteUrl& url,
                           int depth);
  Result<> fetch_submodule(const Context& ctx, const RemoteUrl& url, const std::string& commit);

  const Program& program_;
  const Limits& limits_;
  FileTree tree_;
  size_t files_ = 0;
  size_t bytes_ = 0;
};

}  // namespace fleet::git
