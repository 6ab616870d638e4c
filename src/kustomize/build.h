// `kustomize build`: a folder with a kustomization → objects.
//
// As kustomize api v0.21.1 (program v5.8.1), complete but for what needs the outside: remote bases,
// Helm, exec and container functions are refused with a sentence. State is scoped to one build.
// Cost: O(n log n) in the number of objects; references are indexed, not searched.
//
// Errors: Invalid or NotFound, with the original's text. Pure: files come through `Files`.
// Threads: any, as far as the given Files allow it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/file_tree.h"
#include "base/result.h"
#include "data/value/value.h"
#include "kustomize/files.h"

namespace fleet::kustomize {

enum class Reorder {
  Unasked,  // the program without --reorder: legacy order unless sortOptions says otherwise
  None,     // order of accumulation, unless sortOptions says otherwise; what Fleet uses
  Legacy,   // --reorder legacy
};
enum class LoadFrom { RootOnly, Anywhere };

struct Options {
  Reorder reorder = Reorder::None;
  LoadFrom load = LoadFrom::RootOnly;
  bool managed_by_label = false;             // as buildMetadata: [managedByLabel]
  std::string version = "kustomize-v5.8.1";  // the value of that label
};

struct Built {
  std::vector<data::Value> objects;
  std::vector<std::string> warnings;  // lines for standard error

  // The text that `kustomize build` prints: documents joined by "---".
  std::string yaml() const;
};

// Builds the folder `path` of a file system; `path` is relative to its current folder, or absolute.
Result<Built> build(const Files& files, std::string_view path, const Options& options);

// Builds a folder of a tree in memory, as Fleet does after rendering a chart.
Result<Built> build(const FileTree& tree, std::string_view path, const Options& options);

}  // namespace fleet::kustomize
