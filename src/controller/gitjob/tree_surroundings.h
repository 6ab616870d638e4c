// TreeSurroundings: a checked-out repository in memory as the world around its bundles.
//
// Nothing outside the repository can be read. Charts from elsewhere come through `Charts`.
#pragma once

#include <string>

#include "base/file_tree.h"
#include "fleet/bundle/surroundings.h"

namespace fleet::gitjob {

// Charts that are not in the repository.
class Charts {
 public:
  virtual ~Charts() = default;
  virtual Result<std::string> url(const api::HelmOptions& chart, const bundle::Auth& auth) = 0;
  virtual Result<FileTree> fetch(const std::string& source,
                                 const std::string& version,
                                 const bundle::Auth& auth) = 0;
  virtual Result<FileTree> update_dependencies(const std::string& path, const FileTree& chart) = 0;
};

// No network: everything from elsewhere is Unsupported, with a sentence.
class NoCharts final : public Charts {
 public:
  Result<std::string> url(const api::HelmOptions& chart, const bundle::Auth& auth) override;
  Result<FileTree> fetch(const std::string& source,
                         const std::string& version,
                         const bundle::Auth& auth) override;
  Result<FileTree> update_dependencies(const std::string& path, const FileTree& chart) override;
};

class TreeSurroundings final : public bundle::Surroundings {
 public:
  TreeSurroundings(const FileTree& tree, Charts& charts)
      : tree_(tree),
        charts_(charts) {}

  Result<std::string> read_file(const std::string& path) override;
  bool exists(const std::string& path) override;
  std::string absolute(const std::string& path) override;
  Result<FileTree> read_folder(const std::string& path) override;
  Result<std::string> chart_url(const api::HelmOptions& chart, const bundle::Auth& auth) override {
    return charts_.url(chart, auth);
  }
  Result<FileTree> fetch(const std::string& base,
                         const std::string& source,
                         const std::string& version,
                         const bundle::Auth& auth) override;
  Result<FileTree> update_dependencies(const std::string& path, const FileTree& chart) override {
    return charts_.update_dependencies(path, chart);
  }

 private:
  const FileTree& tree_;
  Charts& charts_;
};

}  // namespace fleet::gitjob
