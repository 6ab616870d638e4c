// Charts from the network: repositories' indexes and archives over http and https.
//
// Errors: as helm/repo; Unsupported for registries and other git repositories, with a sentence.
// Threads: any. Lifetime: the Context's parts outlive it.
#pragma once

#include <string>
#include <utility>

#include "controller/gitjob/tree_surroundings.h"
#include "helm/chart/metadata.h"
#include "sys/context.h"

namespace fleet::gitjob {

class NetworkCharts final : public Charts {
 public:
  explicit NetworkCharts(Context ctx)
      : ctx_(std::move(ctx)) {}

  Result<std::string> url(const api::HelmOptions& chart, const bundle::Auth& auth) override;
  Result<FileTree> fetch(const std::string& source,
                         const std::string& version,
                         const bundle::Auth& auth) override;
  Result<FileTree> update_dependencies(const std::string& path, const FileTree& chart) override;

  // Adds one dependency's archive to the files of a chart.
  Result<> add_dependency(const helm::Dependency& dependency, FileTree& files);

 private:
  Context ctx_;
};

}  // namespace fleet::gitjob
