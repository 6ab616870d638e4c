// Pods: made from templates, and moved along as time passes. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "data/value/value.h"
#include "kube/meta/object.h"

namespace fleet::playground {

// Five characters that follow from the text, from Kubernetes' alphabet without vowels.
std::string short_hash(std::string_view text);

// The pod `name` of `owner`, from a pod template; the owner's fail annotation comes along.
kube::Object pod_from(const kube::Object& owner,
                      const data::Value& pod_template,
                      const std::string& name);

// The reason to fail with, or nothing.
std::optional<std::string> failure_of(const kube::Object& object);

bool is_ready(const kube::Object& pod);
bool is_finished(const kube::Object& pod);  // Succeeded or Failed

// The name of the node whose labels the pod's nodeSelector accepts; empty if there is none.
std::string choose_node(const kube::Object& pod, const std::vector<kube::Object>& nodes);

struct PodStep {
  data::Value status;
  std::optional<Duration> again;  // when it will change by itself
};
// What the pod's status should be at `now`. `completes`: it belongs to a Job and ends by itself.
PodStep next_status(const kube::Object& pod, TimePoint now, Duration ready_delay, bool completes);

}  // namespace fleet::playground
