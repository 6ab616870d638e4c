// What /metrics says about requests, in kube-apiserver's names.
#pragma once

#include "kube/apiserver/request_info.h"
#include "sys/clock.h"
#include "sys/metrics.h"

namespace fleet::kube::apiserver {

// Threads: all functions from any thread.
class RequestMetrics {
 public:
  explicit RequestMetrics(Metrics& metrics)
      : metrics_(metrics) {}

  // Of an answered request; a watch counts when it starts and has no duration.
  void record(const RequestInfo& info, int status, Duration took);

 private:
  Metrics& metrics_;
};

}  // namespace fleet::kube::apiserver
