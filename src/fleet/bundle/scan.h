// Which folders of a repository become bundles, and what they are called.
//
// Classic: every folder with a fleet.yaml below a path, and the path itself when it holds any YAML.
// Driven: exactly the folders that are named, each with its options file.
// As Fleet 0.16. Errors: Invalid: "invalid path glob [: syntax error in pattern",
// "invalid bundle path: \"a:b:c\"". Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/file_tree.h"
#include "base/result.h"

namespace fleet::bundle {

struct BundleFolder {
  std::string base;         // relative to the repository
  std::string bundle_file;  // the options file, when one was named
};

// `tree` is the repository; `paths` may be globs. A path that is no folder gives nothing.
Result<std::vector<BundleFolder>> scan_classic(const FileTree& tree,
                                               const std::vector<std::string>& paths);
Result<std::vector<BundleFolder>> scan_driven(const std::vector<std::string>& paths,
                                              std::string_view separator);

}  // namespace fleet::bundle
