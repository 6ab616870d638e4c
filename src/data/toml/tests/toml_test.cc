#include "data/toml/toml.h"

#include <gtest/gtest.h>

#include "data/json/print.h"

namespace fleet::toml {
namespace {

struct Row {
  const char* rule;
  const char* text;
  const char* want;
};

TEST(Toml, Reads) {
  constexpr Row kRows[] = {
      {"whole numbers", "a = 1_000\nb = 0x1F\nc = -0o7", "error"},
      {"bases", "b = 0x1F\nc = 0b101", R"({"b":31,"c":5})"},
      {"floats", "a = 1.5e3\nb = -0.25", R"({"a":1500,"b":-0.25})"},
      {"strings", "a = \"x\\ty\"\nb = 'c:\\d'", R"({"a":"x\ty","b":"c:\\d"})"},
      {"long strings",
       "a = \"\"\"\none \\\n  two\"\"\"\nb = '''\nx'''",
       R"({"a":"one two","b":"x"})"},
      {"tables", "[a.b]\nc = 1\n[a]\nd = 2", R"({"a":{"b":{"c":1},"d":2}})"},
      {"lists of tables", "[[a]]\nn = 1\n[[a]]\nn = 2", R"({"a":[{"n":1},{"n":2}]})"},
      {"inline tables", "a = {b = 1, c.d = [1, 2,]}", R"({"a":{"b":1,"c":{"d":[1,2]}}})"},
      {"dotted keys", "a.b = 1\na.c = 2", R"({"a":{"b":1,"c":2}})"},
      {"comments", "# x\na = 1 # y\n", R"({"a":1})"},
      {"dates",
       "d = 2020-01-02\nt = 10:11:12",
       R"({"d":"2020-01-02T00:00:00Z","t":"0000-01-01T10:11:12Z"})"},
  };
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.rule);
    auto out = parse(row.text);
    if (std::string_view(row.want) == "error") {
      EXPECT_FALSE(out.ok());
      continue;
    }
    ASSERT_TRUE(out.ok()) << out.error().message();
    EXPECT_EQ(json::print(out->value, json::Keys::AsWritten), row.want);
  }
}

TEST(Toml, Errors) {
  constexpr Row kRows[] = {
      {"no separator", "x", "toml: line 1: unexpected EOF; expected key separator '='"},
      {"no value", "a = ", "toml: line 1 (last key \"a\"): unexpected EOF; expected value"},
      {"twice", "a = 1\na = 2", "toml: line 2 (last key \"a\"): Key 'a' has already been defined."},
      {"colon", "a: 1", "toml: line 1: expected '.' or '=', but got ':' instead"},
  };
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.rule);
    auto out = parse(row.text);
    ASSERT_FALSE(out.ok());
    EXPECT_EQ(out.error().message(), row.want);
  }
}

TEST(Toml, DeepValuesAreRefused) {
  std::string text = "a = " + std::string(100'000, '[');
  auto out = parse(text);
  ASSERT_FALSE(out.ok());
  EXPECT_NE(out.error().message().find("nested too deeply"), std::string::npos);
}

TEST(Toml, Prints) {
  using data::Value;
  Value value = Value::object({{"t", Value::object({{"x", 1}})},
                               {"a", 1.0},
                               {"l", Value::array({1, "b"})},
                               {"n", nullptr}});
  EXPECT_EQ(print(value).value(), "a = 1.0\nl = [1, \"b\"]\n\n[t]\n  x = 1\n");
  EXPECT_EQ(print(Value::array({nullptr})).error().message(),
            "toml: cannot encode array with nil element");
}

}  // namespace
}  // namespace fleet::toml
