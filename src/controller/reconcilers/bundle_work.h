// What one run of the bundle reconciler reads and plans. Shared by its files.
#pragma once

#include <set>

#include "controller/reconcilers/bundle_reconciler.h"

namespace fleet::controller {

struct BundleReconciler::Work {
  kube::CachedPtr seen;  // as read at the start
  api::Bundle bundle;    // with values restored; its status is what will be written
  std::shared_ptr<const api::Manifest> manifest;  // null when the agent gets the files elsewhere
  std::vector<target::Target> targets;
  std::vector<kube::CachedPtr> existing;  // BundleDeployments of this bundle
  std::set<size_t> made;                  // targets whose new deployment this run has written

  std::string manifest_id() const;
};

}  // namespace fleet::controller
