#include "controller/reconcilers/controllers.h"

#include <utility>

#include "controller/reconcilers/bundle_reconciler.h"
#include "controller/reconcilers/caches.h"
#include "controller/reconcilers/cluster_reconciler.h"
#include "controller/reconcilers/clustergroup_reconciler.h"
#include "controller/reconcilers/content_reconciler.h"
#include "controller/reconcilers/deployment_reconciler.h"
#include "controller/reconcilers/registration_reconciler.h"
#include "controller/reconcilers/token_reconciler.h"
#include "kube/controller/manager.h"

namespace fleet::controller {

struct Controllers::State {
  State(kube::Client& client,
        gitjob::GitSource& git,
        gitjob::Charts& charts,
        Hub own,
        const Clock& clock,
        const ControllerOptions& options)
      : hub(std::move(own)),
        manager(client, clock),
        caches(manager),
        gitrepo(client, caches, git, charts, options.gitrepo),
        bundle(client, caches),
        deployment(client, caches),
        cluster(client, caches),
        group(client, caches),
        content(client, caches),
        token(client, caches, hub),
        registration(client, caches, hub) {
    add("gitrepo", options.git_jobs, gitrepo);
    add("bundle", options.bundle_workers, bundle);
    add("deployment", options.workers, deployment);
    add("cluster", options.workers, cluster);
    add("clustergroup", 1, group);
    add("content", 1, content);
    add("token", 1, token);
    add("registration", 2, registration);
    manager.add_runner("credentials", [this, &client](const Context& ctx) {
      return expire_credentials(ctx, client, hub);
    });
  }

  template <typename R>
  void add(std::string name, size_t workers, R& reconciler) {
    reconciler.attach(manager.controller({std::move(name), workers, {}}, reconciler));
  }

  Hub hub;
  kube::Manager manager;
  Caches caches;
  GitRepoReconciler gitrepo;
  BundleReconciler bundle;
  DeploymentReconciler deployment;
  ClusterReconciler cluster;
  ClusterGroupReconciler group;
  ContentReconciler content;
  TokenReconciler token;
  RegistrationReconciler registration;
};

Controllers::Controllers(kube::Client& client,
                         gitjob::GitSource& git,
                         gitjob::Charts& charts,
                         Hub hub,
                         const Clock& clock,
                         ControllerOptions options)
    : state_(std::make_unique<State>(client, git, charts, std::move(hub), clock, options)) {}

Controllers::~Controllers() = default;

Result<> Controllers::run(const Context& ctx) {
  return state_->manager.run(ctx);
}

}  // namespace fleet::controller
