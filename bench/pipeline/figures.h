// The parts of the benchmark, and how a figure is printed.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "sys/context.h"

namespace fleet::bench {

// "bench pipeline FIGURE ours=VALUE peer=none ratio=1"
void report(std::string_view figure, double ours);
double milliseconds(Duration duration);
// Nearest rank: the smallest sample that `percent` of all do not exceed. Zero when there is none.
double percentile(std::vector<double> samples, double percent);

// The hub alone: how soon it is ready, and what it holds when idle.
Result<> bench_start(const Context& ctx);
// A hub, three clusters, the sample repository and one of ten bundles with its 20 commits.
Result<> bench_commits(const Context& ctx);
// One Bundle to 250, 500, 1,000 and 2,000 registered clusters.
Result<> bench_scale(const Context& ctx);

}  // namespace fleet::bench
