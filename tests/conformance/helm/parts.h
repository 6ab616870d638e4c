// The families of this part, one function a file; `add_helm` calls them all.
#pragma once

#include "frame/families.h"

namespace fleet::conformance {

void add_text_tables(Families& families);
void add_values_tables(Families& families);
void add_engine_tables(Families& families);
void add_release_table(Families& families);
void add_helm_cases(Families& families);

}  // namespace fleet::conformance
