#include "fleet/parts.h"

namespace fleet::conformance {

void add_fleet(Families& families) {
  add_name_tables(families);
  add_target_tables(families);
  add_rollout_tables(families);
  add_bundle_tables(families);
  add_drift_table(families);
  add_cli_cases(families);
}

}  // namespace fleet::conformance
