// Methods of common.Values, the type of `.Values`: AsMap, Table, PathValue and YAML.
//
// As Helm 4.2.3, pkg/chart/common/values.go. For this room's use.
#pragma once

#include <span>

#include "gotemplate/type.h"

namespace fleet::gotemplate {

std::span<const Function> values_methods();

}  // namespace fleet::gotemplate
