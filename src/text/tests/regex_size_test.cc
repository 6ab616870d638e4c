#include <gtest/gtest.h>

#include "base/strings.h"
#include "text/regex.h"

namespace fleet::text {
namespace {

TEST(RegexSize, RepetitionsAreWrittenOut) {
  struct Row {
    const char* rule;
    std::string pattern;
    size_t size;
  };
  const Row kRows[] = {
      {"nothing", "", 0},
      {"a part for each character", "abc", 3},
      {"a class is one part", "[a-z{9}]b", 2},
      {"a bracket that opens a class", "[]{5}]{2}", 2},
      {"an escape is one part", "\\{\\d{3}", 4},
      {"a repetition repeats the part before it", "ab{3}", 4},
      {"or the group", "(ab{3}){10}", 40},
      {"the upper bound counts", "a{2,5}", 5},
      {"or the lower, if there is no other", "a{7,}", 7},
      {"braces that are none", "a{x}", 4},
      {"groups in groups", "((a{1,1000}){1,1000}){1,1000}", 1'000'000'000},
      {"what is not closed", "((a{3}", 3},
      {"what was never opened", "a)b", 2},
  };
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.rule);
    EXPECT_EQ(regex_size(row.pattern), row.size);
  }
}

// It ends for anything, and never overflows.
TEST(RegexSize, Huge) {
  std::string pattern = "a";
  for (int i = 0; i < 100; ++i)
    pattern = cat("(", pattern, "){1000}");
  EXPECT_GT(regex_size(pattern), size_t{1} << 39);
  EXPECT_LE(regex_size(pattern), size_t{1} << 41);
  EXPECT_EQ(regex_size(repeat("(", 100'000)), 0U);
}

}  // namespace
}  // namespace fleet::text
