#include <gtest/gtest.h>

#include "data/fields/fields.h"
#include "data/json/parse.h"
#include "data/json/print.h"
#include "kube/crd/generate.h"
#include "kube/crd/json_path.h"
#include "kube/crd/openapi.h"
#include "kube/crd/structural.h"

namespace fleet::kube::crd {
namespace {

using data::Value;

Value parsed(std::string_view text) {
  auto value = json::parse(text);
  EXPECT_TRUE(value.ok()) << text;
  return value.ok() ? *value : Value();
}

std::string printed(const Value& value) {
  return json::print(value, json::Keys::Sorted, json::Html::Plain);
}

Value crd_with(const Value& spec_schema) {
  Value crd = parsed(R"j({"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
    "metadata":{"name":"widgets.example.com"},
    "spec":{"group":"example.com","scope":"Namespaced",
      "names":{"plural":"widgets","kind":"Widget"},
      "versions":[{"name":"v1","served":true,"storage":true,
        "schema":{"openAPIV3Schema":{"type":"object","properties":{}}}}]}})j");
  crd.set({"spec", "versions", 0, "schema", "openAPIV3Schema", "properties", "spec"}, spec_schema);
  return crd;
}

Definition compiled(const char* spec_schema) {
  Value crd = crd_with(parsed(spec_schema));
  set_crd_defaults(crd);
  auto out = Definition::compile(crd);
  EXPECT_EQ(out.errors.size(), 0U) << join_field_errors(out.errors);
  return out.definition;
}

std::string errors_of(const char* schema, const char* spec, const char* old = nullptr) {
  Definition definition = compiled(schema);
  Value object = Value::object({{"spec", parsed(spec)}});
  Value before = Value::object({{"spec", old != nullptr ? parsed(old) : Value()}});
  auto errors = definition.versions[0].validate(object, old != nullptr ? &before : nullptr);
  return errors.empty() ? "" : join_field_errors(errors);
}

TEST(Compile, NamesAndConditions) {
  Value crd = crd_with(parsed(R"j({"type":"object"})j"));
  set_crd_defaults(crd);
  EXPECT_EQ(crd.at({"spec", "names", "listKind"}).to_string(), "WidgetList");
  EXPECT_EQ(crd.at({"spec", "names", "singular"}).to_string(), "widget");
  set_crd_status(crd, "", TimePoint{});
  EXPECT_EQ(printed(crd.at({"status", "storedVersions"})), "[\"v1\"]");
  EXPECT_EQ(crd.at({"status", "conditions", 1, "type"}).to_string(), "Established");
}

TEST(Compile, SaysWhatIsWrong) {
  Value crd = crd_with(parsed(R"j({"properties":{"a":{"type":"text"}}})j"));
  crd.set({"metadata", "name"}, "other");
  auto out = Definition::compile(crd);
  std::string text = join_field_errors(out.errors);
  EXPECT_EQ(text,
            "[metadata.name: Invalid value: \"other\": must be "
            "spec.names.plural+\".\"+spec.group, "
            "spec.versions[0].schema.openAPIV3Schema.properties[spec].type: Required value: must "
            "not be empty for specified object fields, "
            "spec.versions[0].schema.openAPIV3Schema.properties[spec].properties[a].type: "
            "Unsupported value: \"text\": supported values: \"array\", \"boolean\", \"integer\", "
            "\"null\", \"number\", \"object\", \"string\"]");
}

TEST(Compile, ABadRuleIsRefusedWithItsPlace) {
  Value crd = crd_with(
      parsed(R"j({"type":"string","x-kubernetes-validations":[{"rule":"self.frob()"}]})j"));
  std::string text = join_field_errors(Definition::compile(crd).errors);
  EXPECT_NE(text.find("x-kubernetes-validations[0].rule: Invalid value: \"self.frob()\": "
                      "compilation failed: ERROR: <input>:1:6: undeclared reference to 'frob'"),
            std::string::npos)
      << text;
}

TEST(Prune, KeepsWhatTheSchemaKnows) {
  Definition definition = compiled(R"j({"type":"object","properties":{
    "known":{"type":"string"},
    "open":{"type":"object","x-kubernetes-preserve-unknown-fields":true},
    "map":{"type":"object","additionalProperties":{"type":"object","properties":{"x":{"type":"integer"}}}},
    "list":{"type":"array","items":{"type":"object","properties":{"y":{"type":"integer"}}}},
    "gone":{"type":"string"},"kept":{"type":"string","nullable":true}}})j");
  Value object = parsed(R"j({"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"w"},
    "foo":1,"spec":{"known":"a","bar":2,"open":{"any":[1]},"map":{"k":{"x":1,"z":2}},
    "list":[{"y":1,"q":2}],"gone":null,"kept":null}})j");
  std::vector<std::string> unknown;
  definition.versions[0].prune(object, unknown);
  EXPECT_EQ(
      printed(object["spec"]),
      R"j({"kept":null,"known":"a","list":[{"y":1}],"map":{"k":{"x":1}},"open":{"any":[1]}})j");
  EXPECT_FALSE(object.contains("foo"));
  EXPECT_EQ(unknown,
            (std::vector<std::string>{"unknown field \"foo\"",
                                      "unknown field \"spec.bar\"",
                                      "unknown field \"spec.map.k.z\"",
                                      "unknown field \"spec.list[0].q\""}));
}

TEST(Default, FillsWhatIsAbsentAllTheWayDown) {
  Definition definition = compiled(R"j({"type":"object","default":{},"properties":{
    "mode":{"type":"string","default":"FirstMatch"},
    "items":{"type":"array","items":{"type":"object","properties":{"n":{"type":"integer","default":1}}}},
    "inner":{"type":"object","properties":{"b":{"type":"boolean","default":true}}}}})j");
  Value object = parsed(R"j({"spec":{"items":[{},{"n":2}],"mode":null}})j");
  std::vector<std::string> unknown;
  definition.versions[0].prune(object, unknown);
  definition.versions[0].set_defaults(object);
  EXPECT_EQ(printed(object["spec"]), R"j({"items":[{"n":1},{"n":2}],"mode":"FirstMatch"})j");
  Value empty = Value::object();
  definition.versions[0].set_defaults(empty);
  EXPECT_EQ(printed(empty), R"j({"spec":{"mode":"FirstMatch"}})j");
}

struct ValidationCase {
  const char* rule;
  const char* schema;
  const char* spec;
  const char* want;
};

TEST(Validate, SpeaksAsKubeApiserver) {
  const ValidationCase cases[] = {
      {"type",
       R"j({"type":"object","properties":{"n":{"type":"integer"}}})j",
       R"j({"n":"x"})j",
       "spec.n: Invalid value: \"string\": spec.n in body must be of type integer: \"string\""},
      {"a whole double is an integer",
       R"j({"type":"object","properties":{"n":{"type":"integer"}}})j",
       R"j({"n":2.0})j",
       ""},
      {"required",
       R"j({"type":"object","required":["repo"],"properties":{"repo":{"type":"string"}}})j",
       R"j({})j",
       "spec.repo: Required value"},
      {"minLength",
       R"j({"type":"object","properties":{"repo":{"type":"string","minLength":1}}})j",
       R"j({"repo":""})j",
       "spec.repo: Invalid value: \"\": spec.repo in body should be at least 1 chars long"},
      {"maxLength",
       R"j({"type":"object","properties":{"a":{"type":"string","maxLength":2}}})j",
       R"j({"a":"abc"})j",
       "spec.a: Too long: may not be more than 2 bytes"},
      {"pattern",
       R"j({"type":"object","properties":{"a":{"type":"string","pattern":"^b$"}}})j",
       R"j({"a":"c"})j",
       "spec.a: Invalid value: \"c\": spec.a in body should match '^b$'"},
      {"enum",
       R"j({"type":"object","properties":{"a":{"type":"string","enum":["x","y"]}}})j",
       R"j({"a":"z"})j",
       "spec.a: Unsupported value: \"z\": supported values: \"x\", \"y\""},
      {"minimum",
       R"j({"type":"object","properties":{"a":{"type":"integer","minimum":1}}})j",
       R"j({"a":0})j",
       "spec.a: Invalid value: 0: spec.a in body should be greater than or equal to 1"},
      {"maxItems",
       R"j({"type":"object","properties":{"a":{"type":"array","maxItems":1,"items":{"type":"string"}}}})j",
       R"j({"a":["x","y"]})j",
       "spec.a: Too many: 2: must have at most 1 item"},
      {"a null item",
       R"j({"type":"object","properties":{"a":{"type":"array","items":{"type":"string"}}}})j",
       R"j({"a":[null]})j",
       "spec.a[0]: Invalid value: \"null\": spec.a[0] in body must be of type string: \"null\""},
      {"int or string",
       R"j({"type":"object","properties":{"a":{"x-kubernetes-int-or-string":true,"anyOf":[{"type":"integer"},{"type":"string"}]}}})j",
       R"j({"a":"25%"})j",
       ""},
      {"oneOf",
       R"j({"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"oneOf":[{"required":["a"]},{"required":["b"]}]})j",
       R"j({"a":"x","b":"y"})j",
       "<nil>: Invalid value: \"\": \"spec\" must validate one and only one schema (oneOf). Found "
       "2 valid alternatives"},
      {"format",
       R"j({"type":"object","properties":{"t":{"type":"string","format":"date-time"}}})j",
       R"j({"t":"x"})j",
       "spec.t: Invalid value: \"x\": spec.t in body must be of type date-time: \"x\""},
      {"a keyed list",
       R"j({"type":"object","properties":{"l":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["k"],"items":{"type":"object","properties":{"k":{"type":"string"}}}}}})j",
       R"j({"l":[{"k":"a"},{"k":"a"}]})j",
       "spec.l[1]: Duplicate value: {\"k\":\"a\"}"},
  };
  for (const ValidationCase& c : cases)
    EXPECT_EQ(errors_of(c.schema, c.spec), c.want) << c.rule;
}

constexpr const char* kDuration = R"j({"type":"object","properties":{"ttl":{"type":"string",
  "minLength":1,"maxLength":32,"x-kubernetes-validations":[{"message":"must be a valid Go duration",
  "rule":"self == '0' || (self.matches('^([0-9]+([.][0-9]+)?(ns|us|µs|ms|s|m|h))+$') && duration(self) <= duration('2562047h'))"
}]
}
}
})j";

TEST(Rules, DurationsOfFleet) {
  EXPECT_EQ(errors_of(kDuration, R"j({"ttl":"1h30m"})j"), "");
  EXPECT_EQ(errors_of(kDuration, R"j({"ttl":"0"})j"), "");
  EXPECT_EQ(errors_of(kDuration, R"j({"ttl":"-1s"})j"),
            "spec.ttl: Invalid value: \"-1s\": must be a valid Go duration");
  EXPECT_EQ(errors_of(kDuration, R"j({"ttl":7})j"),
            "[spec.ttl: Invalid value: \"integer\": spec.ttl in body must be of type string: "
            "\"integer\", <nil>: Invalid value: null: some validation rules were not checked "
            "because the object was invalid; correct the existing errors to complete validation]");
}

TEST(Rules, TransitionsNeedAnOldObject) {
  const char* schema = R"j({"type":"object","properties":{"a":{"type":"string"}},
    "x-kubernetes-validations":[{"rule":"self.a == oldSelf.a","message":"a is immutable","fieldPath":".a"}]})j";
  EXPECT_EQ(errors_of(schema, R"j({"a":"x"})j"), "");
  EXPECT_EQ(errors_of(schema, R"j({"a":"x"})j", R"j({"a":"y"})j"),
            "spec.a: Invalid value: a is immutable");
}

TEST(JsonPath, FindsWhatColumnsAskFor) {
  Value object = parsed(R"j({"status":{"conditions":[{"type":"A","message":"no"},
    {"type":"Ready","message":"yes"}]},"metadata":{"labels":{"a/b":"c","d.e":"f"}},"n":[1,2]})j");
  auto first = [&](const char* path) {
    auto found = JsonPath::parse(path)->find(object);
    return found.empty() ? "" : printed(*found.front());
  };
  EXPECT_EQ(first(".status.conditions[?(@.type==\"Ready\")].message"), "\"yes\"");
  EXPECT_EQ(first(".metadata.labels['a/b']"), "\"c\"");
  EXPECT_EQ(first(".metadata.labels.d\\.e"), "\"f\"");
  EXPECT_EQ(first(".n[-1]"), "2");
  EXPECT_EQ(first(".n[*]"), "1");
  EXPECT_EQ(first(".foo.bar"), "");
  EXPECT_FALSE(JsonPath::parse(".a[").ok());
}

struct Sample {
  std::string a;

  static data::Fields fields() {
    return {data::field("a", &Sample::a, "A text.").required().min_length(1)};
  }
};
struct Root {
  Sample spec;

  static data::Fields fields() { return {data::field("spec", &Root::spec)}; }
};

TEST(Generate, MakesACrdThatCompiles) {
  Generated what;
  what.group = "example.com";
  what.version = "v1alpha1";
  what.kind = "Widget";
  what.plural = "widgets";
  what.columns = {{"A", ".spec.a", "string", "", 0}};
  Value crd = generate(what, data::type_of<Root>());
  auto out = Definition::compile(crd);
  EXPECT_TRUE(out.errors.empty()) << join_field_errors(out.errors);
  const Version& version = out.definition.versions[0];
  EXPECT_TRUE(version.has_status);
  Value object = parsed(R"j({"metadata":{"name":"w"},"spec":{"a":"x"}})j");
  auto cells = version.cells(object, TimePoint{});
  ASSERT_EQ(cells.size(), 2U);
  EXPECT_EQ(cells[1].to_string(), "x");
  Value schema = openapi_v3_schema(out.definition, version);
  EXPECT_EQ(printed(schema["x-kubernetes-group-version-kind"]),
            R"j([{"group":"example.com","kind":"Widget","version":"v1alpha1"}])j");
  EXPECT_EQ(definition_name("fleet.cattle.io", "v1alpha1", "GitRepo"),
            "io.cattle.fleet.v1alpha1.GitRepo");
}

}  // namespace
}  // namespace fleet::kube::crd
