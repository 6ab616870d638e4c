// Rendering without a cluster, for `test`, `deploy --dry-run` and `render`.
#pragma once

#include <string>

#include "base/result.h"
#include "fleet/deploy/prepare.h"

namespace fleet::cli {

// The objects of a request as a cluster of that Kubernetes version would get them; label prefix and
// namespace are those of an offline render. Errors: Invalid.
Result<deploy::Objects> render_offline(deploy::Request request, const std::string& kube_version);

}  // namespace fleet::cli
