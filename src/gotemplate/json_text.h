// JSON of template values, for other .cc files of this room.
#pragma once

#include <string>

#include "gotemplate/value.h"

namespace fleet::gotemplate {

enum class HtmlEscape { Yes, No };

// As encoding/json's Marshal, with or without < > & escaped.
Result<std::string> json_text(const Value& value, HtmlEscape escape);

}  // namespace fleet::gotemplate
