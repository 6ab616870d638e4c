// The pieces of the part `kustomize`: one function a file.
#pragma once

#include <string>
#include <vector>

#include "frame/families.h"

namespace fleet::conformance {

void add_kustomize_trees(Families& families);
void add_patches(Families& families);
void add_stream_table(Families& families);

// Cases of structured merge, for the family `patches`.
Result<> load_structured_merge(const std::string& corpus, std::vector<Case>& cases);
Result<> load_structured_tables(const std::string& corpus, std::vector<Case>& cases);

}  // namespace fleet::conformance
