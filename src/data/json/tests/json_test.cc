#include <gtest/gtest.h>

#include "data/json/parse.h"
#include "data/json/print.h"

namespace fleet::json {
namespace {

struct Case {
  const char* rule;
  const char* text;
  const char* want;  // printed again, or the error
};

constexpr Case kCases[] = {
    {"whole numbers stay whole", "[1, -5, 18446744073709551615]", "[1,-5,18446744073709551615]"},
    {"doubles as Go prints them", "[1.50, 1e21, 1e-7, 0.000001]", "[1.5,1e+21,1e-7,0.000001]"},
    {"the last of equal keys wins", R"({"a":1,"b":2,"a":3})", R"({"a":3,"b":2})"},
    {"escapes", R"("\u0041\n\u001f\/<")", R"("A\n\u001f/\u003c")"},
    {"surrogate pairs", R"("\ud83d\ude00 \ud83d")", "\"😀 \xEF\xBF\xBD\""},
    {"bad UTF-8", "\"\xff\"", "\"\xEF\xBF\xBD\""},
    {"empty text", "  ", "unexpected end of JSON input"},
    {"no value", "}", "invalid character '}' looking for beginning of value"},
    {"a trailing comma", "[1,]", "invalid character ']' looking for beginning of value"},
    {"no colon", R"({"a" 1})", "invalid character '1' after object key"},
    {"no key", "{1}", "invalid character '1' looking for beginning of object key string"},
    {"two values", "1 x", "invalid character 'x' after top-level value"},
    {"a broken word", "trux", "invalid character 'x' in literal true (expecting 'e')"},
    {"a quote in an error", "'a'", R"(invalid character '\'' looking for beginning of value)"},
    {"a raw newline", "\"a\n\"", "invalid character '\\n' in string literal"},
    {"zeros in front", "01", "invalid character '1' after top-level value"},
};

TEST(Json, ReadsAndWritesAsGo) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.rule);
    auto value = parse(c.text);
    EXPECT_EQ(value.ok() ? print(*value, Keys::AsWritten) : value.error().message(), c.want);
  }
}

TEST(Json, NestingIsBounded) {
  std::string deep(kMaxDepth + 1, '[');
  EXPECT_EQ(parse(deep).error().message(), "exceeded max depth");
  std::string fits = std::string(kMaxDepth, '[') + std::string(kMaxDepth, ']');
  EXPECT_TRUE(parse(fits).ok());
}

TEST(Json, NextTakesOneValueFromAStream) {
  std::string_view rest = "{\"a\":1}\n[2] ";
  EXPECT_EQ(parse_next(rest)->at({"a"}).as_int(), 1);
  EXPECT_EQ(parse_next(rest)->at({0}).as_int(), 2);
  EXPECT_EQ(parse_next(rest).error().message(), "EOF");
  rest = "[1";
  EXPECT_EQ(parse_next(rest).error().message(), "unexpected EOF");
}

TEST(Json, SortsAndIndents) {
  auto value = parse(R"({"b":[1,{}],"a":{"z":null}})");
  EXPECT_EQ(print(*value, Keys::Sorted), R"({"a":{"z":null},"b":[1,{}]})");
  EXPECT_EQ(print_indented(*value, Keys::Sorted, {"", "  "}),
            "{\n  \"a\": {\n    \"z\": null\n  },\n  \"b\": [\n    1,\n    {}\n  ]\n}");
}

TEST(Json, ErrorsHaveAPlace) {
  Position position = error_position("{\n  \"a\": x}");
  EXPECT_EQ(position.line, 2U);
  EXPECT_EQ(position.column, 8U);
}

}  // namespace
}  // namespace fleet::json
