#include <gtest/gtest.h>

#include "text/diff.h"
#include "text/duration.h"
#include "text/glob.h"
#include "text/go_time.h"
#include "text/ignore.h"
#include "text/regex.h"
#include "text/semver.h"
#include "text/table.h"

namespace fleet::text {
namespace {

std::string shown(const Result<Version>& version) {
  return version.ok() ? version->text() : version.error().message();
}

TEST(Version, Parsing) {
  struct Case {
    const char* rule;
    const char* text;
    const char* loose;
    const char* strict;
  };
  constexpr Case kCases[] = {
      {"full", "1.2.3-a.1+b", "1.2.3-a.1+b", "1.2.3-a.1+b"},
      {"a leading v is loose", "v1.2.3", "1.2.3", "invalid characters in version"},
      {"missing parts are zero", "1.2", "1.2.0", "invalid semantic version"},
      {"leading zeros are loose", "01.2.3", "1.2.3", "version segment starts with 0"},
      {"but not in a pre-release",
       "1.2.3-01",
       "version segment starts with 0",
       "version segment starts with 0"},
      {"a capital V is wrong",
       "V1.2.3",
       "invalid semantic version",
       "invalid characters in version"},
      {"empty", "", "invalid semantic version", "version string empty"},
      {"too large",
       "18446744073709551616.0.0",
       "error parsing version segment: strconv.ParseUint: parsing \"18446744073709551616\": value "
       "out of range",
       "strconv.ParseUint: parsing \"18446744073709551616\": value out of range"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.rule);
    EXPECT_EQ(shown(Version::parse(c.text)), c.loose);
    EXPECT_EQ(shown(Version::parse_strict(c.text)), c.strict);
  }
}

TEST(Constraints, Check) {
  struct Case {
    const char* rule;
    const char* constraint;
    const char* version;
    bool want;
  };
  constexpr Case kCases[] = {
      {"terms are all needed", ">=1.2, <2.0", "1.9.9", true},
      {"a space is a comma", ">=1.2 <2.0", "2.0.0", false},
      {"groups are alternatives", "1.x || 3.x", "3.4.5", true},
      {"a hyphen is a range", "1.2 - 1.4", "1.4.9", true},
      {"tilde keeps the minor", "~1.2.3", "1.3.0", false},
      {"caret keeps the major", "^1.2.3", "1.9.0", true},
      {"caret of zero keeps the minor", "^0.2.3", "0.3.0", false},
      {"pre-releases need to be asked for", ">=1.2.0", "1.3.0-beta", false},
      {"and are by a pre-release", ">=1.2.0-0", "1.3.0-beta", true},
      {"beyond a wildcard is beyond its range", ">11", "11.1.0", false},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.rule);
    EXPECT_EQ(Constraints::parse(c.constraint)->check(*Version::parse(c.version)), c.want);
  }
  EXPECT_EQ(Constraints::parse("x.y").error().message(), "improper constraint: \"x.y\"");
}

TEST(Glob, SeparatorsAndOddities) {
  struct Case {
    const char* rule;
    const char* pattern;
    const char* name;
    bool want;
  };
  constexpr Case kCases[] = {
      {"a star stops at separators", "a/*", "a/b/c", false},
      {"two stars do not", "a/**", "a/b/c", true},
      {"a question mark is one character", "a?c", "abc", true},
      {"braces are alternatives", "{a,b}.txt", "b.txt", true},
      {"a class", "[a-c]x", "bx", true},
      {"a negated class", "[!a]x", "ax", false},
      {"a lone question mark matches nothing at all", "?", "", true},
      {"prefix and suffix may overlap", "ab**ba", "aba", true},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.rule);
    EXPECT_EQ(Glob::compile(c.pattern, U"/")->matches(c.name), c.want);
  }
  EXPECT_FALSE(Glob::compile("[a").ok());
  EXPECT_FALSE(Glob::compile(std::string(kMaxGlobDepth + 1, '{')).ok());
  EXPECT_TRUE(Glob::compile(std::string(kMaxGlobDepth, '{')).ok());
  EXPECT_FALSE(Glob::compile(std::string(kMaxGlobBytes + 1, 'a')).ok());
  EXPECT_TRUE(Glob::compile(std::string(kMaxGlobBytes, 'a')).ok());
}

TEST(Glob, HostilePatternEnds) {
  std::string pattern;
  for (int i = 0; i < 60; ++i)
    pattern += "*a";
  EXPECT_FALSE(Glob::compile(pattern + "b", U"/")->matches(std::string(200, 'a')));
}

TEST(PathMatch, Rules) {
  EXPECT_TRUE(*path_match("*.txt", "a.txt"));
  EXPECT_FALSE(*path_match("*.txt", "a/b.txt"));
  EXPECT_TRUE(*path_match("a[^b-d]", "ae"));
  EXPECT_EQ(path_match("[", "a").error().message(), "syntax error in pattern");
}

TEST(IgnoreRules, FirstDecisiveRuleWins) {
  auto rules = IgnoreRules::parse("# comment\n*.md\n/only-root\ndocs/\n");
  ASSERT_TRUE(rules.ok());
  rules->add_defaults();
  using Kind = IgnoreRules::Kind;
  EXPECT_TRUE(rules->ignores("a/b.md", Kind::File));
  EXPECT_TRUE(rules->ignores("only-root", Kind::File));
  EXPECT_FALSE(rules->ignores("a/only-root", Kind::File));
  EXPECT_TRUE(rules->ignores("docs", Kind::Folder));
  EXPECT_FALSE(rules->ignores("docs", Kind::File));
  EXPECT_TRUE(rules->ignores("templates/.x", Kind::File));
  EXPECT_EQ(IgnoreRules::parse("a/**").error().message(),
            "double-star (**) syntax is not supported");
  EXPECT_TRUE(IgnoreRules::parse("!*.txt")->ignores("a.md", Kind::File));
}

TEST(Duration, ParseAndFormat) {
  struct Case {
    const char* text;
    const char* want;
  };
  constexpr Case kCases[] = {
      {"1h30m", "1h30m0s"},
      {"1.5s", "1.5s"},
      {"-1.5h", "-1h30m0s"},
      {"1us", "1\u00b5s"},
      {"1d", "time: unknown unit \"d\" in duration \"1d\""},
      {"3", "time: missing unit in duration \"3\""},
      {"", "time: invalid duration \"\""},
  };
  for (const auto& c : kCases) {
    auto parsed = parse_duration(c.text);
    EXPECT_EQ(parsed.ok() ? format_duration(*parsed) : parsed.error().message(), c.want);
  }
  EXPECT_EQ(format_age(std::chrono::seconds(185)), "3m5s");
  EXPECT_EQ(format_age(std::chrono::hours(51)), "2d3h");
}

TEST(GoTime, KeepsItsOffset) {
  auto time = parse_go_time("2024-01-02T03:04:05.250-07:30");
  ASSERT_TRUE(time.ok());
  EXPECT_EQ(format_go_time(*time), "2024-01-02T03:04:05.25-07:30");
  EXPECT_EQ(format_go_time_utc(*time), "2024-01-02T10:34:05Z");
  EXPECT_EQ(parse_go_time("2024-02-30T00:00:00Z").error().message(),
            "parsing time \"2024-02-30T00:00:00Z\": day out of range");
}

TEST(Regex, AsGo) {
  auto regex = Regex::compile("(?<word>[a-z]+)-(\\d+)");
  ASSERT_TRUE(regex.ok());
  EXPECT_EQ(regex->names()[1], "word");
  EXPECT_EQ(regex->replace_all("ab-12 cd-3", "${2}_$word."), "12_ab. 3_cd.");
  EXPECT_EQ(regex->replace_all("ab-12", "$1x"), "");
  EXPECT_EQ(regex->replace_all_literal("ab-12", "$1"), "$1");
  EXPECT_EQ(Regex::compile("a(").error().message(),
            "error parsing regexp: missing closing ): `a(`");
  EXPECT_EQ(Regex::compile("a**").error().message(),
            "error parsing regexp: invalid nested repetition operator: `**`");
  EXPECT_FALSE(Regex::compile("\\C").ok());
  using Strings = std::vector<std::string>;
  EXPECT_EQ(Regex::compile("a")->split("banana", -1), (Strings{"b", "n", "n", ""}));
  EXPECT_EQ(Regex::compile("")->split("abc", -1), (Strings{"a", "b", "c"}));
  EXPECT_EQ(Regex::compile("a*")->find_all("baaac").size(), 3U);
  EXPECT_EQ(regex_quote("a.b"), "a\\.b");
}

TEST(Table, PadsColumns) {
  Table table({"NAME", "AGE"});
  table.add_row({"short", "1d"});
  table.add_row({"a-longer-name", "2d"});
  EXPECT_EQ(table.print(),
            "NAME            AGE\n"
            "short           1d\n"
            "a-longer-name   2d\n");
}

TEST(Diff, Unified) {
  EXPECT_EQ(unified_diff("a\nb\nc\n", "a\nx\nc\n", {"l", "r"}),
            "--- l\n+++ r\n@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n");
  EXPECT_EQ(unified_diff("a\n", "a\n", {}), "");
  EXPECT_EQ(unified_diff("", "a\n", {"l", "r"}), "--- l\n+++ r\n@@ -0,0 +1 @@\n+a\n");
  EXPECT_EQ(unified_diff("a", "a\n", {"l", "r"}),
            "--- l\n+++ r\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
}

}  // namespace
}  // namespace fleet::text
