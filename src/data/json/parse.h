// JSON text → Value, with the rules and the words of Go's encoding/json.
//
// Objects keep the order of their members; of equal keys the last value wins. Bad UTF-8 and lone
// surrogates become U+FFFD. Errors are BadRequest with Go's texts, for example
// "invalid character '}' looking for beginning of value" or "unexpected end of JSON input".
// Limits: kMaxDepth levels ("exceeded max depth"; Go allows ten times as many, which no document of
// ours needs and no small stack bears). The size of the text is the caller's to bound.
// Pure. As Go 1.26.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "data/value/value.h"

namespace fleet::json {

inline constexpr int kMaxDepth = 1'000;

enum class Numbers {
  Whole,      // int64 (or uint64) when written as a whole number that fits, else double: Kubernetes
  Double,     // always double: what Go gives for `any`; too large a number is an error
  AsWritten,  // the text itself: what patches need
};

struct ParseOptions {
  Numbers numbers = Numbers::Whole;
};

// The whole text is one value with white space around it.
Result<data::Value> parse(std::string_view text, ParseOptions options = {});

// Takes one value from the front of `rest`, as json.Decoder does; "unexpected EOF" (or "EOF", when
// only white space is left) for a text that ends too early.
Result<data::Value> parse_next(std::string_view& rest, ParseOptions options = {});

// Where a failed parse stopped: 1-based line and column, for messages to people.
struct Position {
  size_t line = 1;
  size_t column = 1;
};
// The position of the first syntax error, or of the end if there is none.
Position error_position(std::string_view text);

}  // namespace fleet::json
