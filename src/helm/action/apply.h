// Creating, updating and deleting the objects of a release, in one of Helm's ways.
//
// As Helm 4.2, pkg/kube: server-side apply (field manager = the program), client-side patches
// against the last manifest, or replacement. Deleting checks the live object first.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "helm/action/objects.h"

namespace fleet::helm {

enum class Method { ServerSide, ClientSide, Replace };

struct ApplyOptions {
  Method method = Method::ServerSide;
  std::string field_manager = "helm";
  // Client side: kinds without a schema are merged against the live object, too.
  bool three_way_for_custom = false;
  // Server side: take over what this manager wrote client-side before.
  bool adopt_client_side_fields = false;
};

// Creates all, in order. Errors of several objects are joined with newlines.
Result<> create_targets(const Context& ctx,
                        kube::Client& client,
                        const Targets& targets,
                        const ApplyOptions& options);

// Brings the live objects from `originals` (what the last revision had) to `targets`. Missing ones
// are created, those that are no longer targets deleted unless the live object says
// `helm.sh/resource-policy: keep` or carries another owner.
Result<> update_targets(const Context& ctx,
                        kube::Client& client,
                        const Targets& originals,
                        const Targets& targets,
                        const ApplyOptions& options,
                        const Owner& owner);

// Deletes the live object if it is there and belongs to `owner`, in the background.
// One that is gone, or that belongs to another release by now, is left alone.
Result<> delete_target(const Context& ctx,
                       kube::Client& client,
                       const Target& target,
                       const Owner& owner);

}  // namespace fleet::helm
