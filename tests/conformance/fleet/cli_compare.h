// Comparing what a `fleet` command printed with the recording, by the rules of fleet-cli/README.md.
#pragma once

#include <string>

#include "frame/families.h"

namespace fleet::conformance {

struct Printed {
  int code = 0;
  std::string out;
  std::string err;
};

// Empty when equal.
Difference compare_printed(const Printed& want, const Printed& got);

}  // namespace fleet::conformance
