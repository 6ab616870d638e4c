// Simulated nodes: what makes a playground cluster look alive, with nothing running.
//
// Deployments make ReplicaSets, those make Pods (StatefulSets, DaemonSets and Jobs do too); pods
// are put on a simulated node, become Ready after a delay, complete when their Job wants it, and
// fail when an annotation asks for it. Services get endpoints and addresses, claims are bound.
//
// Threads: `run` starts and joins its own. Lifetime: the client outlives it.
#pragma once

#include <chrono>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "kube/client/client.h"
#include "sys/context.h"

namespace fleet::playground {

// On a workload, its pod template or a pod: the reason to fail with.
inline constexpr std::string_view kFailAnnotation = "playground.fleet.dev/fail";
// On nodes: says in words that nothing runs there.
inline constexpr std::string_view kSimulatedLabel = "playground.fleet.dev/simulated";

struct Options {
  Duration ready_delay = std::chrono::milliseconds(300);  // from a pod's creation to Ready
};

// Makes the nodes, then keeps workloads, pods, services and claims moving until `ctx` stops.
Result<> run(const Context& ctx, kube::Client& client, const Options& options);

}  // namespace fleet::playground
