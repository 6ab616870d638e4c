// DriftWatch: notices that somebody touched what was deployed.
//
// One watch a kind over the whole cluster, of objects that carry a bundle's label, metadata alone.
// A change of such an object, or its loss, puts the keys of its deployment into the queue, a little
// later, so that a burst becomes one look.
// Threads: all functions from any thread; each watch has a thread of its own.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "kube/client/client.h"
#include "kube/workqueue/workqueue.h"
#include "sys/guarded.h"
#include "sys/thread.h"

namespace fleet::agent {

class DriftWatch {
 public:
  // `ctx` ends all watches.
  DriftWatch(const Context& ctx, kube::Client& client, kube::WorkQueue& queue, Duration delay)
      : ctx_(ctx),
        client_(client),
        queue_(queue),
        delay_(delay) {}
  ~DriftWatch();

  // From now on changes of objects with this label value and these kinds concern `key`.
  void follow(const kube::Key& key, const std::string& hash, const std::set<kube::Resource>& kinds);
  void forget(const kube::Key& key);

 private:
  struct State {
    std::map<std::string, kube::Key> keys;  // label value → deployment
    std::map<kube::Key, std::string> hashes;
    std::map<kube::Resource, Thread> threads;
  };
  void run(const Context& ctx, const kube::Resource& resource);
  Result<> watch_once(const Context& ctx, const kube::Resource& resource, std::string& version);
  void touched(const kube::Object& object);

  StopScope ctx_;
  kube::Client& client_;
  kube::WorkQueue& queue_;
  Duration delay_;
  Guarded<State> state_;
};

}  // namespace fleet::agent
