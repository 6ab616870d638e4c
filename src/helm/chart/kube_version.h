// KubeVersion: the cluster's version as templates and constraints see it.
//
// As Helm 4.2.3, common.ParseKubeVersion: "1.22.3" is v1.22.3; suffixes stay in `version` and are
// dropped in `normalized`, which constraints are checked against.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace fleet::helm {

struct KubeVersion {
  std::string version;     // "v1.33.4-gke.1245000"
  std::string normalized;  // "v1.33.4"; empty when the server's own version is taken as it is
  std::string major;
  std::string minor;

  // What `{{ .Capabilities.KubeVersion }}` prints and constraints are checked against.
  const std::string& text() const { return normalized.empty() ? version : normalized; }
};

// Errors: Invalid: `could not parse "x" as version`, …
Result<KubeVersion> parse_kube_version(std::string_view text);

}  // namespace fleet::helm
