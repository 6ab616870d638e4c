// The small language of --set, --set-string, --set-file, --set-json and --set-literal.
//
//   a.b=1,c={x,y},d[0].e="z"  →  {a: {b: 1}, c: [x, y], d: [{e: z}]}
//
// As Helm 4.2.3, pkg/strvals. Whole numbers are int64, `true`, `false` and `null` what they say,
// all else text. Errors: Invalid, in Helm's texts.
// Limits: kMaxListIndex ("index of 65537 is greater than maximum supported index of 65536"),
// kMaxNestedNames ("value name nested level is greater than maximum supported nested level of 30").
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "data/value/value.h"

namespace fleet::helm {

inline constexpr int64_t kMaxListIndex = 65536;
inline constexpr int kMaxNestedNames = 30;

// Each reads `text` over `values`, an object (or null).
Result<> set_values(std::string_view text, data::Value& values);   // ParseInto: --set
Result<> set_strings(std::string_view text, data::Value& values);  // --set-string
Result<> set_json(std::string_view text, data::Value& values);     // --set-json, key=JSON
Result<> set_literal(std::string_view text, data::Value& values);  // --set-literal
using ReadFile = std::function<Result<data::Value>(std::string_view path)>;
// --set-file: `read` answers for the text behind "=".
Result<> set_files(std::string_view text, data::Value& values, const ReadFile& read);

}  // namespace fleet::helm
