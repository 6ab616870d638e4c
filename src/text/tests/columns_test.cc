#include "text/columns.h"

#include <gtest/gtest.h>

namespace fleet::text {
namespace {

struct Case {
  const char* rule;
  const char* lines;
  const char* want;
};

TEST(Columns, Align) {
  const Case cases[] = {
      {"nothing", "", ""},
      {"without tabs lines stay", "a\nbb\n", "a\nbb\n"},
      {"a column is as wide as its widest cell", "a\t1\nbbb\t22\n", "a    1\nbbb  22\n"},
      {"what is behind the last tab does not count",
       "a\t1\nb\tlong\t!\nc\t2\t?\n",
       "a  1\nb  long  !\nc  2     ?\n"},
      {"a line without the cell begins a new run", "aaaa\t1\n-\nb\t2\n", "aaaa  1\n-\nb  2\n"},
      {"characters, not bytes", "→\t1\nab\t2\n", "→   1\nab  2\n"},
      {"runs end where the cell is missing, column by column",
       "a\tb\tc\nd\te\nf\tggg\th\n",
       "a  b  c\nd  e\nf  ggg  h\n"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.rule);
    EXPECT_EQ(align_columns(c.lines, 2), c.want);
  }
}

}  // namespace
}  // namespace fleet::text
