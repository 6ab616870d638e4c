// Rendering without a cluster, for `test`, `deploy --dry-run` and `render`.
#pragma once

#include <string>

#include "base/result.h"
#include "fleet/deploy/prepare.h"

namespace fleet::cli {

enum class RenderLike {
  Agent,              // marks and namespace as on a cluster
  UpstreamsCommands,  // as `test` and `deploy --dry-run`: neither prefix nor default namespace
};

// The objects of a request as a cluster of that Kubernetes version would get them.
// Errors: Invalid.
Result<deploy::Objects> render_offline(deploy::Request request,
                                       const std::string& kube_version,
                                       RenderLike like);

}  // namespace fleet::cli
