#include "kube/apiserver/request_metrics.h"

namespace fleet::kube::apiserver {

void RequestMetrics::record(const RequestInfo& info, int status, Duration took) {
  // Paths and names that nobody serves would make series without end.
  if (!info.is_resource || status == 404) return;
  const sys::Labels what{{"verb", info.verb},
                         {"group", info.group},
                         {"version", info.version},
                         {"resource", info.resource},
                         {"subresource", info.subresource}};
  sys::Labels counted = what;
  counted.emplace_back("code", std::to_string(status));
  metrics_
      .counter("apiserver_request_total",
               "Requests that were answered, by what they asked for.",
               counted)
      .add();
  if (info.verb == "watch") return;
  metrics_
      .histogram("apiserver_request_duration_seconds",
                 "Time to answer a request, without watches.",
                 sys::default_bounds(),
                 {{"verb", info.verb}, {"group", info.group}, {"resource", info.resource}})
      .observe(std::chrono::duration<double>(took).count());
}

}  // namespace fleet::kube::apiserver
