#include "docs/parts.h"

namespace fleet::conformance {

void add_docs(Families& families) {
  add_json_tables(families);
  add_yaml_tables(families);
}

}  // namespace fleet::conformance
