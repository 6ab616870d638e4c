#include "base/strings.h"
#include "data/json/parse.h"
#include "helm/action/action.h"

namespace fleet::helm {

Result<Capabilities> cluster_capabilities(const Context& ctx,
                                          kube::Client& client,
                                          kube::RestMapper& mapper) {
  Capabilities out;
  kube::RawRequest request;
  request.path = "/version";
  const kube::RawAnswer answer = TRY(client.raw(ctx, request));
  TRY(answer.check().within("could not get server version from Kubernetes"));
  const data::Value version = TRY(json::parse(answer.body).within("server version"));
  out.kube_version.version = version["gitVersion"].to_string();
  out.kube_version.major = version["major"].to_string();
  out.kube_version.minor = version["minor"].to_string();
  for (const kube::DiscoveredResource& found : TRY(mapper.all(ctx))) {
    const std::string api = found.resource.gvr.api_version();
    if (out.api_versions.empty() || out.api_versions.back() != api) out.api_versions.push_back(api);
    out.api_versions.push_back(cat(api, "/", found.resource.kind));
  }
  return out;
}

}  // namespace fleet::helm
