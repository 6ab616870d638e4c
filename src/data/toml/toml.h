// TOML 1.1: texts to values and back, as BurntSushi/toml 1.6 does it.
//
// Reading: whole numbers are int64, tables are objects in the order of the text. Dates and times
// become strings in the form that encoding/json gives Go's values for them; `Document::times` says
// where they are, for those who want more than a string.
// Writing: keys in byte order, plain values before tables, tables in tables indented by two spaces;
// doubles always have a point or an exponent; nulls in tables are left out. A number kept as
// written that is a date or time is written as such. Errors: Invalid, in the library's words:
// `toml: line 1 (last key "a"): unexpected EOF; expected value`.
// Limits: kMaxDepth levels. Pure. Threads: any.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "data/value/value.h"

namespace fleet::toml {

inline constexpr int kMaxDepth = 200;

struct Time {
  enum class Kind { WithOffset, LocalDateTime, LocalDate, LocalTime };
  struct Step {
    std::string name;  // of a member, if `is_index` is false
    size_t index = 0;
    bool is_index = false;
  };
  std::vector<Step> path;
  Kind kind = Kind::WithOffset;
  std::string text;    // as written, "T" and "Z" in capitals
  std::string layout;  // Go's reference layout for `text`
};

struct Document {
  data::Value value;
  std::vector<Time> times;
};

Result<Document> parse(std::string_view text);
Result<std::string> print(const data::Value& value);

}  // namespace fleet::toml
