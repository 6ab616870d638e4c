#include "data/fields/fields.h"

#include <gtest/gtest.h>

#include "data/fields/schema.h"

namespace fleet::data {
namespace {

struct Ref {
  std::string name;
  std::string key;

  static constexpr const char* kGoType = "v1alpha1.Ref";
  static Fields fields() {
    return {field("name", &Ref::name, "Which one.").always().required(),
            field("key", &Ref::key).nullable().max_length(53)};
  }
};

struct Atomic {
  static Fields fields() { return {}; }
  static Value schema_rules() { return Value::object({{"x-kubernetes-map-type", "atomic"}}); }
};

struct Common {
  std::string ns;
  int32_t count = 0;

  static constexpr const char* kGoType = "v1alpha1.Common";
  static Fields fields() {
    return {field("namespace", &Common::ns), field("count", &Common::count)};
  }
};

struct Spec {
  Common common;
  bool paused = false;
  int seconds = 0;
  uint8_t small = 0;
  double ratio = 0;
  std::optional<bool> create;
  std::optional<Ref> ref;
  Ref inner;
  std::vector<Ref> refs;
  std::vector<std::string> names;
  std::map<std::string, std::string> labels;
  std::optional<Value> values;
  std::string count;  // hides the embedded one

  static constexpr const char* kGoType = "v1alpha1.Spec";
  static Fields fields() {
    return {embed("Common", &Spec::common),
            field("paused", &Spec::paused, "Whether it waits."),
            field("seconds", &Spec::seconds),
            field("small", &Spec::small),
            field("ratio", &Spec::ratio),
            field("create", &Spec::create).nullable(),
            field("ref", &Spec::ref),
            field("inner", &Spec::inner),
            field("refs", &Spec::refs).rule("items.nullable", true),
            field("names", &Spec::names).always(),
            field("labels", &Spec::labels),
            field("values", &Spec::values).preserve_unknown_fields(),
            field("count", &Spec::count).one_of({"a", "b"}).default_value("a")};
  }
};

std::string wire(const Value& value) {  // enough of JSON for the tests: order matters here
  if (value.is_string()) return "'" + value.to_string() + "'";
  if (value.is_null()) return "null";
  if (value.is_bool()) return value.as_bool() ? "true" : "false";
  if (value.is_number()) return std::to_string(value.as_int());
  std::string out;
  for (const Value& item : value.items()) {
    out += (out.empty() ? "" : ",") + wire(item);
  }
  if (value.is_array()) return "[" + out + "]";
  for (const Member& member : value.members()) {
    out += (out.empty() ? "" : ",") + std::string(name(member)) + ":" + wire(member.value);
  }
  return "{" + out + "}";
}

TEST(Encode, OmitsWhatGoOmits) {
  EXPECT_EQ(wire(encode(Spec{})), "{inner:{name:''},names:null}");
}

TEST(Encode, WritesInTableOrderAndSortsMaps) {
  Spec spec;
  spec.common.ns = "n";
  spec.create = false;
  spec.ref = Ref{};
  spec.refs = {Ref{"r", "k"}};
  spec.names = {"x"};
  spec.labels = {{"b", "2"}, {"a", "1"}};
  spec.values = Value::object({{"z", 1}, {"y", Value::object({{"q", 1}, {"p", 2}})}});
  spec.count = "c";
  EXPECT_EQ(wire(encode(spec)),
            "{namespace:'n',create:false,ref:{name:''},inner:{name:''},refs:[{name:'r',key:'k'}],"
            "names:['x'],labels:{a:'1',b:'2'},values:{y:{p:2,q:1},z:1},count:'c'}");
}

TEST(Encode, AnEmptyAnyIsKeptWhenPresent) {
  Spec spec;
  spec.values = Value::object();
  EXPECT_EQ(wire(encode(spec)), "{inner:{name:''},names:null,values:{}}");
}

struct Nilable {
  std::optional<std::vector<int>> list;
  std::optional<std::map<std::string, int>> map;

  static constexpr const char* kGoType = "v1.Nilable";
  static Fields fields() {
    return {field("list", &Nilable::list).always(), field("map", &Nilable::map).always()};
  }
};

TEST(Encode, WhatIsPresentAndEmptyIsNotNull) {
  Value empty = Value::object({{"list", Value::array()}, {"map", Value::object()}});
  EXPECT_EQ(wire(encode(*decode<Nilable>(empty))), "{list:[],map:{}}");
  EXPECT_EQ(wire(encode(*decode<Nilable>(Value::object({{"map", nullptr}})))),
            "{list:null,map:null}");
}

TEST(Decode, ReadsNamesWithoutCaseAndIgnoresTheUnknown) {
  auto spec = decode<Spec>(Value::object({{"NameSpace", "n"},
                                          {"PAUSED", true},
                                          {"other", 1},
                                          {"labelſ", Value::object({{"a", "b"}})}}));
  ASSERT_TRUE(spec.ok()) << spec.error().message();
  EXPECT_EQ(spec->common.ns, "n");
  EXPECT_TRUE(spec->paused);
  EXPECT_EQ(spec->labels.at("a"), "b");
}

TEST(Decode, NullLeavesTheZeroValue) {
  auto spec = decode<Spec>(Value::object(
      {{"paused", nullptr}, {"refs", nullptr}, {"create", nullptr}, {"ref", nullptr}}));
  ASSERT_TRUE(spec.ok());
  EXPECT_FALSE(spec->create.has_value());
  EXPECT_FALSE(spec->ref.has_value());
}

TEST(Decode, ExactNamesAndRefusedUnknownOnes) {
  DecodeOptions options;
  options.names = DecodeOptions::Case::Exact;
  EXPECT_FALSE(decode<Spec>(Value::object({{"Paused", true}}), options)->paused);
  options.unknown = DecodeOptions::Unknown::Refused;
  auto refused = decode<Spec>(Value::object({{"Paused", true}}), options);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message(), "json: unknown field \"Paused\"");
}

struct ErrorCase {
  const char* rule;
  Value in;
  const char* want;
};

TEST(Decode, ReportsTheFirstWrongTypeAsGoDoes) {
  const ErrorCase cases[] = {
      {"the document itself",
       Value::array(),
       "json: cannot unmarshal array into Go value of type v1alpha1.Spec"},
      {"an embedded struct is named in the path",
       Value::object({{"namespace", Value::array()}}),
       "json: cannot unmarshal array into Go struct field Spec.Common.namespace of type string"},
      {"the struct is the innermost, the path begins at the root",
       Value::object({{"ref", Value::object({{"name", true}})}}),
       "json: cannot unmarshal bool into Go struct field Ref.ref.name of type string"},
      {"a pointer's own type is shown without the star",
       Value::object({{"ref", "x"}}),
       "json: cannot unmarshal string into Go struct field Spec.ref of type v1alpha1.Ref"},
      {"lists name their element",
       Value::object({{"refs", Value::object()}}),
       "json: cannot unmarshal object into Go struct field Spec.refs of type []v1alpha1.Ref"},
      {"a position in a list is not shown",
       Value::object({{"refs", Value::array({Value::object({{"key", 1}})})}}),
       "json: cannot unmarshal number into Go struct field Ref.refs.key of type string"},
      {"a fraction is shown",
       Value::object({{"seconds", 1.5}}),
       "json: cannot unmarshal number 1.5 into Go struct field Spec.seconds of type int"},
      {"so is what does not fit",
       Value::object({{"small", 300}}),
       "json: cannot unmarshal number 300 into Go struct field Spec.small of type uint8"},
      {"maps",
       Value::object({{"labels", Value::object({{"a", 1}})}}),
       "json: cannot unmarshal number into Go struct field Spec.labels of type string"},
      {"the first of two",
       Value::object({{"paused", "x"}, {"seconds", "y"}}),
       "json: cannot unmarshal string into Go struct field Spec.paused of type bool"},
  };
  for (const ErrorCase& c : cases) {
    SCOPED_TRACE(c.rule);
    auto spec = decode<Spec>(c.in);
    ASSERT_FALSE(spec.ok());
    EXPECT_EQ(spec.error().message(), c.want);
  }
}

TEST(Schema, IsStructural) {
  Value schema = schema_of<Spec>();
  EXPECT_EQ(schema["type"].as_string(), "object");
  const Value& properties = schema["properties"];
  EXPECT_EQ(properties["namespace"]["type"].as_string(), "string");
  EXPECT_EQ(
      properties["count"],
      Value::object({{"type", "string"}, {"enum", Value::array({"a", "b"})}, {"default", "a"}}));
  EXPECT_EQ(properties["inner"]["required"], Value::array({"name"}));
  EXPECT_EQ(properties["inner"]["properties"]["key"],
            Value::object({{"type", "string"}, {"nullable", true}, {"maxLength", 53}}));
  EXPECT_EQ(properties["seconds"], Value::object({{"type", "integer"}}));
  EXPECT_TRUE(properties["refs"]["items"]["nullable"].as_bool());
  EXPECT_EQ(properties["labels"],
            Value::object({{"type", "object"},
                           {"additionalProperties", Value::object({{"type", "string"}})}}));
  EXPECT_EQ(properties["values"], Value::object({{"x-kubernetes-preserve-unknown-fields", true}}));
}

TEST(Schema, AStructMaySayMore) {
  EXPECT_EQ(schema_of<Atomic>(),
            Value::object({{"type", "object"}, {"x-kubernetes-map-type", "atomic"}}));
}

TEST(Describe, OneLineAField) {
  auto lines = describe(type_of<Spec>());
  bool found = false;
  for (const FieldDoc& line : lines) {
    if (line.path != "refs[].name") continue;
    found = true;
    EXPECT_EQ(line.type, "text");
    EXPECT_EQ(line.doc, "Which one.");
    EXPECT_TRUE(line.required);
  }
  EXPECT_TRUE(found);
}

}  // namespace
}  // namespace fleet::data
