// Runs cases in child processes, so that a crash or a hang is one unequal case and nothing more.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "frame/families.h"

namespace fleet::conformance {

inline constexpr int kSecondsPerCase = 120;

// Calls `done(index, difference)` for every case, in no order, from the calling thread.
void run_cases(const std::vector<Case>& cases,
               int workers,
               const std::function<void(size_t, const Difference&)>& done);

}  // namespace fleet::conformance
