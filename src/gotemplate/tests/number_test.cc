#include "gotemplate/number.h"

#include <gtest/gtest.h>

namespace fleet::gotemplate {
namespace {

TEST(Number, FloatsSayWhyTheyAreNone) {
  struct Case {
    const char* text;
    const char* want;
  };
  const Case cases[] = {
      {"1e400", "strconv.ParseFloat: parsing \"1e400\": value out of range"},
      {"-.1e400", "strconv.ParseFloat: parsing \"-.1e400\": value out of range"},
      {"0x1p5000", "strconv.ParseFloat: parsing \"0x1p5000\": value out of range"},
      {"", "strconv.ParseFloat: parsing \"\": invalid syntax"},
      {"1e", "strconv.ParseFloat: parsing \"1e\": invalid syntax"},
      {"a\"b", "strconv.ParseFloat: parsing \"a\\\"b\": invalid syntax"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.text);
    EXPECT_FALSE(parse_go_float(c.text).has_value());
    auto number = read_go_float(c.text);
    ASSERT_FALSE(number.ok());
    EXPECT_EQ(number.error().message(), c.want);
  }
  EXPECT_EQ(*read_go_float("-2.5e1"), -25);
  EXPECT_EQ(*read_go_float("1e-400"), 0);
}

}  // namespace
}  // namespace fleet::gotemplate
