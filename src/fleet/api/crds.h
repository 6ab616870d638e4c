// The CustomResourceDefinitions of Fleet's 14 kinds, made from their field tables.
//
// What `kubectl get` shows, scopes and categories are upstream's. As Fleet 0.16: one version,
// served and stored, no short names, and Content has the singular name `content`.
#pragma once

#include <vector>

#include "data/value/value.h"

namespace fleet::api {

// In the order of their kinds' names.
std::vector<data::Value> crds();

}  // namespace fleet::api
