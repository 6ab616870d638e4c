// The built-in kinds as this server serves them (their tables and rules: kube/builtin).
#pragma once

#include "kube/apiserver/registry.h"

namespace fleet::kube::apiserver {

Catalog builtin_catalog();

}  // namespace fleet::kube::apiserver
