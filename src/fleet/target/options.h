// Merging options: a bundle's, then those of the target or customization that matched.
//
// As Fleet 0.16, including what is not merged (valuesFiles, maxHistory, skipSchemaValidation,
// disableDependencyUpdate, deleteNamespace, deleteCRDResources, ignore, createNamespace,
// overwrites, namespace labels and annotations stay the base's). Pure.
#pragma once

#include "data/value/value.h"
#include "fleet/api/options.h"

namespace fleet::target {

api::BundleDeploymentOptions merge_options(const api::BundleDeploymentOptions& base,
                                           const api::BundleDeploymentOptions& custom);

// Two objects, `over` wins; only objects are merged.
data::Value merge_maps(const data::Value& base, const data::Value& over);

}  // namespace fleet::target
