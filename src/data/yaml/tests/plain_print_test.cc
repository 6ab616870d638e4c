// The plain printer against the long road: whatever it takes, it prints as the other does.
#include "data/yaml/plain_print.h"

#include <gtest/gtest.h>

#include "base/strings.h"
#include "data/yaml/yaml.h"

namespace fleet::yaml {
namespace {

bool compare(const data::Value& value) {
  std::string plain;
  if (!print_plain(value, plain)) return false;
  EXPECT_EQ(plain, print_by_nodes(value));
  return true;
}

TEST(PlainPrint, TakesUsualTexts) {
  constexpr const char* kTexts[] = {"",
                                    "a",
                                    "two words",
                                    "true",
                                    "yes",
                                    "NULL",
                                    "~",
                                    "1",
                                    "1.5",
                                    "0x1F",
                                    "1e3",
                                    "1:30",
                                    "2020-01-02",
                                    ".",
                                    "..",
                                    "...",
                                    "---",
                                    "-",
                                    "- a",
                                    "-a",
                                    "?",
                                    "? a",
                                    "?a",
                                    ":",
                                    ": a",
                                    ":a",
                                    "a:",
                                    "a: b",
                                    "a:b",
                                    "a #b",
                                    "a#b",
                                    "#a",
                                    "it's",
                                    "'quoted'",
                                    "\"q\"",
                                    " lead",
                                    "trail ",
                                    "a\\b",
                                    "{a}",
                                    "[a]",
                                    "a, b",
                                    "*a",
                                    "&a",
                                    "!a",
                                    "%a",
                                    "@a",
                                    "`a`",
                                    "|",
                                    ">",
                                    "a\nb",
                                    "a\nb\n",
                                    "a\n\n",
                                    "\n",
                                    "\na",
                                    " a\nb",
                                    "a\n b\n",
                                    "a\n\n b\n",
                                    "<<",
                                    "=",
                                    "null",
                                    "y",
                                    "n",
                                    "on",
                                    "/a/b c",
                                    "_",
                                    "a=b",
                                    "registry.example/app:1.0@sha256:00",
                                    "8080:80"};
  for (const char* text : kTexts) {
    EXPECT_TRUE(compare(data::Value::object({{"key", data::Value(text)}}))) << text;
    compare(data::Value::object({{text, data::Value(text)}}));
    EXPECT_TRUE(compare(data::Value::array({data::Value(text), data::Value::array({text})})))
        << text;
  }
}

TEST(PlainPrint, FoldsLongTexts) {
  for (const char* word : {"word ", "a  b ", "it's ", "\"x\" y ", "12 ", "a\\ ", "# x "}) {
    for (size_t times = 1; times < 60; times++) {
      for (const char* end : {"", "end", " ", "x: y"}) {
        std::string text;
        for (size_t i = 0; i < times; i++)
          text += word;
        text += end;
        compare(data::Value::object({{"key", data::Value(text)}}));
        compare(data::Value::object(
            {{"a", data::Value::array({data::Value::object({{"b", data::Value(text)}})})}}));
        compare(data::Value::array({data::Value::array({data::Value(text)})}));
      }
    }
  }
}

TEST(PlainPrint, SortsNaturallyAndNests) {
  data::Value value = data::Value::object();
  for (const char* key :
       {"b10", "b9", "b", "B", "a1b", "a01b", "a1", "_x", "1", "-", "a.b/c", "ab"})
    value.set(key, data::Value::object({{key, data::Value::array({data::Value(1), key, {}})}}));
  value.set("empty",
            data::Value::object({{"map", data::Value::object()}, {"list", data::Value::array()}}));
  value.set("numbers", data::Value::array({data::Value(INT64_MIN), data::Value(UINT64_MAX), true}));
  EXPECT_TRUE(compare(value));
  EXPECT_TRUE(compare(data::Value::array({data::Value(100.0),
                                          data::Value(-0.0),
                                          data::Value(-7.0),
                                          data::Value(9007199254740991.0)})));
  compare(data::Value::array({data::Value(9007199254740992.0), data::Value(1e20)}));
  data::Value many = data::Value::object();
  for (int i = 0; i < 100; i++)
    many.set(cat("k", (i * 37) % 100), data::Value(i));
  EXPECT_TRUE(compare(many));
}

TEST(PlainPrint, LeavesTheRest) {
  std::string out;
  for (const data::Value& value :
       {data::Value("a"),
        data::Value(1),
        data::Value::object(),
        data::Value::array(),
        data::Value::array({data::Value(1.5)}),
        data::Value::array({data::Value("\t")}),
        data::Value::array({data::Value("a \nb")}),
        data::Value::array({data::Value("\xC3\xA9")}),
        data::Value::object({{"a\nb", data::Value(1)}}),
        data::Value::object({{std::string(129, 'k'), data::Value(1)}})}) {
    EXPECT_FALSE(print_plain(value, out));
  }
}

// Texts of characters that mean something, by chance.
TEST(PlainPrint, AgreesOnMixedTexts) {
  constexpr std::string_view kCharacters = "ab01 -:#'\"\\,.[{}?&*!|>%@`~=<+_/\n";
  uint64_t state = 20261124;
  auto next = [&](size_t below) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return static_cast<size_t>(state >> 33) % below;
  };
  int taken = 0;
  for (int round = 0; round < 20'000; round++) {
    auto text = [&](size_t most) {
      std::string made;
      for (size_t left = next(most); left > 0; left--)
        made += kCharacters[next(kCharacters.size())];
      return made;
    };
    data::Value value = data::Value::object();
    value.set(text(6), data::Value(text(next(8) == 0 ? 200 : 12)));
    value.set(text(4),
              data::Value::array(
                  {data::Value(text(9)), data::Value::object({{text(4), data::Value(text(9))}})}));
    taken += compare(value) ? 1 : 0;
    if (HasNonfatalFailure()) return;
  }
  EXPECT_GT(taken, 5'000);
}

}  // namespace
}  // namespace fleet::yaml
