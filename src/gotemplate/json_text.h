// JSON of template values, for other .cc files of this room.
#pragma once

#include <string>

#include "data/json/print.h"
#include "gotemplate/value.h"

namespace fleet::gotemplate {

// As encoding/json's Marshal.
Result<std::string> json_text(const Value& value, json::Html html);

}  // namespace fleet::gotemplate
