// DiskSurroundings: a checkout, or a workstation's folder, as the world around its bundles.
//
// Threads: one bundle at a time on one object. Lifetime: the Context's parts outlive it.
#pragma once

#include <string>
#include <utility>

#include "controller/gitjob/network_charts.h"
#include "fleet/bundle/surroundings.h"
#include "sys/context.h"

namespace fleet::gitjob {

class DiskSurroundings final : public bundle::Surroundings {
 public:
  // Relative paths are below `root`; empty: the working folder.
  explicit DiskSurroundings(Context ctx, std::string root = {})
      : charts_(std::move(ctx)),
        root_(std::move(root)) {}

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
  Result<FileTree> update_dependencies(const std::string& path, const FileTree& chart) override;

 private:
  std::string place(const std::string& path) const;
  Result<FileTree> fetch_local(const std::string& path, const std::string& sub_dir);

  NetworkCharts charts_;
  std::string root_;
};

// The names below a folder, for finding bundles: files are empty, ".git" folders are left out.
Result<FileTree> read_names(const std::string& path);

}  // namespace fleet::gitjob
