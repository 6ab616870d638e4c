// The umbrella chart that bench helm renders. Always the same texts for the same number.
#pragma once

#include <string>

#include "base/result.h"

namespace fleet::bench {

// Writes the chart into an existing folder. `bench.helm --write-umbrella N DIR` does the same, so
// that anyone can put the two programs side by side.
Result<> write_umbrella(const std::string& folder, int subcharts);

}  // namespace fleet::bench
