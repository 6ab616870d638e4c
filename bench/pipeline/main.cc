// bench.pipeline [start|commits|scale ...]: a commit's way to clusters, with real processes.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include "figures.h"
#include "sys/thread.h"

namespace fleet::bench {

void report(std::string_view figure, double ours) {
  std::printf("bench pipeline %s ours=%.4g peer=none ratio=1\n", std::string(figure).c_str(), ours);
  std::fflush(stdout);
}

double milliseconds(Duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

double percentile(std::vector<double> samples, double percent) {
  if (samples.empty()) return 0;
  std::sort(samples.begin(), samples.end());
  const double rank = std::ceil(percent / 100 * static_cast<double>(samples.size()));
  return samples[static_cast<size_t>(std::max(rank, 1.0)) - 1];
}

namespace {

struct Part {
  std::string_view name;
  Result<> (*run)(const Context& ctx);
};
constexpr Part kParts[] = {
    {"start", bench_start}, {"commits", bench_commits}, {"scale", bench_scale}};

int run_parts(const std::vector<std::string>& names) {
  std::printf(
      "hub, agents and clusters as processes of their own, %d processors, TLS, SQLite with fsync,"
      " git over http, polled every 100 ms; no peer\n",
      sys::processor_count());
  bool failed = false;
  for (const Part& part : kParts) {
    const bool wanted =
        names.empty() || std::find(names.begin(), names.end(), part.name) != names.end();
    if (!wanted) continue;
    const Result<> done = part.run(Context::background());
    if (done.ok()) continue;
    failed = true;
    std::fprintf(stderr,
                 "bench pipeline %s: %s\n",
                 std::string(part.name).c_str(),
                 done.error().message().c_str());
  }
  return failed ? 1 : 0;
}

}  // namespace
}  // namespace fleet::bench

int main(int argc, char** argv) {
  return fleet::bench::run_parts({argv + 1, argv + argc});
}
