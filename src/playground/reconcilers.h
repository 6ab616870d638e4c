// One reconciler a kind. Each brings an object's children and its status to what they should be.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "kube/controller/reconciler.h"
#include "playground/world.h"

namespace fleet::playground {

// ReplicaSets, StatefulSets, DaemonSets and Jobs: workloads that own pods.
class WorkloadReconciler final : public kube::Reconciler {
 public:
  // What tells one kind from another. Pure functions.
  struct Kind {
    kube::Resource resource;
    // The pods that should exist. A StatefulSet's carry its revision, so that old ones are known.
    std::function<std::vector<kube::Object>(const kube::Object&, const std::vector<kube::Object>&)>
        wanted_pods;
    std::function<data::Value(const kube::Object&, const std::vector<kube::Object>&, TimePoint)>
        status;
  };

  WorkloadReconciler(Kind kind, const World& world, const kube::Indexer& indexer)
      : kind_(std::move(kind)),
        world_(world),
        indexer_(indexer) {}
  Result<kube::Requeue> reconcile(const Context& ctx, const kube::Key& key) override;

  static Kind replicaset();
  static Kind statefulset();
  static Kind daemonset();
  static Kind job();

 private:
  // True when everything is there: nothing is on its way out.
  Result<bool> settle_pods(const Context& ctx,
                           const kube::Object& workload,
                           const std::vector<kube::Object>& pods);

  Kind kind_;
  const World& world_;
  const kube::Indexer& indexer_;
};

class DeploymentReconciler final : public kube::Reconciler {
 public:
  DeploymentReconciler(const World& world, const kube::Indexer& indexer)
      : world_(world),
        indexer_(indexer) {}
  Result<kube::Requeue> reconcile(const Context& ctx, const kube::Key& key) override;

 private:
  Result<> create_set(const Context& ctx,
                      const kube::Object& deployment,
                      const std::string& hash,
                      int replicas,
                      int revision);
  Result<> scale(const Context& ctx, const kube::Object& set, int replicas);

  const World& world_;
  const kube::Indexer& indexer_;
};

class PodReconciler final : public kube::Reconciler {
 public:
  explicit PodReconciler(const World& world)
      : world_(world) {}
  Result<kube::Requeue> reconcile(const Context& ctx, const kube::Key& key) override;

 private:
  const World& world_;
};

// Addresses and endpoints of services.
class ServiceReconciler final : public kube::Reconciler {
 public:
  ServiceReconciler(const World& world, const kube::Indexer& indexer)
      : world_(world),
        indexer_(indexer) {}
  Result<kube::Requeue> reconcile(const Context& ctx, const kube::Key& key) override;

 private:
  const World& world_;
  const kube::Indexer& indexer_;
};

// Binds PersistentVolumeClaims, each to a volume made for it.
class ClaimReconciler final : public kube::Reconciler {
 public:
  ClaimReconciler(const World& world, const kube::Indexer& indexer)
      : world_(world),
        indexer_(indexer) {}
  Result<kube::Requeue> reconcile(const Context& ctx, const kube::Key& key) override;

 private:
  const World& world_;
  const kube::Indexer& indexer_;
};

}  // namespace fleet::playground
