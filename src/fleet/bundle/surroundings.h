// What lies around a bundle's folder, and charts from elsewhere. The one seam to the world.
//
// The reader asks for files beside the repository (values files, charts in "../x") and for charts
// at URLs. On a workstation these come from the disk and the network; in a test from memory.
#pragma once

#include <string>
#include <string_view>

#include "base/file_tree.h"
#include "base/result.h"
#include "base/secret.h"
#include "fleet/api/options.h"

namespace fleet::bundle {

// Credentials and trust for chart sources.
struct Auth {
  std::string username;
  Secret<std::string> password;
  std::string ca_bundle;
  Secret<std::string> ssh_private_key;
  std::string ssh_known_hosts;
  bool insecure_skip_verify = false;
  bool basic_http = false;

  bool operator==(const Auth&) const = default;
};

class Surroundings {
 public:
  virtual ~Surroundings() = default;

  // Paths are relative to the working folder, and may lead out of it.
  // An error text as the operating system's: "open ./nope.yaml: no such file or directory".
  virtual Result<std::string> read_file(const std::string& path) = 0;
  virtual bool exists(const std::string& path) = 0;
  // The absolute form of a path, for messages.
  virtual std::string absolute(const std::string& path) = 0;
  // A folder with all its files; links are kept as links, ".git" folders are kept out.
  virtual Result<FileTree> read_folder(const std::string& path) = 0;

  // Where a chart comes from: `repo`'s index is asked for the chart and version.
  virtual Result<std::string> chart_url(const api::HelmOptions& chart, const Auth& auth) = 0;
  // The files at a source: a folder, an archive or plain file, at a path relative to `base` or at a
  // URL of http, git or a registry.
  virtual Result<FileTree> fetch(const std::string& base,
                                 const std::string& source,
                                 const std::string& version,
                                 const Auth& auth) = 0;
  // Downloads what a chart lists and does not have; answers the files to add below the chart's
  // folder ("charts/x-1.0.0.tgz", "Chart.lock"). `path` is the chart's folder, for relative
  // repositories; `chart` its files.
  virtual Result<FileTree> update_dependencies(const std::string& path, const FileTree& chart) = 0;
};

}  // namespace fleet::bundle
