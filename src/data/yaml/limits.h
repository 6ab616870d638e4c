// How large a YAML text may be before it is refused. Each limit names its unit.
#pragma once

#include <cstddef>

namespace fleet::yaml {

inline constexpr size_t kMaxYamlBytes = size_t{512} * 1024 * 1024;  // bytes of one text
inline constexpr int kMaxYamlDepth = 1000;                          // levels of nesting
// A value of fewer steps than this may be aliased as often as it likes (steps are nodes decoded).
inline constexpr size_t kFreeAliasSteps = 100;
inline constexpr size_t kFreeDecodeSteps = 1000;
// Between these two numbers of decoded nodes the share of them that may come out of aliases falls
// from 99 % to 10 %. As go-yaml v2 and v3.
inline constexpr size_t kAliasRatioLow = 400'000;
inline constexpr size_t kAliasRatioHigh = 4'000'000;

}  // namespace fleet::yaml
