// Overlays of plain manifests: files below overlays/NAME/ replace the bundle's files, or patch them
// when they are called x_patch.yaml.
//
// As Fleet 0.16. Errors: Invalid: "failed to find base file x.yaml to patch". Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "fleet/api/bundle.h"

namespace fleet::deploy {

// The files without overlays/, with the named overlays applied in order; sorted by name.
Result<std::vector<api::BundleResource>> apply_overlays(
    std::span<const api::BundleResource> resources, const std::vector<std::string>& overlays);

}  // namespace fleet::deploy
