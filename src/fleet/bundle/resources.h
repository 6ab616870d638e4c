// A bundle's files: which of a folder's are taken, which charts are added to them.
//
// As Fleet 0.16: hidden files and folders, what .fleetignore names, fleet.yaml and values files are
// left out; links must stay inside; charts from elsewhere lie below .chart/<hash>/.
// Errors: Invalid, in Fleet's words. Pure, but for what `Surroundings` does.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "fleet/api/bundle.h"
#include "fleet/bundle/content.h"
#include "fleet/bundle/surroundings.h"

namespace fleet::bundle {

struct ResourceOptions {
  std::string bundle_file;  // an options file other than fleet.yaml; not among the files
  Compress compress = Compress::No;
  Auth auth;
  std::string helm_repo_url_regex;
};

// Reads the files of `base` (a path relative to the working folder) for a bundle's options, and
// merges values files into the options' values. Sorted by name.
Result<std::vector<api::BundleResource>> read_resources(api::BundleSpec& spec,
                                                        const std::string& base,
                                                        const ResourceOptions& options,
                                                        Surroundings& around);

// The files taken of one folder, with paths relative to it. `not_taken` are paths that configure
// the bundle. `absolute` is the folder's place, for messages.
struct FolderRules {
  std::vector<std::string> not_taken;
  bool update_dependencies = true;
};
Result<FileTree> read_folder_content(const FileTree& folder,
                                     const std::string& absolute,
                                     const FolderRules& rules,
                                     Surroundings& around);

// ".chart/<hash>": the folder in a bundle of a chart from elsewhere.
std::string chart_folder(const api::HelmOptions& helm);

}  // namespace fleet::bundle
