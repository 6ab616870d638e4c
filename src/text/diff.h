// Line differences: the shortest edit between two texts, and its unified form.
//
// Lines are compared with their newline, so a missing final newline is a difference.
// Limits: above kMaxDiffEdits edits the rest is shown as replaced, so that time stays bounded.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fleet::text {

inline constexpr size_t kMaxDiffEdits = 4000;

struct DiffLine {
  enum class Kind { Same, Removed, Added };
  Kind kind = Kind::Same;
  std::string_view text;  // with its newline, if it has one; points into the inputs
};

// Every line of both texts once, removed lines before added ones.
std::vector<DiffLine> diff_lines(std::string_view before, std::string_view after);

struct DiffNames {
  std::string_view before = "before";
  std::string_view after = "after";
};
// "--- a\n+++ b\n@@ -1,3 +1,4 @@\n …", or "" for equal texts.
std::string unified_diff(std::string_view before,
                         std::string_view after,
                         const DiffNames& names,
                         size_t context = 3);

}  // namespace fleet::text
