#include "gotemplate/exec.h"

#include <gtest/gtest.h>

#include "base/strings.h"
#include "data/json/parse.h"

namespace fleet::gotemplate {
namespace {

const char* const kData =
    R"({"s": "hi", "n": 3, "f": 1000000, "l": [1, "two", null], "m": {"a": {"b": 1}},
                              "t": true, "nil": null})";

struct Rendered {
  std::string text;
  std::string error;
};

Rendered render(std::string_view text, const FunctionTable& functions, Limits limits = {}) {
  auto set = std::make_shared<TemplateSet>(functions, MissingKey::Default);
  auto parsed = set->parse("t", text);
  if (!parsed.ok()) return {{}, parsed.error().message()};
  PureHost host;
  Execution run(set, host, limits);
  data::Value data = json::parse(kData, {json::Numbers::Double}).value();
  Rendered out;
  if (!run.execute("t", wrap(run.heap(), data), out.text)) out.error = run.failure().text();
  return out;
}

struct Row {
  const char* rule;
  const char* text;
  const char* want;
};

TEST(Exec, Rules) {
  constexpr Row kRows[] = {
      {"text is copied", "a b", "a b"},
      {"numbers of documents are floats", "{{ .f }}", "1e+06"},
      {"a missing key is no value", "{{ .x }}", "<no value>"},
      {"trim markers take white space", "a {{- 1 -}} b", "a1b"},
      {"if with else if", "{{ if .x }}1{{ else if .t }}2{{ else }}3{{ end }}", "2"},
      {"with sets dot", "{{ with .m.a }}{{ .b }}{{ end }}", "1"},
      {"else with", "{{ with .x }}1{{ else with .s }}{{ . }}{{ end }}", "hi"},
      {"range over a list",
       "{{ range $i, $e := .l }}{{ $i }}{{ $e }};{{ end }}",
       "01;1two;2<no value>;"},
      {"range over a map is sorted", "{{ range $k, $v := .m }}{{ $k }}{{ end }}", "a"},
      {"range over a whole number", "{{ range 3 }}{{ . }}{{ end }}", "012"},
      {"break", "{{ range 9 }}{{ if eq . 2 }}{{ break }}{{ end }}{{ . }}{{ end }}", "01"},
      {"continue", "{{ range 4 }}{{ if eq . 2 }}{{ continue }}{{ end }}{{ . }}{{ end }}", "013"},
      {"break out of with in range",
       "{{ range 3 }}{{ with 1 }}{{ break }}{{ end }}{{ end }}x",
       "x"},
      {"variables end with their block",
       "{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ $y := 3 }}{{ end }}{{ $x }}",
       "2"},
      {"templates see only their argument",
       "{{ define \"d\" }}{{ . }}{{ $ }}{{ end }}{{ template \"d\" 1 }}",
       "11"},
      {"a block is a default", "{{ block \"b\" 7 }}[{{ . }}]{{ end }}", "[7]"},
      {"and and or stop early",
       "{{ or .t (index .l 99) }}{{ and .nil (index .l 99) }}",
       "true<no value>"},
      {"pipelines give the last argument", "{{ 3 | printf \"%d-%d\" 2 }}", "2-3"},
  };
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.rule);
    Rendered out = render(row.text, builtin_functions());
    EXPECT_EQ(out.error, "");
    EXPECT_EQ(out.text, row.want);
  }
}

TEST(Exec, Errors) {
  constexpr Row kRows[] = {
      {"parse errors name the line", "a\n{{ if }}", "template: t:2: missing value for if"},
      {"unknown functions", "{{ nope }}", "template: t:1: function \"nope\" not defined"},
      {"position is that of the second field",
       "{{ .m.a.b.c }}",
       "template: t:1:5: executing \"t\" at <.m.a.b.c>: can't evaluate field c in type interface "
       "{}"},
      {"nil in a chain",
       "{{ .nil.x.y }}",
       "template: t:1:7: executing \"t\" at <.nil.x.y>: nil pointer evaluating interface {}.x"},
      {"floats and ints do not compare",
       "{{ eq .n 3 }}",
       "template: t:1:3: executing \"t\" at <eq .n 3>: error calling eq: incompatible types for "
       "comparison: float64 and int"},
      {"range over text",
       "{{ range .s }}{{ end }}",
       "template: t:1:9: executing \"t\" at <.s>: range can't iterate over hi"},
      {"missing templates",
       "{{ template \"no\" }}",
       "template: t:1:12: executing \"t\" at <{{template \"no\"}}>: template \"no\" not defined"},
      {"endless templates",
       "{{ define \"d\" }}{{ template \"d\" }}{{ end }}{{ template \"d\" }}",
       "template: t:1:28: executing \"d\" at <{{template \"d\"}}>: exceeded maximum template depth "
       "(100000)"},
  };
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.rule);
    EXPECT_EQ(render(row.text, builtin_functions()).error, row.want);
  }
}

// Looking for one variable among thousands takes time, which counts.
TEST(Exec, ManyVariables) {
  std::string text;
  for (int i = 0; i < 3'000; ++i)
    text += cat("{{ $v", i, " := ", i, " }}");
  EXPECT_EQ(render(text + "{{ $v7 }}", builtin_functions()).text, "7");
  EXPECT_EQ(render(text + "{{ if 1 }}{{ $v7 := 1 }}{{ end }}{{ $v7 }}", builtin_functions()).text,
            "7");
  Rendered out =
      render(text + "{{ range 1000 }}{{ $v0 }}{{ end }}", builtin_functions(), {.steps = 10'000});
  EXPECT_NE(out.error.find("steps"), std::string::npos) << out.error;
}

// Every limit ends the render with a message that names it.
TEST(Exec, Limits) {
  Limits small{.steps = 10'000, .output_bytes = 10'000, .heap_bytes = 1'000'000};
  struct Hostile {
    const char* rule;
    const char* text;
    const char* names;
  };
  constexpr Hostile kHostile[] = {
      {"a long loop", "{{ range 1000000000 }}{{ end }}", "steps"},
      {"much output", "{{ range 100000 }}aaaaaaaaaaaaaaaa{{ end }}", "output"},
      {"large texts", "{{ $s := \"x\" }}{{ range 40 }}{{ $s = print $s $s }}{{ end }}", "bytes"},
      {"a repeated text", "{{ repeat 1000000000 \"x\" }}", "too large"},
      {"a long list", "{{ until 1000000000 }}", "too large"},
      {"a wide indent", "{{ indent 1000000000 \"x\" }}", "too large"},
      {"a template that includes itself",
       "{{ define \"a\" }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}",
       "nested reference name: a"},
      {"tpl in tpl",
       "{{ define \"a\" }}{{ tpl \"{{ include \\\"a\\\" . }}\" . }}{{ end }}{{ include \"a\" . }}",
       "e"},
      {"a long join", "{{ join (repeat 1000 \"x\") (until 10000) }}", "too large"},
      {"a text in single letters", "{{ splitList \"\" (repeat 100000 \"x\") }}", "too large"},
      {"wide numbers", "{{ printf (repeat 40 \"%1000000[1]d\") 1 }}", "bytes"},
      {"a copy of what is shared",
       "{{ $d := dict }}{{ range 40 }}{{ $d = dict \"a\" $d \"b\" $d }}{{ end }}{{ deepCopy $d }}",
       "the render"},
      {"what is shared as YAML",
       "{{ $d := dict }}{{ range 40 }}{{ $d = dict \"a\" $d \"b\" $d }}{{ end }}{{ toYaml $d }}",
       "a document may have"},
      {"what is shared as JSON",
       "{{ $d := dict }}{{ range 40 }}{{ $d = dict \"a\" $d \"b\" $d }}{{ end }}{{ toJson $d }}",
       "a document may have"},
      {"long texts looked at often",
       "{{ $s := repeat 100000 \"x\" }}{{ range 1000 }}{{ $_ := eq $s \"y\" }}{{ end }}",
       "steps"},
      {"what is slow by intent", "{{ range 50 }}{{ $_ := bcrypt \"x\" }}{{ end }}", "steps"},
      {"a map in itself", "{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ $d }}", ""},
      {"a map in itself as YAML",
       "{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ mustToJson $d }}",
       "cycle"},
  };
  for (const Hostile& hostile : kHostile) {
    SCOPED_TRACE(hostile.rule);
    Rendered out = render(hostile.text, helm_functions(), small);
    if (hostile.names[0] != '\0') {
      EXPECT_NE(out.error, "");
      EXPECT_NE(out.error.find(hostile.names), std::string::npos) << out.error;
    }
  }
}

TEST(Exec, FailuresAreWordedAsHelmDoes) {
  auto text = [](std::string_view chart_template) {
    auto set = std::make_shared<TemplateSet>(helm_functions(), MissingKey::Zero);
    EXPECT_TRUE(set->parse("c/templates/t.yaml", chart_template).ok());
    PureHost host;
    Execution run(set, host);
    std::string out;
    EXPECT_FALSE(run.execute("c/templates/t.yaml", make_map(run.heap()), out));
    return helm_execution_error(run.failure(), "c/templates/t.yaml");
  };
  EXPECT_EQ(text("{{ required \"need it\" .x }}"),
            "execution error at (c/templates/t.yaml:1:3): need it");
  EXPECT_EQ(text("{{ trim 1 }}"),
            "c/templates/t.yaml:1:8\n  executing \"c/templates/t.yaml\" at <1>:\n    expected "
            "string; found 1");
  EXPECT_EQ(
      text("{{ atoi (first 1) }}"),
      "template: c/templates/t.yaml:1:9: executing \"c/templates/t.yaml\" at <first 1>: error "
      "calling first: Cannot find first on type int");
}

// A second render in the same execution starts clean and gives the same.
TEST(Exec, ResetForgetsValues) {
  auto set = std::make_shared<TemplateSet>(helm_functions(), MissingKey::Zero);
  ASSERT_TRUE(set->parse("t", "{{ $_ := set . \"n\" 1 }}{{ tpl \"{{ .n }}\" . }}").ok());
  PureHost host;
  Execution run(set, host);
  data::Value data = data::Value::object({{"a", 1}});
  for (int i = 0; i < 3; ++i) {
    run.reset();
    std::string out;
    ASSERT_TRUE(run.execute("t", wrap(run.heap(), data), out));
    EXPECT_EQ(out, "1");
    EXPECT_FALSE(data.contains("n"));  // the document itself is never changed
  }
}

}  // namespace
}  // namespace fleet::gotemplate
