// What bench helm measures. CPU is user and system time of a whole process, RSS its peak.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fleet::bench {

struct Bench {
  std::string corpus;
  std::string self;  // this program
  std::string helm;  // the peer; empty: none
};

struct Usage {
  bool ok = false;  // ended with 0
  double cpu_seconds = 0;
  double peak_bytes = 0;
};

// Runs a program with its output thrown away; the cheapest of `times` runs.
Usage measure(const std::vector<std::string>& command, int times);
// CPU seconds of one of `times` runs on average; 0 if one of them failed.
double mean_cpu_seconds(const std::vector<std::string>& command, int times);
std::string find_helm();
// One line: `bench helm FIGURE ours=… peer=… ratio=…`; ratio > 1 means ours is better.
void report(std::string_view figure, double ours, double peer, bool has_peer, bool more_is_better);

int render_one(const std::string& chart);
void real_charts(const Bench& bench);
void umbrellas(const Bench& bench);
void many_clusters(const Bench& bench);

}  // namespace fleet::bench
