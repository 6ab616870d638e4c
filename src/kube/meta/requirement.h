// Making one requirement of a label selector, with apimachinery's checks. For this room.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kube/meta/selector.h"
#include "kube/meta/status.h"

namespace fleet::kube {

// `path` stands in front of the complaints; empty is printed as <nil>.
FieldErrors check_requirement_key(std::string_view key, std::string_view path);

// Sorts the values and drops doubles; complains about all that is wrong at once.
Result<Requirement> make_requirement(std::string_view key,
                                     Operator op,
                                     std::vector<std::string> values);

// By key; equal keys keep their order.
void sort_requirements(std::vector<Requirement>& requirements);

}  // namespace fleet::kube
