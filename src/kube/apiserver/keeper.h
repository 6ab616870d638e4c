// The controllers inside the server: garbage collection, deletion of namespaces and of CRDs,
// service accounts and their tokens, the root CA ConfigMap, aggregated ClusterRoles, event expiry.
//
// One thread reads the events of the whole store and turns them into subjects of chores; a few
// workers take subjects from a queue, each subject held by one worker at a time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kube/apiserver/chore.h"
#include "kube/apiserver/core.h"
#include "kube/apiserver/tokens.h"
#include "kube/client/client.h"
#include "kube/workqueue/workqueue.h"
#include "sys/thread.h"

namespace fleet::kube::apiserver {

struct KeeperOptions {
  std::string ca_pem;
  Duration event_ttl = std::chrono::hours(1);
  size_t workers = 8;
};

class Keeper {
 public:
  Keeper(const Context& ctx,
         Core& core,
         Client& client,
         const TokenService& tokens,
         KeeperOptions options);
  ~Keeper();

  // Looks at everything that is there, then follows.
  Result<> start();
  void stop();

 private:
  void follow(std::stop_token stop);
  void work(std::stop_token stop);
  // True when it follows again from a fresh look.
  Result<> look(const Context& ctx);
  void see(const store::Event& event);
  void see_entry(const store::EntryPtr& entry);

  Context ctx_;
  Core& core_;
  WorkQueue queue_;
  std::vector<std::unique_ptr<Chore>> chores_;
  Guarded<bool> changed_;
  std::unique_ptr<store::Subscription> subscription_;
  size_t workers_;
  std::vector<Thread> threads_;
};

}  // namespace fleet::kube::apiserver
