#include "data/schema/schema.h"

#include <gtest/gtest.h>

#include "base/strings.h"
#include "data/json/parse.h"
#include "data/schema/decimal.h"
#include "data/schema/location.h"
#include "data/schema/problem.h"

namespace fleet::schema {
namespace {

std::string check(std::string_view schema, std::string_view document) {
  Options options;
  options.base = "file:///values.schema.json";
  auto compiled = Schema::compile(schema, options);
  if (!compiled.ok()) return compiled.error().message();
  auto valid = compiled->validate(*json::parse(document));
  if (valid.ok()) return "ok";
  std::string text = valid.error().message();
  return text.substr(text.find('\n') + 1);
}

TEST(Schema, Keywords) {
  struct Case {
    const char* rule;
    const char* schema;
    const char* document;
    const char* want;
  };
  constexpr Case kCases[] = {
      {"an empty schema allows all", "{}", "[1]", "ok"},
      {"types",
       R"({"type":["string","integer"]})",
       "true",
       "- at '': got boolean, want integer or string"},
      {"1.0 is an integer", R"({"type":"integer"})", "1.0", "ok"},
      {"required", R"({"required":["a","b"]})", "{}", "- at '': missing properties 'a', 'b'"},
      {"limits have thousands separators",
       R"({"maximum":65535})",
       "70000",
       "- at '': maximum: got 70,000, want 65,535"},
      {"multiples are exact", R"({"multipleOf":0.1})", "0.3", "ok"},
      {"one cause of a reference stands alone",
       R"({"$defs":{"p":{"type":"null"}},"$ref":"#/$defs/p"})",
       "1",
       "- at '': got number, want null"},
      {"alternatives show why each failed",
       R"({"anyOf":[{"type":"null"},{"type":"array"}]})",
       "1",
       "- at '': 'anyOf' failed\n  - at '': got number, want null\n  - at '': got number, want "
       "array"},
      {"unevaluated properties",
       R"({"allOf":[{"properties":{"a":{}}}],"unevaluatedProperties":false})",
       R"({"a":1,"b":2})",
       "- at '/b': false schema"},
      {"draft 4 has exclusive flags",
       R"({"$schema":"http://json-schema.org/draft-04/schema#","minimum":1,"exclusiveMinimum":true})",
       "1",
       "- at '': exclusiveMinimum: got 1, want 1"},
      {"formats are asserted up to draft 7",
       R"({"$schema":"http://json-schema.org/draft-07/schema#","format":"ipv4"})",
       "\"x\"",
       "- at '': 'x' is not valid ipv4: expected four decimals"},
      {"but not later", R"({"format":"ipv4"})", "\"x\"", "ok"},
      {"a reference to nowhere",
       R"({"$ref":"#/nope"})",
       "1",
       "json-pointer in \"file:///values.schema.json#/nope\" not found"},
      {"a dynamic reference finds the outermost anchor",
       R"({"$dynamicAnchor":"n","type":"object","properties":{"n":{"$dynamicRef":"#n"}}})",
       R"({"n":{"n":1}})",
       "- at '/n/n': got number, want object"},
      {"a reference to itself is seen",
       R"({"$ref":"#"})",
       "1",
       "- at '': both /$ref and  resolve to \"file:///values.schema.json#\" causing reference "
       "cycle"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.rule);
    EXPECT_EQ(check(c.schema, c.document), c.want);
  }
}

TEST(Schema, IsCheckedWithItsMetaschema) {
  EXPECT_EQ(
      check(R"({"minLength":-1})", "1"),
      "\"file:///values.schema.json#\" is not valid against metaschema: jsonschema validation "
      "failed with 'https://json-schema.org/draft/2020-12/schema#'\n"
      "- at '': 'allOf' failed\n"
      "  - at '/minLength': minimum: got -1, want 0");
  for (const char* draft : {"http://json-schema.org/draft-04/schema#",
                            "http://json-schema.org/draft-06/schema#",
                            "http://json-schema.org/draft-07/schema#",
                            "https://json-schema.org/draft/2019-09/schema",
                            "https://json-schema.org/draft/2020-12/schema"}) {
    std::string schema = std::string(R"({"type":"object","$schema":")") + draft + R"("})";
    EXPECT_EQ(check(schema, "{}"), "ok") << draft;
  }
}

TEST(Schema, NestingEndsAtTheLimit) {
  auto nested = [](int levels) {
    std::string out = "{}";
    for (int i = 0; i < levels; ++i)
      out = R"({"not":)" + out + "}";
    return out;
  };
  EXPECT_EQ(check(nested(100), "1"), "ok");
  EXPECT_EQ(check(nested(kMaxSchemaDepth + 10), "1"), "schema nests too deeply");
}

// What takes long for its size ends at a limit.
TEST(Schema, WorkEndsAtTheLimit) {
  std::string patterns = R"({"$schema": "http://json-schema.org/draft-04/schema#",
                             "patternProperties": {)";
  for (int i = 0; i < 600; ++i)
    patterns += cat(i == 0 ? "" : ",", "\"((a{1,30}){1,30}b", i, ")\": {}");
  auto large = Schema::compile(patterns + "}}", {});
  ASSERT_FALSE(large.ok());
  EXPECT_EQ(large.error().message(), "the patterns of the schema are too large");

  auto formatted = Schema::compile(
      cat(R"({"properties": {"a": {"pattern": ")", repeat("(a{1,30}){1,30}", 3'000), "\"}}}"), {});
  ASSERT_FALSE(formatted.ok());
  EXPECT_NE(formatted.error().message().find("too many steps"), std::string::npos);

  std::string choices = "[0";
  for (int i = 1; i < 20'000; ++i)
    choices += cat(",", i);
  auto many = Schema::compile(cat(R"({"items": {"enum": )", choices, "]}}"), {});
  ASSERT_TRUE(many.ok());
  data::Value list = data::Value::array();
  for (int i = 0; i < 20'000; ++i)
    list.push_back(data::Value(-1));
  auto checked = many->validate(list);
  ASSERT_FALSE(checked.ok());
  EXPECT_LE(checked.error().message().size(), kMaxProblemBytes + 100);

  // Two ways at each of 60 levels.
  std::string ways = R"({"$ref": "#/definitions/d0", "definitions": {"d60": {"type": "string"})";
  for (int i = 0; i < 60; ++i) {
    ways += cat(", \"d",
                i,
                R"(": {"anyOf": [{"$ref": "#/definitions/d)",
                i + 1,
                R"("}, {"$ref": "#/definitions/d)",
                i + 1,
                R"("}]})");
  }
  auto ways_schema = Schema::compile(ways + "}}", {});
  ASSERT_TRUE(ways_schema.ok());
  auto tried = ways_schema->validate(data::Value(1));
  ASSERT_FALSE(tried.ok());
  EXPECT_LE(tried.error().message().size(), kMaxProblemBytes + 100);
}

TEST(Decimal, IsExact) {
  EXPECT_EQ(Decimal::compare(*Decimal::parse("0.1"), *Decimal::parse("1e-1")), 0);
  EXPECT_LT(Decimal::compare(*Decimal::parse("-2"), *Decimal::parse("-1.5")), 0);
  EXPECT_GT(Decimal::compare(*Decimal::parse("12345678901234567891"),
                             *Decimal::parse("12345678901234567890")),
            0);
  EXPECT_TRUE(Decimal::parse("1.50")->is_multiple_of(*Decimal::parse("0.5")));
  EXPECT_FALSE(Decimal::parse("0.35")->is_multiple_of(*Decimal::parse("0.1")));
  EXPECT_EQ(english(1.5e6), "1.5×10⁰⁶");
  EXPECT_EQ(english(-1234.5), "-1,234.5");
  EXPECT_EQ(english(0.00001), "1×10⁻⁰⁵");
}

TEST(Location, ReferencesAreJoined) {
  auto joined = join_reference("http://h/a/b.json", "../c.json#/x%20y");
  ASSERT_TRUE(joined.ok());
  EXPECT_EQ(joined->url, "http://h/c.json");
  EXPECT_EQ(joined->fragment, "/x y");
}

}  // namespace
}  // namespace fleet::schema
