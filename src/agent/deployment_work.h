// What one run of the agent's reconciler reads and finds. Shared by its files.
#pragma once

#include <vector>

#include "agent/deployment_reconciler.h"

namespace fleet::agent {

struct DeploymentReconciler::Work {
  kube::CachedPtr seen;
  api::BundleDeployment deployment;    // values restored when they were needed
  api::BundleDeploymentStatus status;  // what will be written
  bool force = false;                  // copied objects changed: deploy again
  std::vector<Error> errors;

  kube::Key key() const { return deployment.metadata.key(); }
};

}  // namespace fleet::agent
