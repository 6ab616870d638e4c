// The flags of a program that has no commands: its words → texts, by a table.
//
// "--name=value", "--name value", and "--name" alone for a Switch; "--" ends the flags. The last
// one wins. Errors are BadRequest, in the words of Go's pflag: "unknown flag: --x", "flag needs an
// argument: --x", `invalid argument "x" for "--debug" flag: ...`. As pflag 1.0 in Fleet 0.16.
// Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fleet::text {

struct Flag {
  enum class Kind { Text, Switch };
  std::string_view name;
  Kind kind = Kind::Text;
  std::string* value = nullptr;  // a Switch: "true" or "false"; null: understood, of no effect
};

// Returns the words that are no flags.
Result<std::vector<std::string>> read_flags(std::span<const std::string> words,
                                            std::span<const Flag> flags);

// As Go's strconv.ParseBool: 1 t T TRUE true True, and 0 f F FALSE false False.
Result<bool> parse_bool(std::string_view text);

}  // namespace fleet::text
