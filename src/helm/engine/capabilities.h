// What a cluster can do, as `.Capabilities` tells templates.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "helm/chart/kube_version.h"

namespace fleet::helm {

struct HelmVersion {
  std::string version = "v4.2.3";
  std::string git_commit;
  std::string git_tree_state;
  std::string go_version;
  std::string kube_client_version;
};

struct Capabilities {
  KubeVersion kube_version;
  std::vector<std::string> api_versions;  // "apps/v1", and "apps/v1/Deployment" from a server
  HelmVersion helm_version;
};

// As Helm without a cluster: Kubernetes v1.36.0 and every group version its client knows.
Capabilities default_capabilities();

}  // namespace fleet::helm
