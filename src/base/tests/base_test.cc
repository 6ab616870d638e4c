#include <gtest/gtest.h>

#include "base/file_tree.h"
#include "base/result.h"
#include "base/strings.h"
#include "base/time.h"

namespace fleet {
namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return Error(Code::Invalid, "odd");
  return number / 2;
}

Result<int> quarter(int number) {
  int once = TRY(half(number).within("first"));
  return half(once).within("second");
}

TEST(Result, TryReturnsTheErrorWithItsPlace) {
  EXPECT_EQ(quarter(8).value(), 2);
  EXPECT_EQ(quarter(6).error().message(), "second: odd");
  EXPECT_EQ(quarter(5).error().code(), Code::Invalid);
  EXPECT_EQ(code_from_string(to_string(Code::InsufficientStorage)), Code::InsufficientStorage);
}

TEST(Strings, Splitting) {
  EXPECT_EQ(split("a,,b", ',').size(), 3U);
  EXPECT_EQ(split("", ',').size(), 1U);
  EXPECT_EQ(split_n("a=b=c", "=", 2)[1], "b=c");
  EXPECT_EQ(split_lines("a\nb\n").size(), 2U);
  EXPECT_EQ(join(split_fields("  a \t b "), "|"), "a|b");
}

TEST(Strings, QuoteAsGo) {
  EXPECT_EQ(quote("a\"\\\n\x01\xffé\u200b"), R"("a\"\\\n\x01\xffé\u200b")");
}

TEST(Strings, Utf8RefusesOverlongAndSurrogates) {
  EXPECT_FALSE(is_utf8("\xc0\x80"));
  EXPECT_FALSE(is_utf8("\xed\xa0\x80"));
  EXPECT_TRUE(is_utf8("é☃😀"));
  EXPECT_EQ(rune_count("é☃😀"), 3U);
}

TEST(Paths, AsGo) {
  EXPECT_EQ(clean_path("a//b/../c/"), "a/c");
  EXPECT_EQ(clean_path(""), ".");
  EXPECT_EQ(clean_path("/../a"), "/a");
  EXPECT_EQ(clean_path("a/.b/c.d"), "a/.b/c.d");
  EXPECT_EQ(clean_path("a/./b"), "a/b");
  EXPECT_EQ(clean_path("a/b"), "a/b");
  EXPECT_EQ(clean_path("a/b/"), "a/b");
  EXPECT_EQ(dir_name("a/b"), "a");
  EXPECT_EQ(dir_name("a"), ".");
  EXPECT_EQ(base_name("a/b/"), "b");
  EXPECT_EQ(extension("a.b/c"), "");
  EXPECT_EQ(extension("x.tar.gz"), ".gz");
  EXPECT_FALSE(is_local_path("../x"));
  EXPECT_TRUE(is_local_path("a/../b"));
}

TEST(FileTree, KeepsPathsInsideAndKindsApart) {
  FileTree tree;
  ASSERT_TRUE(tree.add("a/b.yaml", "x").ok());
  EXPECT_FALSE(tree.add("../c", "x").ok());
  EXPECT_FALSE(tree.add("a", "x").ok());
  EXPECT_FALSE(tree.add("a/b.yaml/c", "x").ok());
  EXPECT_TRUE(tree.add("a/c.yaml", "x").ok());
  EXPECT_FALSE(tree.add("a/c.yaml/d/e", "x").ok());
  EXPECT_TRUE(tree.remove("a/c.yaml"));
  ASSERT_TRUE(tree.add_folder("empty").ok());
  EXPECT_EQ(join(tree.list("."), " "), "a/ empty/");
  EXPECT_EQ(*tree.subtree("a").file("b.yaml"), "x");
  EXPECT_TRUE(tree.has_folder("a"));
  EXPECT_FALSE(tree.has_folder("b"));
}

TEST(Time, RoundTrips) {
  for (const char* text :
       {"1969-12-31T23:59:59Z", "2024-02-29T00:00:00Z", "2026-11-24T17:27:17Z"}) {
    EXPECT_EQ(format_rfc3339(parse_rfc3339(text).value()), text);
  }
  EXPECT_EQ(format_rfc3339_nano(parse_rfc3339("2026-01-02T03:04:05.250+01:00").value()),
            "2026-01-02T02:04:05.25Z");
  EXPECT_FALSE(parse_rfc3339("2026-02-30T00:00:00Z"));
  EXPECT_FALSE(parse_rfc3339("2026-02-03 00:00:00Z"));
  EXPECT_EQ(to_civil(parse_rfc3339("2026-11-24T00:00:00Z").value()).weekday, 2);
}

TEST(Utf8, WhiteSpaceAsGo) {
  for (char32_t rune : {U' ', U'\t', U'\r', U'\x85', U'\u00A0', U'\u2003', U'\u3000'}) {
    EXPECT_TRUE(is_space(rune)) << static_cast<uint32_t>(rune);
  }
  EXPECT_FALSE(is_space(U'a'));
  EXPECT_FALSE(is_space(U'\u200B'));
}

TEST(ToText, ChoosesExponentsAsGoDoes) {
  struct Case {
    double number;
    const char* want;
  };
  for (const Case& c : {Case{0, "0"},
                        Case{1.5, "1.5"},
                        Case{100000, "100000"},
                        Case{1000000, "1e+06"},
                        Case{1234567.5, "1.2345675e+06"},
                        Case{0.0001, "0.0001"},
                        Case{0.00001, "1e-05"},
                        Case{-2.5e300, "-2.5e+300"}}) {
    EXPECT_EQ(to_text(c.number), c.want);
  }
}

}  // namespace
}  // namespace fleet
