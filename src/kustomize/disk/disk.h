// DiskFiles: what a kustomize build reads from the machine's disk, with the original's error texts.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "kustomize/files.h"

namespace fleet::kustomize {

class DiskFiles : public Files {
 public:
  // Relative paths are below `folder`, which is absolute.
  explicit DiskFiles(std::string folder)
      : folder_(std::move(folder)) {}

  Result<std::string> read(std::string_view path) const override;
  bool exists(std::string_view path) const override;
  bool is_folder(std::string_view path) const override;
  // Links are resolved. Errors: "evalsymlink failure on '/x/y' : lstat /x/y: no such file or
  // directory".
  Result<Clean> clean(std::string_view path) const override;

 private:
  std::string absolute(std::string_view path) const;

  std::string folder_;
};

}  // namespace fleet::kustomize
