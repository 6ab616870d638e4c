// The families of this part.
#pragma once

#include "frame/families.h"

namespace fleet::conformance {

void add_gotemplate_table(Families& families);
void add_helmfuncs_table(Families& families);

}  // namespace fleet::conformance
