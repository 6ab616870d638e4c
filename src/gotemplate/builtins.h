// The builtin functions of text/template, for other .cc files of this room.
#pragma once

#include <string>
#include <string_view>

#include "gotemplate/value.h"

namespace fleet::gotemplate {

// As reflect.Value's String: the text of a string, else "<T Value>".
std::string reflect_text(const Value& value);
std::string html_escape(std::string_view text);
std::string query_escape(std::string_view text);  // url.QueryEscape

}  // namespace fleet::gotemplate
