// What a bundle's files are: a chart, a kustomization, plain manifests. Pure.
#pragma once

#include <span>
#include <string>

#include "fleet/api/bundle.h"

namespace fleet::deploy {

struct Style {
  std::string chart_path;      // of Chart.yaml; empty without a chart
  std::string kustomize_path;  // of kustomization.yaml; empty without one

  bool is_helm() const { return !chart_path.empty(); }
  bool is_kustomize() const { return !kustomize_path.empty(); }
  bool is_raw_yaml() const { return !is_helm() && !is_kustomize(); }
};

Style style_of(std::span<const api::BundleResource> resources,
               const api::BundleDeploymentOptions& options);

}  // namespace fleet::deploy
