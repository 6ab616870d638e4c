// What plain scalars mean: YAML 1.1 (go-yaml v2) and the mixture of go-yaml v3. Private to this
// room.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "data/value/float_text.h"
#include "data/value/value.h"
#include "data/yaml/node.h"
#include "data/yaml/token.h"

namespace fleet::yaml {

using data::float_text;
using data::Precision;

struct Resolved {
  Tag tag = Tag::Str;
  data::Value value;   // the datum; a string for tags that have no datum of their own
  double special = 0;  // .inf and .nan, which Value's printers cannot hold, stay here
  bool is_special = false;
};

// `tag` is the tag that was written, or Tag::None. Errors: "cannot decode !!int `x` as a !!bool".
Result<Resolved> resolve(Dialect dialect, Tag tag, std::string_view text);

// True for "1:20" and the like, which YAML 1.1 reads in base 60 and which are quoted therefore.
bool is_base60(std::string_view text);
// True for y, no, On ...: booleans in YAML 1.1 but not in 1.2.
bool is_old_bool(std::string_view text);

// The name a tag has in messages: "!!int".
std::string_view tag_name(Tag tag);

}  // namespace fleet::yaml
