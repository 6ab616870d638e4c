#include "data/fields/from_yaml.h"

#include <limits>

#include <gtest/gtest.h>

namespace fleet::data {
namespace {

struct Meta {
  std::string name;
  std::map<std::string, std::string> labels;

  static constexpr const char* kGoType = "meta.Meta";
  static Fields fields() { return {field("name", &Meta::name), field("labels", &Meta::labels)}; }
};

struct Item {
  std::string text;

  static constexpr const char* kGoType = "v1.Item";
  static Fields fields() { return {field("text", &Item::text)}; }
};

struct Thing {
  Meta meta;
  std::string text;
  std::optional<std::string> maybe;
  int number = 0;
  double real = 0;
  std::vector<std::string> list;
  std::vector<Item> items;
  std::map<std::string, std::string> map;
  Value any;

  static constexpr const char* kGoType = "v1.Thing";
  static Fields fields() {
    return {embed("Meta", &Thing::meta),
            field("text", &Thing::text),
            field("maybe", &Thing::maybe),
            field("number", &Thing::number),
            field("real", &Thing::real),
            field("list", &Thing::list),
            field("items", &Thing::items),
            field("map", &Thing::map),
            field("any", &Thing::any)};
  }
};

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Value one(std::string_view key, Value value) {
  return Value::object({{key, std::move(value)}});
}

TEST(FromYaml, ScalarsBecomeTextWhereTextIsWanted) {
  struct Case {
    const char* rule;
    Value scalar;
    const char* want;
  };
  const Case cases[] = {
      {"text stays", "a", "a"},
      {"booleans", true, "true"},
      {"whole numbers", -12, "-12"},
      {"numbers beyond int64", uint64_t{18446744073709551615U}, "18446744073709551615"},
      {"fractions lose their zeros", 1.50, "1.5"},
      {"from a million on with an exponent", 2.5e6, "2.5e+06"},
      {"and below a ten-thousandth", 0.00001, "1e-05"},
      {"only a float's digits are kept", 1.2345678901234567e22, "1.2345679e+22"},
      {"what is too large for a float", 1e300, "+Inf"},
      {"infinity", -kInfinity, "-Inf"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.rule);
    auto thing = decode_yaml<Thing>(Value::object({{"text", c.scalar},
                                                   {"maybe", c.scalar},
                                                   {"list", Value::array({c.scalar})},
                                                   {"items", Value::array({one("text", c.scalar)})},
                                                   {"map", one("k", c.scalar)}}));
    ASSERT_TRUE(thing.ok()) << thing.error().message();
    EXPECT_EQ(thing->text, c.want);
    EXPECT_EQ(thing->maybe.value_or(""), c.want);
    EXPECT_EQ(thing->list, std::vector<std::string>{c.want});
    EXPECT_EQ(thing->items.at(0).text, c.want);
    EXPECT_EQ(thing->map.at("k"), c.want);
  }
}

TEST(FromYaml, NothingElseIsConverted) {
  auto thing = decode_yaml<Thing>(Value::object({{"any", 1.5}, {"number", 7}, {"real", 2}}));
  ASSERT_TRUE(thing.ok());
  EXPECT_EQ(thing->any, Value(1.5));
  EXPECT_EQ(thing->number, 7);
  EXPECT_FALSE(decode_yaml<Thing>(one("number", "7")).ok());
}

TEST(FromYaml, TheLastNameByBytesWins) {
  auto thing = decode_yaml<Thing>(Value::object({{"text", "lower"}, {"TEXT", "upper"}}));
  ASSERT_TRUE(thing.ok());
  EXPECT_EQ(thing->text, "lower");
}

TEST(FromYaml, TheFirstWrongTypeIsTheFirstByName) {
  // No type is known of what stands in a member of an embedded struct.
  auto thing = decode_yaml<Thing>(one("labels", Value::object({{"b", true}, {"a", 1.5}})));
  ASSERT_FALSE(thing.ok());
  EXPECT_EQ(thing.error().message(),
            "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal number into Go "
            "struct field Thing.Meta.labels of type string");
}

TEST(FromYaml, PlacesOfNoTypeAreInOrderToo) {
  Value mixed = Value::object({{"z", true}, {"a", Value::object({{"y", 1}, {"b", 2}})}});
  auto thing = decode_yaml<Thing>(one("any", Value::array({mixed})));
  ASSERT_TRUE(thing.ok());
  const Value& read = thing->any.items()[0];
  EXPECT_EQ(name(read.members()[0]), "a");
  EXPECT_EQ(name(read.members()[0].value.members()[0]), "b");
  EXPECT_EQ(thing->any, Value::array({mixed}));
}

TEST(FromYaml, EmbeddedFieldsAreLookedAtAsTheirStruct) {
  EXPECT_FALSE(decode_yaml<Thing>(one("name", 1)).ok());
  EXPECT_FALSE(decode_yaml<Thing>(one("labels", one("other", 1))).ok());
  auto thing = decode_yaml<Thing>(one("labels", one("name", 1)));
  ASSERT_TRUE(thing.ok()) << thing.error().message();
  EXPECT_EQ(thing->meta.labels.at("name"), "1");
}

TEST(FromYaml, ErrorsSayWhichStepFailed) {
  struct Case {
    const char* rule;
    Result<Value> document;
    const char* want;
  };
  const Case cases[] = {
      {"the YAML",
       Error(Code::Invalid, "yaml: line 1: x"),
       "error converting YAML to JSON: yaml: line 1: x"},
      {"the first mistake by name",
       Value::object({{"text", Value::array()}, {"number", "x"}}),
       "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string into Go struct "
       "field Thing.number of type int"},
      {"numbers that JSON has no text for come before types",
       Value::object({{"number", "x"}, {"real", kInfinity}}),
       "error converting YAML to JSON: json: unsupported value: +Inf"},
      {"also in what nobody asks for",
       one("other", Value::array({-kInfinity})),
       "error converting YAML to JSON: json: unsupported value: -Inf"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.rule);
    auto thing = decode_yaml<Thing>(c.document);
    ASSERT_FALSE(thing.ok());
    EXPECT_EQ(thing.error().message(), c.want);
  }
}

TEST(FromYaml, AnEmptyDocumentLeavesEverything) {
  Thing thing;
  thing.text = "kept";
  ASSERT_TRUE(decode_yaml_into(type_of<Thing>(), Value(), &thing).ok());
  EXPECT_EQ(thing.text, "kept");
}

}  // namespace
}  // namespace fleet::data
