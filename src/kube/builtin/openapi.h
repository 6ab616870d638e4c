// Built-in types as schemas inside CustomResourceDefinitions.
#pragma once

#include <string_view>

#include "data/value/value.h"

namespace fleet::kube::builtin {

// The whole type, with all that it holds written out, as controller-gen embeds
// "core.v1.Affinity" in a CRD: structural, with list types and keys, required fields and defaults.
// Null if there is no such type. Types that hold themselves are cut with
// x-kubernetes-preserve-unknown-fields.
data::Value structural_schema(std::string_view type);

}  // namespace fleet::kube::builtin
