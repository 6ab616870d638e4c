// What kube-apiserver itself hands out: addresses and node ports of Services, selectors of Jobs.
//
// Addresses come from 10.43.0.0/16, node ports from 30000-32767: chosen by chance, and checked
// against the Services that there are. Nothing routes them; they are there because clients and
// charts expect them.
#pragma once

#include "kube/apiserver/core.h"

namespace fleet::kube::apiserver {

// `old` is null for a creation. An update that leaves out what was allocated keeps it.
Reply<> allocate_service(const Core& core,
                         const Call& call,
                         data::Value& service,
                         const data::Value* old);
// A new Job selects its own pods by its uid, unless it brings a selector (spec.manualSelector).
void fill_job(data::Value& job);

}  // namespace fleet::kube::apiserver
