#include "api/parts.h"

namespace fleet::conformance {

void add_api(Families& families) {
  add_health(families);
  add_quantity(families);
  add_selectors(families);
}

}  // namespace fleet::conformance
