// Printing as Go's package fmt does it: %v of nested values, Printf with all its verbs and flags.
//
// Limits: kMaxFormatWidth columns, as Go; output stops growing at `limit` bytes and values nested
// deeper than kMaxValueDepth print as "...": a map that contains itself has no end.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "gotemplate/value.h"

namespace fleet::gotemplate {

inline constexpr int kMaxFormatWidth = 1'000'000;
inline constexpr size_t kMaxPrintedBytes = size_t{32}
                                           << 20;  // one value or one Printf; more ends the render

// As fmt.Fprint(out, value) for one value: the %v form.
void append_value(Heap& heap, std::string& out, const Value& value);
std::string value_text(Heap& heap, const Value& value);

// fmt.Sprint, Sprintln, Sprintf.
void append_print(Heap& heap, std::string& out, std::span<const Value> values);
void append_println(Heap& heap, std::string& out, std::span<const Value> values);
void append_printf(Heap& heap,
                   std::string& out,
                   std::string_view format,
                   std::span<const Value> values);

}  // namespace fleet::gotemplate
