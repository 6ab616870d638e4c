// Go's quoted strings, read and written, as package strconv does. For the .cc files of this room.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fleet::gotemplate {

// The text of "..." or `...`; nothing when it is not well formed.
std::optional<std::string> unquote(std::string_view quoted);
// The rune of a character constant such as 'x' or '\n', quotes included.
enum class RuneSyntax { Good, Invalid, Malformed };
RuneSyntax unquote_rune(std::string_view quoted, char32_t& rune);

// %q, %+q (ASCII only), and a rune in single quotes.
std::string quote_ascii(std::string_view text);
std::string quote_rune(int64_t rune, bool ascii);
// Whether a string can be written between back quotes.
bool can_backquote(std::string_view text);

}  // namespace fleet::gotemplate
