#include "kustomize/parts.h"

namespace fleet::conformance {

void add_kustomize(Families& families) {
  add_kustomize_trees(families);
  add_patches(families);
  add_stream_table(families);
}

}  // namespace fleet::conformance
