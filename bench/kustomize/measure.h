// What bench kustomize measures: whole processes, their CPU (user and system), wall time and peak.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fleet::bench {

struct Usage {
  bool ok = false;   // ended with 0
  bool cut = false;  // stopped at the limit: the figures are lower bounds
  double cpu_seconds = 0;
  double wall_seconds = 0;
  double peak_bytes = 0;
};

// Runs a program with its output thrown away; the cheapest of `times` runs. It is stopped after
// `max_cpu_seconds` of CPU.
Usage measure(const std::vector<std::string>& command, int times, unsigned max_cpu_seconds);

// The command that builds a folder with the real tool, less the folder: KUSTOMIZE=, else kubectl.
// Empty: there is none.
std::vector<std::string> find_peer();

}  // namespace fleet::bench
