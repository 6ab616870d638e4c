#include "helm/parts.h"

namespace fleet::conformance {

void add_helm(Families& families);

void add_helm(Families& families) {
  add_text_tables(families);
  add_values_tables(families);
  add_engine_tables(families);
  add_release_table(families);
  add_helm_cases(families);
}

}  // namespace fleet::conformance
