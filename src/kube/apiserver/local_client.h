// The Client of the same process: no sockets, no JSON text.
#pragma once

#include <memory>

#include "kube/apiserver/handle.h"
#include "kube/client/client.h"

namespace fleet::kube::apiserver {

// Lifetime: `handler` outlives it and its watches.
std::unique_ptr<Client> make_local_client(const Handler& handler, Identity identity);

// The bookmark that a watch of `served` sends.
data::Value bookmark(const Served& served, store::Revision revision, bool initial_end);

}  // namespace fleet::kube::apiserver
