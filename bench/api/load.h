// Load on an API server: what many clients do at the same time.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kube/client/client.h"

namespace fleet::bench {

inline const kube::Resource kLoads{{"bench.example.com", "v1", "loads"}, "Load", true};

// The definition of the kind that the load is made of: what a BundleDeployment costs a server.
kube::Object load_definition();
// An object of about `bytes` bytes of JSON.
kube::Object load_object(size_t number, size_t bytes);

// Seconds until `count` calls of `call(i, worker)` are done by `in_flight` workers at the same
// time. The first error ends it.
Result<double> run_parallel(size_t count,
                            size_t in_flight,
                            const std::function<Result<>(size_t i, size_t worker)>& call);

}  // namespace fleet::bench
