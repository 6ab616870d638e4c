// Manager: the informers and controllers of one program, started and stopped together.
//
//   Manager manager(client);
//   Informer& bundles = manager.informer(kBundles);
//   Controller& c = manager.controller("bundle", reconciler, 4);
//   c.watch(bundles);                                   // the root kind
//   c.watch(deployments, [](const CacheEvent& e) { return keys_of_bundle(e); });  // mapped
//   manager.run(ctx);                                   // until ctx stops
//
// Workers start when all informers have listed once. Threads are named after what they do.
// Threads: set up by one thread, then `run`. Lifetime: clients and reconcilers outlive the manager.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kube/cache/informer.h"
#include "kube/controller/reconciler.h"
#include "kube/workqueue/workqueue.h"

namespace fleet::kube {

class Controller {
 public:
  // The keys to reconcile because of an event.
  using Map = std::function<std::vector<Key>(const CacheEvent&)>;
  // False: the event is of no interest.
  using Filter = std::function<bool(const CacheEvent&)>;

  struct Options {
    std::string name;
    size_t workers = 1;
    Backoff backoff{};
  };

  Controller(Options options, Reconciler& reconciler, const Clock& clock)
      : options_(std::move(options)),
        reconciler_(reconciler),
        queue_(clock, options_.backoff) {}

  // Events of the root kind: the object's own key.
  void watch(Informer& informer, Filter filter = {});
  // Events of another kind. With a delay, a burst of them becomes one reconcile.
  void watch_mapped(Informer& informer,
                    Map map,
                    Filter filter = {},
                    Duration delay = Duration::zero());

  WorkQueue& queue() { return queue_; }
  const std::string& name() const { return options_.name; }
  size_t workers() const { return options_.workers; }

  // Takes and reconciles keys until the Context stops. Threads: any number at the same time.
  void work(const Context& ctx);

 private:
  void reconcile_one(const Context& ctx, const Key& key);

  Options options_;
  Reconciler& reconciler_;
  WorkQueue queue_;
};

class Manager {
 public:
  explicit Manager(Client& client, const Clock& clock = system_clock())
      : client_(client),
        clock_(clock) {}

  // One informer per call. Those of another client are added with `add`.
  Informer& informer(InformerOptions options);
  Informer& informer(Client& client, InformerOptions options);
  Controller& controller(Controller::Options options, Reconciler& reconciler);
  // Something that runs beside the controllers once the informers have listed: a ticker, a job
  // pool.
  void add_runner(std::string name, std::function<Result<>(const Context&)> run);

  Client& client() { return client_; }

  // Until the Context stops, then {} after all threads have ended.
  Result<> run(const Context& ctx);

 private:
  struct Runner {
    std::string name;
    std::function<Result<>(const Context&)> run;
  };

  Client& client_;
  const Clock& clock_;
  std::vector<std::unique_ptr<Informer>> informers_;
  std::vector<std::unique_ptr<Controller>> controllers_;
  std::vector<Runner> runners_;
};

// True unless the update changed nothing but status: generation, labels, annotations, finalizers or
// deletion changed, or it is no update.
bool spec_or_metadata_changed(const CacheEvent& event);

}  // namespace fleet::kube
