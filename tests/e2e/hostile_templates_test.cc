// Templates that want to eat the machine: each ends in a clear error, soon and small.
//
// The program is the built one, as a child; its peak memory is asserted where no sanitizer adds to
// it. Time is not asserted but by the deadline of a run: see measured.h.
#include <gtest/gtest.h>

#include "base/strings.h"
#include "e2e/measured.h"

namespace fleet::e2e {
namespace {

// Documents that share themselves: 2^60 nodes when written out.
constexpr std::string_view kShared =
    R"({{$d := dict "x" 1}}{{range until 60}}{{$d = dict "a" $d "b" $d}}{{end}})";

struct Hostile {
  const char* rule;
  std::string text;   // templates/a.yaml
  const char* words;  // in the error
};

std::string shared(std::string_view use) {
  return cat(kShared, use);
}

std::string nested(std::string_view before, std::string_view inside, std::string_view after) {
  constexpr size_t kLevels = 100'000;
  return cat(repeat(before, kLevels), inside, repeat(after, kLevels));
}

// `{{define "a"}}{{include "b"}}{{include "b"}}{{end}}` and so on: 2^20 calls.
std::string fan_out() {
  std::string text = R"({{define "t20"}}x{{end}}{{include "t0" .}})";
  for (int i = 0; i < 20; ++i) {
    text += cat("{{define \"t", i, "\"}}");
    for (int j = 0; j < 4; ++j)
      text += cat("{{include \"t", i + 1, "\" .}}");
    text += "{{end}}";
  }
  return text;
}

std::string many_variables() {
  std::string text;
  for (int i = 0; i < 100'000; ++i)
    text += cat("{{$v", i, " := 1}}");
  return text + "{{range 1000000}}{{$v0}}{{end}}";
}

std::vector<Hostile> recursions() {
  return {
      {"include of itself",
       R"({{define "x"}}{{include "x" .}}{{end}}{{include "x" .}})",
       "nested reference name: x"},
      {"template of itself",
       R"({{define "x"}}a{{template "x" .}}{{end}}{{template "x" .}})",
       "exceeded maximum template depth"},
      {"two that include each other",
       R"({{define "a"}}{{include "b" .}}{{end}}{{define "b"}}{{include "a" .}}{{end}}{{include "a" .}})",
       "nested reference name"},
      {"tpl of itself",
       R"({{define "g"}}{{tpl "{{include \"g\" .}}" .}}{{end}}{{include "g" .}})",
       "template"},
      {"includes that fan out", fan_out(), "steps"},
      {"parentheses in parentheses", nested("(", "1", ")").insert(0, "{{") + "}}", "deep"},
      {"blocks in blocks", nested("{{if 1}}", "x", "{{end}}"), "nested too deeply"},
      {"a map in itself", R"({{$d := dict}}{{$_ := set $d "a" $d}}{{mustToJson $d}})", "cycle"},
      {"a map in itself, merged",
       R"({{$d := dict}}{{$_ := set $d "a" $d}}{{$e := dict}}{{$_ := set $e "a" $e}}{{merge $d $e}})",
       "too deeply"},
  };
}

std::vector<Hostile> loops() {
  return {
      {"a range over 10^9", "{{range 1000000000}}{{end}}", "steps"},
      {"until 10^9", "{{range until 1000000000}}a{{end}}", "too large"},
      {"loops in loops", "{{range 100000}}{{range 100000}}{{end}}{{end}}", "steps"},
      {"untilStep", "{{untilStep 0 1000000000 1}}", "too large"},
      {"seq", "{{seq 1000000000}}", "too large"},
      {"a long list searched for each of its items",
       "{{$l := until 100000}}{{range $l}}{{has -1 $l}}{{end}}",
       "steps"},
      {"uniq of a long list", "{{uniq (until 200000)}}", "steps"},
      {"a long text compared again and again",
       R"({{$s := repeat 1000000 "a"}}{{$t := repeat 1000000 "a"}}{{range 1000000}}{{$_ := eq $s $t}}{{end}})",
       "steps"},
      {"a long text hashed again and again",
       R"({{$s := repeat 10000000 "a"}}{{range 1000000}}{{$_ := sha256sum $s}}{{end}})",
       "steps"},
      {"a long text read again and again",
       R"({{$s := print (repeat 1000000 "- a\n") "]"}}{{range 1000000}}{{$_ := fromYamlArray $s}}{{end}})",
       "render"},
      {"a pattern that is matched slowly",
       R"({{$s := repeat 1000000 "ab"}}{{range 1000000}}{{$_ := regexMatch "(a|b)*a(a|b){900}$" $s}}{{end}})",
       "steps"},
      {"thousands of variables", many_variables(), "steps"},
      {"bcrypt", R"({{range 100000}}{{$_ := bcrypt "a"}}{{end}})", "steps"},
      {"derivePassword",
       R"({{range until 100000}}{{$_ := derivePassword 1 "long" "p" "u" "s"}}{{end}})",
       "steps"},
      {"private keys", R"({{range 100000}}{{$_ := genPrivateKey "rsa"}}{{end}})", "steps"},
      {"certificates", R"({{range 100000}}{{$_ := genCA "x" 1}}{{end}})", "steps"},
  };
}

std::vector<Hostile> sizes() {
  return {
      {"1 GB of output", R"({{range until 100000}}{{repeat 10000 "a"}}{{end}})", "bytes"},
      {"1 GB of output without a value",
       cat("{{range 10000000}}", repeat("a", 100), "{{end}}"),
       "output is larger"},
      {"repeat", R"({{repeat 1000000000 "a"}})", "too large"},
      {"indent", R"({{indent 1000000000 "a"}})", "too large"},
      {"a wide number", R"({{printf (repeat 1000 "%1000000[1]d") 1}})", "bytes"},
      {"a width from an argument", R"({{fail (printf "%*d" 1000000000 1)}})", "BADWIDTH"},
      {"random letters", "{{randAlphaNum 1000000000}}", "too large"},
      {"random bytes", "{{randBytes 1000000000}}", "too large"},
      {"a text that doubles",
       R"({{$s := "a"}}{{range until 100}}{{$s = print $s $s}}{{end}})",
       "bytes"},
      {"a text that grows",
       R"({{$s := "a"}}{{range until 200000}}{{$s = print $s "aaaaaaaaaa"}}{{end}})",
       "bytes"},
      {"a list that doubles",
       "{{$l := list 1}}{{range until 100}}{{$l = concat $l $l}}{{end}}",
       "too large"},
      {"a list that grows",
       "{{$l := list 1}}{{range until 1000000}}{{$l = append $l 1}}{{end}}",
       "bytes"},
      {"a long join", R"({{join (repeat 100000 "a") (until 100000)}})", "too large"},
      {"letters of a long text", R"({{splitList "" (repeat 50000000 "a")}})", "too large"},
      {"a long text shuffled", R"({{shuffle (repeat 90000000 "a")}})", "bytes"},
      {"a long text encrypted", R"({{encryptAES "k" (repeat 90000000 "a")}})", "bytes"},
      {"a long text quoted", R"({{quote (repeat 40000000 "\x01")}})", "too large"},
      {"replace with more",
       R"({{replace "" (repeat 1000 "b") (repeat 1000000 "a")}})",
       "too large"},
      {"regexReplaceAll with more",
       R"({{regexReplaceAll "" (repeat 1000000 "a") (repeat 1000 "b")}})",
       "too large"},
      {"sorted numbers", "{{sortAlpha (until 3000000)}}", "bytes"},
      {"shared maps copied", shared("{{$_ := deepCopy $d}}"), "render"},
      {"shared maps merged", shared("{{$_ := mergeOverwrite (deepCopy $d) $d}}"), "render"},
      {"shared maps printed", shared("{{$d}}"), "bytes"},
      {"shared maps as YAML", shared("{{toYaml $d}}"), "a document may have"},
      {"shared maps as JSON", shared("{{toJson $d}}"), "a document may have"},
      {"shared maps as TOML", shared("{{toToml $d}}"), "a document may have"},
      {"the same text in a long list",
       R"({{$s := repeat 1000000 "a"}}{{$l := list}}{{range until 1000}}{{$l = append $l $s}}{{end}}{{toYaml $l}})",
       "a document may have"},
      {"an alias bomb in the output",
       "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
       "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
       "e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n"
       "g: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f]\nh: [*g,*g,*g,*g,*g,*g,*g,*g,*g]\n",
       "excessive aliasing"},
      {"deep YAML in the output", R"(a: {{repeat 1000000 "["}})", "exceeded max depth"},
      {"deep YAML read", R"({{fail (toJson (fromYaml (repeat 1000000 "[")))}})", "max depth"},
      {"deep JSON read", R"({{fail (toJson (fromJson (repeat 1000000 "[")))}})", "max depth"},
      {"deep TOML read",
       R"({{fail (toJson (fromToml (print "a=" (repeat 1000000 "["))))}})",
       "deep"},
  };
}

void check(const std::vector<Hostile>& table) {
  for (const Hostile& hostile : table) {
    SCOPED_TRACE(hostile.rule);
    const auto run = run_fleet({{"c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 0.1.0\n"},
                                {"c/templates/a.yaml", hostile.text}},
                               {"helm", "template", "r", "c"});
    ASSERT_TRUE(run.ok()) << run.error().message();
    EXPECT_EQ(run->exit_code, 1) << run->errors.substr(0, 1000);
    EXPECT_TRUE(contains(run->errors, hostile.words)) << run->errors.substr(0, 1000);
    EXPECT_EQ(run->output_bytes, 0U);
    expect_small(*run, hostile.rule);
  }
}

TEST(HostileTemplates, Recursions) {
  check(recursions());
}
TEST(HostileTemplates, Loops) {
  check(loops());
}
TEST(HostileTemplates, Sizes) {
  check(sizes());
}

}  // namespace
}  // namespace fleet::e2e
