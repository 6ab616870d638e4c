// Waiting until objects are what they should be, or gone.
//
// As Helm 4.2's status watcher: kstatus decides. Failure names each object that is not ready:
// "resource Deployment/ns/web not ready. status: InProgress, message: …".
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "helm/action/objects.h"

namespace fleet::helm {

enum class WaitFor {
  Current,          // kstatus; a running Job counts
  CurrentWithJobs,  // Jobs must be complete
  HooksDone,        // Jobs and Pods must be finished; other kinds are not waited for
};

inline constexpr Duration kDefaultWait = std::chrono::seconds(30);

// `timeout` zero: kDefaultWait. Timeout when it runs out.
Result<> wait_for(const Context& ctx,
                  kube::Client& client,
                  const Targets& targets,
                  WaitFor what,
                  Duration timeout);
Result<> wait_until_gone(const Context& ctx,
                         kube::Client& client,
                         const Targets& targets,
                         Duration timeout);

}  // namespace fleet::helm
