// Client-side patches: what to send so that a live object follows from one manifest to the next.
#pragma once

#include <optional>

#include "base/result.h"
#include "kube/client/client.h"

namespace fleet::helm {

struct ClientSideInput {
  const data::Value& original;  // the object in the last manifest
  const data::Value& target;    // in the new one
  const data::Value& live;
  bool three_way_for_custom = false;
};

// Kinds whose schema is known: a strategic three-way patch that overwrites what others changed.
// Other kinds: a JSON merge patch from original to target, or against live when asked.
// Nothing when there is nothing to send.
Result<std::optional<kube::Patch>> client_side_patch(const kube::Resource& resource,
                                                     const ClientSideInput& input);

}  // namespace fleet::helm
