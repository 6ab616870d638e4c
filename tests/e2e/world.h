// World: a hub with playground clusters and a git host, all real, for tests of the whole program.
//
// The hub is the built `fleet server` as a child process; its clusters and agents are its children.
// The git host runs in the test. Everything lives in one temporary folder.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "e2e/repositories.h"
#include "kube/client/client.h"
#include "sys/context.h"
#include "sys/files.h"
#include "sys/process.h"

namespace fleet::e2e {

class World {
 public:
  static Result<std::unique_ptr<World>> start(int clusters);
  ~World();

  const Context& ctx() const { return ctx_; }
  kube::Client& hub() { return *hub_; }
  kube::Client& cluster(int n) { return *clusters_[static_cast<size_t>(n)]; }
  int cluster_count() const { return static_cast<int>(clusters_.size()); }
  static std::string cluster_name(int n);
  std::string folder() const { return folder_.path(); }
  std::string kubeconfig() const { return folder_.file("hub/admin.kubeconfig"); }
  std::string cluster_kubeconfig(int n) const;

  // A commit on `main` of a repository, which is made when it is not there. The commit's id.
  Result<std::string> commit(const std::string& repository, const Changes& changes);
  // The same from all files of a folder.
  Result<std::string> commit_folder(const std::string& repository, const std::string& folder);
  std::string url(const std::string& repository) const { return git_->url(repository); }

  // A GitRepo in fleet-default on branch main, for all clusters, polled every two seconds.
  Result<> add_gitrepo(const std::string& name,
                       const std::string& repository,
                       const std::vector<std::string>& paths = {});

  // Kill -9, and start again. Clients find the hub at the same port.
  Result<> kill_hub();
  Result<> start_hub();
  Result<> kill_agent(int n);  // its hub starts it again

 private:
  World(Context ctx, sys::TempFolder folder);
  Result<> connect(int clusters);

  Context ctx_;
  sys::TempFolder folder_;
  std::optional<Repositories> git_;
  std::optional<sys::Child> server_;
  int cluster_total_ = 0;
  int port_ = 0;
  std::unique_ptr<kube::Client> hub_;
  std::vector<std::unique_ptr<kube::Client>> clusters_;
};

// Looks every 20 ms until `holds` is true; false after `seconds`.
bool eventually(const Context& ctx, int seconds, const std::function<bool()>& holds);

// The folder of the programs that were built with this test.
std::string program_folder();

}  // namespace fleet::e2e
