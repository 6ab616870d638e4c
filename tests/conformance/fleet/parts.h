// The pieces of the part `fleet`: one function a file.
#pragma once

#include "frame/families.h"

namespace fleet::conformance {

void add_name_tables(Families& families);
void add_target_tables(Families& families);
void add_rollout_tables(Families& families);
void add_bundle_tables(Families& families);
void add_cli_cases(Families& families);
void add_drift_table(Families& families);

}  // namespace fleet::conformance
