// Values for one cluster: label references replaced, `${ }` templates run on the hub.
//
// As Fleet 0.16: a cluster without visible labels leaves the options untouched; strings that begin
// with "global.fleet.clusterLabels." become the label's value even where templating is off; the
// rendered text is read as YAML again, so types may change.
// Errors: Invalid, in Fleet's and Go's words. Pure: templates see no clock and no secrets.
#pragma once

#include "base/result.h"
#include "fleet/api/cluster.h"
#include "fleet/api/options.h"

namespace fleet::target {

// Levels of objects in values that are searched for label references.
inline constexpr int kMaxLabelDepth = 50;

Result<> preprocess_values(api::BundleDeploymentOptions& options, const api::Cluster& cluster);

// What is left of labels or annotations for export: no key that begins with
// "kubectl.kubernetes.io/" or contains "cattle.io/".
api::StringMap cleaned(const api::StringMap& map);

}  // namespace fleet::target
