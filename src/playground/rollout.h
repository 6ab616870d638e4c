// A Deployment's rolling update: how many replicas each of its ReplicaSets should have now. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "data/value/value.h"
#include "kube/meta/object.h"

namespace fleet::playground {

struct ReplicaCount {
  int wanted = 0;  // spec.replicas
  int exist = 0;   // status.replicas
  int available = 0;
};

struct Rollout {
  int fresh = 0;            // replicas of the ReplicaSet of the current template
  std::vector<int> others;  // of the older ones, in the order given
};

// As the Deployment controller: never more than replicas + maxSurge pods, never fewer available
// than replicas - maxUnavailable; Recreate empties the old ones first.
// Errors: Invalid for limits that are neither numbers nor percentages.
Result<Rollout> next_step(const kube::Object& deployment,
                          ReplicaCount fresh,
                          const std::vector<ReplicaCount>& others);

// The hash of a pod template, as it stands in the label pod-template-hash. Equal templates, equal
// hashes; not the bits that a real controller computes.
std::string template_hash(const data::Value& pod_template);

int replicas_of(const kube::Object& workload);  // spec.replicas, 1 if absent

}  // namespace fleet::playground
