// Runs the built `fleet` once, over a folder of a stranger, and says what it cost.
//
// For tests of hostile input: a child that spins is ended by the kernel after kMaxCpuSeconds, one
// that waits after kMaxSeconds, so a test never hangs.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fleet::e2e {

inline constexpr int kMaxCpuSeconds = 20;  // generous: a debug build on a busy machine
inline constexpr int kMaxSeconds = 120;    // on the wall
inline constexpr long kMaxRssBytes = 200L << 20;

struct Measured {
  int exit_code = 0;   // 128 + signal when a signal ended it
  std::string errors;  // its first 64 KiB and its last
  size_t output_bytes = 0;
  double cpu_seconds = 0;
  long peak_rss_bytes = 0;
};

// Path → bytes, below one folder.
using Files = std::map<std::string, std::string>;

// Writes the files below a new temporary folder and runs `fleet ARGS...` in it.
Result<Measured> run_fleet(const Files& files, const std::vector<std::string>& args);

// Expects a peak of at most kMaxRssBytes (in builds without sanitizers), and prints the figures.
void expect_small(const Measured& run, std::string_view rule);

}  // namespace fleet::e2e
