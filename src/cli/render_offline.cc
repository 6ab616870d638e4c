#include "cli/render_offline.h"

#include "helm/host/host.h"
#include "sys/clock.h"

namespace fleet::cli {

Result<deploy::Objects> render_offline(deploy::Request request,
                                       const std::string& kube_version,
                                       RenderLike like) {
  if (like == RenderLike::UpstreamsCommands) {
    request.label_prefix.clear();
    request.default_namespace.clear();
  }
  helm::Capabilities capabilities = TRY(deploy::offline_capabilities(kube_version));
  helm::LocalHost host(system_clock());
  deploy::Prepared prepared =
      TRY(deploy::prepare(request, deploy::values_of(request), capabilities, host));
  return deploy::objects_of(prepared.rendered);
}

}  // namespace fleet::cli
