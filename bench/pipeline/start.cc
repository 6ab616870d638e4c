// The hub alone.
#include "base/strings.h"
#include "figures.h"
#include "hub_process.h"
#include "sys/files.h"

namespace fleet::bench {
namespace {
constexpr int kStarts = 5;
}  // namespace

Result<> bench_start(const Context& ctx) {
  auto folder = TRY(sys::TempFolder::make("fleet-bench"));
  std::vector<double> cold;
  std::vector<double> warm;
  double idle = 0;
  for (int i = 0; i < kStarts; ++i) {
    const std::string data = folder.file(cat("hub-", i));
    HubProcess first = TRY(HubProcess::start(ctx, data, 0));
    cold.push_back(milliseconds(first.time_to_ready()));
    TRY(first.stop(ctx));
    HubProcess second = TRY(HubProcess::start(ctx, data, 0));
    warm.push_back(milliseconds(second.time_to_ready()));
    idle = second.resident();
    TRY(second.stop(ctx));
  }
  report("hub-ready-cold-ms", percentile(cold, 50));
  report("hub-ready-cold-worst-of-5-ms", percentile(cold, 100));
  report("hub-ready-warm-ms", percentile(warm, 50));
  report("hub-rss-no-clusters-MB", idle);
  return {};
}

}  // namespace fleet::bench
