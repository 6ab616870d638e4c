// What a workload says of itself, from its pods or ReplicaSets. Pure.
#pragma once

#include <vector>

#include "base/time.h"
#include "data/value/value.h"
#include "kube/meta/object.h"

namespace fleet::playground {

data::Value replicaset_status(const kube::Object& set, const std::vector<kube::Object>& pods);
data::Value statefulset_status(const kube::Object& set, const std::vector<kube::Object>& pods);
data::Value daemonset_status(const kube::Object& set, const std::vector<kube::Object>& pods);
data::Value job_status(const kube::Object& job,
                       const std::vector<kube::Object>& pods,
                       TimePoint now);
// `fresh` may be null: the ReplicaSet of the current template does not exist yet.
data::Value deployment_status(const kube::Object& deployment,
                              const kube::Object* fresh,
                              const std::vector<kube::Object>& sets,
                              TimePoint now);

}  // namespace fleet::playground
