#include "playground/rollout.h"

#include <algorithm>

#include "data/json/print.h"
#include "kube/meta/intorstring.h"
#include "playground/pods.h"

namespace fleet::playground {

using data::Value;
using kube::IntOrString;

namespace {

Result<int> limit(const Value& written, int replicas, kube::Rounding rounding) {
  auto value = written.is_null() ? IntOrString::of("25%") : TRY(IntOrString::from_value(written));
  return kube::scaled_value(value, replicas, rounding);
}

}  // namespace

int replicas_of(const kube::Object& workload) {
  return static_cast<int>(workload.at({"spec", "replicas"}).as_int(1));
}

std::string template_hash(const Value& pod_template) {
  std::string text = json::print(pod_template, json::Keys::Sorted);
  return short_hash(text) + short_hash(text + "#");
}

Result<Rollout> next_step(const kube::Object& deployment,
                          ReplicaCount fresh,
                          const std::vector<ReplicaCount>& others) {
  int replicas = replicas_of(deployment);
  const Value& strategy = deployment.at({"spec", "strategy"});
  const Value& rolling = strategy["rollingUpdate"];
  int surge = TRY(limit(rolling["maxSurge"], replicas, kube::Rounding::Up));
  int down = TRY(limit(rolling["maxUnavailable"], replicas, kube::Rounding::Down));
  if (surge == 0 && down == 0) down = 1;
  bool recreate = strategy["type"].as_string() == "Recreate";

  Rollout out;
  int old_pods = 0;
  int available = fresh.available;
  for (const ReplicaCount& other : others) {
    old_pods += std::max(other.wanted, other.exist);
    available += other.available;
    out.others.push_back(recreate ? 0 : other.wanted);
  }
  if (recreate) {
    out.fresh = old_pods == 0 ? replicas : 0;
    return out;
  }
  int room = replicas + surge - old_pods;
  out.fresh = std::clamp(room, std::min(fresh.wanted, replicas), replicas);
  // First what is not available anyway, then as many as may be missed.
  int spare = std::max(0, available - (replicas - down));
  for (size_t i = 0; i < others.size(); ++i) {
    int broken = std::max(0, others[i].wanted - others[i].available);
    int healthy = std::min(spare, others[i].wanted - broken);
    out.others[i] -= broken + healthy;
    spare -= healthy;
  }
  return out;
}

}  // namespace fleet::playground
