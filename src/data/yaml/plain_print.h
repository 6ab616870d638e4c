// Values as marshalled YAML, straight into a text. Private to this room.
#pragma once

#include <string>

#include "data/value/value.h"

namespace fleet::yaml {

// Appends what `print` answers for the value, where it is usual: a map or list that is not empty,
// texts of ASCII, whole numbers. False: it has something else (other characters, control
// characters, numbers with a point, very long keys, more than kMaxPrintDepth levels); `out` is then
// in any state.
bool print_plain(const data::Value& value, std::string& out);

// What `print` answers, by the long road: over a tree. For values of any kind.
std::string print_by_nodes(const data::Value& value);

inline constexpr int kMaxPrintDepth = 64;

}  // namespace fleet::yaml
