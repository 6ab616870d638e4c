#include <gtest/gtest.h>

#include "gotemplate/exec.h"

namespace fleet::gotemplate {
namespace {

std::string render(std::string_view text) {
  auto set = std::make_shared<TemplateSet>(helm_functions(), MissingKey::Zero);
  auto parsed = set->parse("t", text);
  if (!parsed.ok()) return parsed.error().message();
  PureHost host;
  Execution run(set, host);
  std::string out;
  if (!run.execute("t", make_map(run.heap()), out)) return run.failure().text();
  return out;
}

struct Row {
  const char* text;
  const char* want;
};

TEST(Functions, Strings) {
  constexpr Row kRows[] = {
      {"{{ trunc -2 \"abc\" }}", "bc"},
      {"{{ indent 2 \"a\\n\\nb\" }}", "  a\n  \n  b"},
      {"{{ nindent 1 \"a\" }}", "\n a"},
      {"{{ quote 1 nil \"a\\n\" }}", "\"1\" \"a\\n\""},
      {"{{ squote \"a\" 2 }}", "'a' '2'"},
      {"{{ cat \"a\" nil 1.5 }}", "a 1.5"},
      {"{{ snakecase \"HTTPServer\" }}", "http_server"},
      {"{{ kebabcase \"Bld4Floor3rd\" }}", "bld4-floor-3rd"},
      {"{{ camelcase \"http_server\" }}", "HttpServer"},
      {"{{ swapcase \"aBc dE\" }}", "AbC De"},
      {"{{ abbrev 6 \"abcdefgh\" }}", "abc..."},
      {"{{ wrapWith 3 \"|\" \"abcdef g\" }}", "abc|def|g"},
      {"{{ upper \"h\u00e9\" }}", "H\u00c9"},
      {"{{ trimAll \"$\" \"$5$\" }}", "5"},
      {"{{ substr 1 3 \"hello\" }}", "el"},
      {"{{ join \"-\" (list 1 nil \"a\") }}", "1-a"},
      {"{{ (split \"/\" \"a/b\")._1 }}", "b"},
  };
  for (const Row& row : kRows) {
    EXPECT_EQ(render(row.text), row.want) << row.text;
  }
}

TEST(Functions, Numbers) {
  constexpr Row kRows[] = {
      {"{{ add 1 \"0x10\" true }}", "18"},
      {"{{ int \"1.00\" }}{{ int \"010\" }}", "18"},
      {"{{ div 7 2 }}{{ mod -7 2 }}", "3-1"},
      {"{{ addf 0.1 0.2 }}", "0.3"},
      {"{{ divf 1 3 }}", "0.3333333333333333"},
      {"{{ round 2.5 0 }}{{ round -2.5 0 }}", "3-3"},
      {"{{ seq 0 2 10 }}", "0 2 4 6 8 10"},
      {"{{ until 3 }}", "[0 1 2]"},
      {"{{ toDecimal \"777\" }}", "511"},
      {"{{ max 1 5 3 }}", "5"},
  };
  for (const Row& row : kRows) {
    EXPECT_EQ(render(row.text), row.want) << row.text;
  }
}

TEST(Functions, ListsAndDicts) {
  constexpr Row kRows[] = {
      {"{{ chunk 2 (list 1 2 3) }}", "[[1 2] [3]]"},
      {"{{ has 1 (list 1.0) }}{{ has 1 (list 1) }}", "falsetrue"},
      {"{{ $d := dict \"a\" 1 }}{{ $e := $d }}{{ $_ := set $e \"b\" 2 }}{{ $d }}", "map[a:1 b:2]"},
      {"{{ merge (dict \"a\" 0) (dict \"a\" 1 \"b\" nil) }}", "map[a:1]"},
      {"{{ mergeOverwrite (dict \"a\" 1) (dict \"a\" nil) }}", "map[a:<nil>]"},
      {"{{ dig \"a\" \"b\" \"x\" (dict \"a\" (dict)) }}", "x"},
      {"{{ keys (dict \"b\" 1 \"a\" 2) }}", "[a b]"},
      {"{{ without (list 1 2 1) 1 }}", "[2]"},
      {"{{ deepEqual (list 1) (list 1) }}", "true"},
      {"{{ first list }}{{ rest list }}", "[]"},
  };
  for (const Row& row : kRows) {
    std::string want = row.want;
    EXPECT_EQ(render(row.text), want == "[]" ? "<no value>[]" : want) << row.text;
  }
}

TEST(Functions, Documents) {
  constexpr Row kRows[] = {
      {"{{ toYaml (dict \"a\" (list 1 \"yes\")) }}", "a:\n- 1\n- \"yes\""},
      {"{{ fromYaml \"a: [1, x]\" | toJson }}", "{\"a\":[1,\"x\"]}"},
      {"{{ (fromYaml \"[1]\").Error }}",
       "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value "
       "of "
       "type map[string]interface {}"},
      {"{{ toJson \"<&>\" }}", "\"\\u003c\\u0026\\u003e\""},
      {"{{ toRawJson \"<&>\" }}", "\"<&>\""},
      {"{{ toToml (dict \"a\" (dict \"b\" 1.0)) }}", "[a]\n  b = 1.0\n"},
      {"{{ (fromToml \"a = 1\").a | kindOf }}", "int64"},
      {"{{ b64enc \"a\" }}{{ b64dec \"YQ==\" }}", "YQ==a"},
  };
  for (const Row& row : kRows) {
    EXPECT_EQ(render(row.text), row.want) << row.text;
  }
}

TEST(Functions, DatesVersionsUrls) {
  constexpr Row kRows[] = {
      {"{{ toDate \"2006-01-02\" \"2020-02-29\" | dateModify \"24h\" | date \"Mon Jan _2\" }}",
       "Sun Mar  1"},
      {"{{ (toDate \"2006-01-02\" \"2020-02-29\").Weekday }}", "Saturday"},
      {"{{ durationRound \"2h10m5s\" }}", "2h"},
      {"{{ semverCompare \">=1.2\" \"1.3.0\" }}", "true"},
      {"{{ (semver \"v1.2.3-rc.1\").Prerelease }}", "rc.1"},
      {"{{ (urlParse \"http://u:p@h:80/p?q#f\").hostname }}", "h"},
      {"{{ urlJoin (dict \"scheme\" \"http\" \"host\" \"h\" \"path\" \"/a b\") }}",
       "http://h/a%20b"},
      {"{{ regexReplaceAll \"a(x*)b\" \"-ab-axxb-\" \"${1}W\" }}", "-W-xxW-"},
  };
  for (const Row& row : kRows) {
    EXPECT_EQ(render(row.text), row.want) << row.text;
  }
}

}  // namespace
}  // namespace fleet::gotemplate
