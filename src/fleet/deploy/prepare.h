// BundleDeployment + content → chart, values, rendered and post-rendered: the desired objects.
//
// The agent, `fleet render`, `deploy`, `plan` and the UI all call this. Plain manifests travel as
// files of a chart made for them; Kustomize works on what Helm rendered; at last every object gets
// Fleet's labels and its namespace.
// As Fleet 0.16 and Helm 4.2. Errors: Invalid, in the originals' words. Pure: what is not comes by
// `gotemplate::Host`. Threads: one call at a time on one Deployment.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "data/value/value.h"
#include "fleet/api/bundle.h"
#include "gotemplate/host.h"
#include "helm/chart/chart.h"
#include "helm/engine/capabilities.h"
#include "helm/engine/engine.h"

namespace fleet::deploy {

// What is to be deployed.
struct Request {
  std::string bundle_id;  // name of the BundleDeployment
  std::vector<api::BundleResource> resources;
  std::string commit;
  api::BundleDeploymentOptions options;
  std::string agent_namespace;
  std::string label_prefix = "default";  // of the object set's id
  std::string label_suffix;              // the agent's scope
  // Namespace when the options name none.
  std::string default_namespace = "default";
  // Whether objects of this kind belong to no namespace. Without it nothing is refused.
  std::function<Result<bool>(std::string_view api_version, std::string_view kind)>
      is_cluster_scoped;
};

std::string release_name(const Request& request);
std::string release_namespace(const Request& request);

// The chart to install: the bundle's own, or one made for its files; annotated as Fleet's.
Result<helm::Chart> make_chart(const Request& request);

// The options' values, an object; `valuesFrom` is the caller's to merge over them.
data::Value values_of(const Request& request);

// What Fleet does to rendered files before they are applied: for RenderOptions::rewrite_files.
// Kustomize, plain manifests, labels, annotations, namespace.
// Lifetime: `request` and `chart` outlive the function.
std::function<Result<helm::RenderedFiles>(helm::RenderedFiles)> post_renderer(
    const Request& request, const helm::Chart& chart);

struct Prepared {
  helm::Chart chart;
  helm::Rendered rendered;
};
Result<Prepared> prepare(const Request& request,
                         const data::Value& values,
                         const helm::Capabilities& capabilities,
                         gotemplate::Host& host);

// Offline, as `fleet deploy --dry-run` and `fleet test`: the objects of all manifests, then of all
// hooks.
struct Objects {
  std::vector<data::Value> manifests;
  std::vector<data::Value> hooks;
};
Result<Objects> objects_of(const helm::Rendered& rendered);

// Capabilities of a version of Kubernetes alone, as `--kube-version`: v1.25.0 when empty.
// Errors: Invalid: "invalid kubeVersion: nope".
Result<helm::Capabilities> offline_capabilities(std::string_view kube_version);

}  // namespace fleet::deploy
