// What the reconcilers of this room read and write with.
#pragma once

#include <string_view>
#include <vector>

#include "kube/cache/informer.h"
#include "kube/client/client.h"
#include "playground/nodes.h"
#include "sys/clock.h"

namespace fleet::playground {

inline constexpr std::string_view kByOwner = "owner";  // an index: the uid of the controlling owner

struct World {
  kube::Client& client;
  const Clock& clock;
  const Options& options;
  const kube::Indexer& nodes;
  const kube::Indexer& pods;
  const kube::Indexer& sets;  // ReplicaSets

  std::vector<kube::Object> all_nodes() const;
  // Those that `owner` controls and that are not being deleted.
  std::vector<kube::Object> owned(const kube::Indexer& indexer, const kube::Object& owner) const;
};

}  // namespace fleet::playground
