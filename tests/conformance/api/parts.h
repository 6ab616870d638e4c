// The tables of this part.
#pragma once

#include "frame/families.h"

namespace fleet::conformance {

void add_health(Families& families);
void add_quantity(Families& families);
void add_selectors(Families& families);

}  // namespace fleet::conformance
