// The parts this program was built with. The definition is written by CMake from the list of parts.
#pragma once

#include "frame/families.h"

namespace fleet::conformance {

void add_parts(Families& families);
// False for the programs that have one part alone.
bool has_every_part();

}  // namespace fleet::conformance
