// The marks that Helm's required and fail put around their message, and its wording of failures.
// For the .cc files of this room; others use exec.h.
#pragma once

#include <string>
#include <string_view>

namespace fleet::gotemplate {

std::string mark_message(std::string_view message);

}  // namespace fleet::gotemplate
