#include "template/parts.h"

namespace fleet::conformance {

void add_template(Families& families) {
  add_gotemplate_table(families);
  add_helmfuncs_table(families);
}

}  // namespace fleet::conformance
