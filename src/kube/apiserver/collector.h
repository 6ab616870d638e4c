// Garbage collection: what owners leave behind, and what owners wait for.
//
// Safety: an object is deleted for want of owners only when the absence of each was read from the
// store itself, by uid, twice, with a pause between. An owner of a kind that is not served now is
// never taken for absent.
#pragma once

#include <memory>

#include "kube/apiserver/chore.h"
#include "kube/client/client.h"

namespace fleet::kube::apiserver {

std::unique_ptr<Chore> make_collector(Core& core, Client& client);

}  // namespace fleet::kube::apiserver
