#include "kustomize/parts.h"

namespace fleet::conformance {

void add_kustomize(Families& families) {
  add_kustomize_trees(families);
}

}  // namespace fleet::conformance
