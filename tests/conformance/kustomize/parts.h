// The pieces of the part `kustomize`: one function a file.
#pragma once

#include "frame/families.h"

namespace fleet::conformance {

void add_kustomize_trees(Families& families);

}  // namespace fleet::conformance
