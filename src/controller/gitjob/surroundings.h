// The world around a repository's folders: its files, and charts from the network.
//
// `DiskSurroundings` reads a checkout or a workstation's folder, `TreeSurroundings` a commit in
// memory; charts come from the same places for both.
// Threads: one bundle at a time on one object. Lifetime: the Context's parts outlive it.
#pragma once

#include <map>
#include <string>

#include "fleet/bundle/surroundings.h"
#include "sys/context.h"

namespace fleet::gitjob {

// What both share: charts from paths, http and https.
class NetworkSurroundings : public bundle::Surroundings {
 public:
  explicit NetworkSurroundings(Context ctx)
      : ctx_(std::move(ctx)) {}

  Result<std::string> chart_url(const api::HelmOptions& chart, const bundle::Auth& auth) override;
  Result<FileTree> fetch(const std::string& base,
                         const std::string& source,
                         const std::string& version,
                         const bundle::Auth& auth) override;
  Result<FileTree> update_dependencies(const std::string& path, const FileTree& chart) override;

 protected:
  enum class PathKind { Missing, File, Folder };
  virtual PathKind kind_of(const std::string& path) = 0;

 private:
  Result<FileTree> fetch_local(const std::string& path, const std::string& sub_dir);

  Context ctx_;
};

class DiskSurroundings : public NetworkSurroundings {
 public:
  // Relative paths are below `root`; empty: the working folder.
  DiskSurroundings(Context ctx, std::string root = {})
      : NetworkSurroundings(std::move(ctx)),
        root_(std::move(root)) {}

  Result<std::string> read_file(const std::string& path) override;
  bool exists(const std::string& path) override;
  std::string absolute(const std::string& path) override;
  Result<FileTree> read_folder(const std::string& path) override;

 protected:
  PathKind kind_of(const std::string& path) override;

 private:
  std::string place(const std::string& path) const;

  std::string root_;
};

class TreeSurroundings : public NetworkSurroundings {
 public:
  // `place` stands for the repository's root in messages. Lifetime: `tree` outlives it.
  TreeSurroundings(Context ctx, const FileTree& tree, std::string place = "/repository")
      : NetworkSurroundings(std::move(ctx)),
        tree_(tree),
        place_(std::move(place)) {}

  Result<std::string> read_file(const std::string& path) override;
  bool exists(const std::string& path) override;
  std::string absolute(const std::string& path) override;
  Result<FileTree> read_folder(const std::string& path) override;

 protected:
  PathKind kind_of(const std::string& path) override;

 private:
  // The path within the tree; nothing when it leads out of it.
  std::string inside(const std::string& path) const;

  const FileTree& tree_;
  std::string place_;
};

// The names below a folder, for finding bundles: files are empty, ".git" folders are left out.
Result<FileTree> read_names(const std::string& path);

}  // namespace fleet::gitjob
