// Merging in both modes. Private to this room.
#pragma once

#include "base/result.h"
#include "data/value/value.h"
#include "kube/merge/strategic.h"

namespace fleet::kube {

// OntoPatch combines two patches: nulls and directives stay.
enum class MergeMode { OntoObject, OntoPatch };

Result<data::Value> merge_strategic(const data::Value& live,
                                    const data::Value& patch,
                                    const PatchSchema& schema,
                                    MergeMode mode);

}  // namespace fleet::kube
