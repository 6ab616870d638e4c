// Monitor: what became of a release on the cluster → the status of its BundleDeployment.
//
// Live objects are those that carry the bundle's label, and those that the release names. What is
// not ready, changed, missing or too many is told, at most ten of each.
// As Fleet 0.16 (agent.md §12.3, §13).
#pragma once

#include "agent/deployer.h"
#include "fleet/api/bundledeployment.h"
#include "helm/action/objects.h"

namespace fleet::agent {

class Monitor {
 public:
  explicit Monitor(Surroundings& around)
      : around_(around) {}

  // Fills in everything of the status that is seen on the cluster, and the condition Ready.
  Result<> update(const Context& ctx,
                  const api::BundleDeployment& deployment,
                  const helm::Release& release,
                  api::BundleDeploymentStatus& status);

  // The objects that the release wants, as they were applied.
  Result<helm::Targets> desired(const Context& ctx,
                                const std::string& bundle,
                                const helm::Release& release);

 private:
  struct View;
  Result<View> look(const Context& ctx, const std::string& bundle, const helm::Release& release);
  Result<> keep_former(const Context& ctx, const helm::Release& release, View& view);

  Surroundings& around_;
};

// Conditions as wrangler writes them: True, or False with reason Error and the text.
void set_condition(api::BundleDeploymentStatus& status,
                   std::string_view type,
                   const Error* error,
                   TimePoint now);

}  // namespace fleet::agent
