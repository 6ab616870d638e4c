// The pieces of the part `docs`: one function a file.
#pragma once

#include "frame/families.h"

namespace fleet::conformance {

void add_json_tables(Families& families);
void add_yaml_tables(Families& families);

}  // namespace fleet::conformance
