// Several writes at the same time, so that the store can commit them together.
#pragma once

#include <cstddef>
#include <functional>

#include "base/result.h"

namespace fleet::controller {

// Calls run(0) … run(count - 1) from at most `threads` threads, all of them, and returns the first
// error by index.
Result<> for_each_parallel(size_t count,
                           size_t threads,
                           const std::function<Result<>(size_t)>& run);

}  // namespace fleet::controller
