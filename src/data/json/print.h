// Value → JSON text, byte for byte as Go's encoding/json writes it.
//
// Doubles as Go: shortest digits, "1e+21" and "1e-7" beyond the plain range. Strings escape
// < > & U+2028 U+2029 unless told otherwise. NaN and infinities cannot be written: printing CHECKs,
// so values that may hold them (YAML's .nan, arithmetic) go through check_printable first.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "data/value/value.h"

namespace fleet::json {

enum class Keys { Sorted, AsWritten };
enum class Html { Escaped, Plain };

struct Indent {
  std::string_view prefix;
  std::string_view step;  // empty: all on one line
};

// "json: unsupported value: NaN" if the value holds a number that JSON has no text for.
Result<> check_printable(const data::Value& value);

std::string print(const data::Value& value, Keys keys, Html html = Html::Escaped);
std::string print_indented(const data::Value& value,
                           Keys keys,
                           Indent indent,
                           Html html = Html::Escaped);
void append(std::string& out, const data::Value& value, Keys keys, Html html = Html::Escaped);

// The pieces, for writers of streams.
void append_string(std::string& out, std::string_view text, Html html = Html::Escaped);
void append_double(std::string& out, double number);

}  // namespace fleet::json
