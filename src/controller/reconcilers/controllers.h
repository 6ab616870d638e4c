// All of the hub's controllers, as one thing to run. Read this first.
//
//   Controllers controllers(client, git, charts, hub);
//   TRY(controllers.run(ctx));                 // until ctx stops
//
// The same in `fleet server` (an in-process client) and in `fleetcontroller` (HTTP).
// Lifetime: client, git and charts outlive it; `hub` must be complete before `run`.
#pragma once

#include <memory>

#include "controller/gitjob/source.h"
#include "controller/gitjob/tree_surroundings.h"
#include "controller/reconcilers/gitrepo_reconciler.h"
#include "controller/reconcilers/hub.h"
#include "kube/client/client.h"

namespace fleet::controller {

struct ControllerOptions {
  size_t workers = 4;  // of each kind
  size_t bundle_workers = 4;
  size_t git_jobs = 2;  // GitRepos that are polled, fetched and read at the same time
  GitRepoOptions gitrepo{};
};

class Controllers {
 public:
  Controllers(kube::Client& client,
              gitjob::GitSource& git,
              gitjob::Charts& charts,
              Hub hub,
              const Clock& clock,
              ControllerOptions options = ControllerOptions{});
  ~Controllers();

  Result<> run(const Context& ctx);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace fleet::controller
