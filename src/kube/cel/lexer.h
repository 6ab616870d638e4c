// The words of an expression. For this room.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kube/cel/value.h"

namespace fleet::kube::cel {

enum class Word { End, Name, Literal, Symbol };

struct Lexeme {
  Word word = Word::End;
  size_t at = 0;
  std::string text;      // of Name and Symbol
  Val value;             // of Literal
  bool escaped = false;  // a name in backticks: only after a dot
};

// Errors: Invalid, "Syntax error: token recognition error at: '…'" with its place.
Result<std::vector<Lexeme>> scan(std::string_view source);

// "ERROR: <input>:1:6: WHAT\n | line\n | .....^"
Error error_at(std::string_view source, size_t at, std::string_view what);

}  // namespace fleet::kube::cel
