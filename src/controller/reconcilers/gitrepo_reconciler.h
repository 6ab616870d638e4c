// GitRepo → Bundles, and everything about them back in one status.
//
// Polls the repository when that is due, runs a git job when there is something new, and sums up
// the deployments. A host that does not answer is asked at twice the interval each time, up to two
// minutes, and at once when the GitRepo changes or a push is announced. A job that failed for a
// reason that waiting can cure (the host is away) is tried again with back-off; one that failed
// because of what was committed waits for the next commit. What runs is left as it is by any
// failure. As Fleet 0.16 (gitops.md §3). Threads: as kube::Reconciler.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "controller/gitjob/source.h"
#include "controller/gitjob/tree_surroundings.h"
#include "controller/reconcilers/caches.h"
#include "kube/controller/reconciler.h"

namespace fleet::controller {

struct GitRepoOptions {
  Duration polling_interval = std::chrono::seconds(15);  // when the GitRepo names none
  Duration git_timeout = std::chrono::seconds(30);
  Duration job_timeout = std::chrono::minutes(10);
};

class GitRepoReconciler final : public kube::Reconciler {
 public:
  GitRepoReconciler(kube::Client& client,
                    const Caches& caches,
                    gitjob::GitSource& git,
                    gitjob::Charts& charts,
                    GitRepoOptions options)
      : client_(client),
        caches_(caches),
        git_(git),
        charts_(charts),
        options_(options) {}

  Result<kube::Requeue> reconcile(const Context& ctx, const kube::Key& key) override;
  void attach(kube::Controller& controller);

 private:
  // What is known of a repository between runs. It may be lost: then it is polled at once.
  struct Memory {
    Instant next_poll{};
    int poll_failures = 0;    // in a row
    std::string failed_poll;  // what the last of them was asked for
    std::string last_job;     // what the last job was run for
    bool last_job_failed = false;
    bool retry = false;
    int failures = 0;
    Instant next_try{};
  };
  struct Work;

  Result<> poll(const Context& ctx, Work& work);
  bool job_is_due(const Context& ctx, const Work& work) const;
  Result<> run_job(const Context& ctx, Work& work);
  Result<> do_job(const Context& ctx, Work& work);
  Result<kube::Requeue> remove(const Context& ctx, const kube::Object& live);
  Result<> write(const Context& ctx, Work& work);
  // When to look again; never, while nothing but an event can change anything.
  static kube::Requeue next_look(const Context& ctx, const Work& work);
  Memory recall(const std::string& uid) const;
  void remember(const std::string& uid, const Memory& memory);

  kube::Client& client_;
  const Caches& caches_;
  gitjob::GitSource& git_;
  gitjob::Charts& charts_;
  GitRepoOptions options_;
  Guarded<std::map<std::string, Memory>> memory_;  // by uid
};

// Status of a GitRepo from the deployments that came of it (pure): summary, counts, resources, the
// condition Ready, display. `bundles` say what failed before there was a deployment.
void sum_up(api::GitRepo& repo,
            const std::vector<std::shared_ptr<const api::BundleDeployment>>& deployments,
            const std::vector<std::shared_ptr<const api::Bundle>>& bundles,
            TimePoint now);

}  // namespace fleet::controller
