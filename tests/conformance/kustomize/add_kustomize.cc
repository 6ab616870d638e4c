#include "kustomize/parts.h"

namespace fleet::conformance {

void add_kustomize(Families& families) {
  add_kustomize_trees(families);
  add_patches(families);
}

}  // namespace fleet::conformance
