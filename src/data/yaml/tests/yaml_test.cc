#include "data/yaml/yaml.h"

#include <gtest/gtest.h>

#include "data/yaml/node.h"

namespace fleet::yaml {
namespace {

TEST(Yaml, AByteOrderMarkIsNoPartOfTheText) {
  auto value = parse(
      "\xEF\xBB\xBF"
      "a: b\n");
  ASSERT_TRUE(value.ok());
  EXPECT_EQ((*value)["a"].to_string(), "b");
  auto node = parse_node(
      "\xEF\xBB\xBF"
      "a: b\n");
  ASSERT_TRUE(node.ok());
  EXPECT_EQ(node->children().front().key(0).text(), "a");
}

TEST(Yaml, SpecialNumbersAreKeptForFieldsOnly) {
  EXPECT_FALSE(parse("a: .inf\n").ok());
  auto value = parse_for_fields("a: .inf\n");
  ASSERT_TRUE(value.ok());
  EXPECT_TRUE((*value)["a"].is_number());
}

TEST(Yaml, ReadsYaml11) {
  auto value = parse("a: yes\nb: 0777\nc: \"yes\"\nd: &x [1]\ne: *x\n");
  ASSERT_TRUE(value.ok()) << value.error().message();
  EXPECT_TRUE((*value)["a"].as_bool());
  EXPECT_EQ((*value)["b"].as_int(), 511);
  EXPECT_EQ((*value)["c"].as_string(), "yes");
  EXPECT_EQ((*value)["e"][0].as_int(), 1);
}

TEST(Yaml, KeysKeepAFloatsDigits) {
  auto value = parse("1.50: a\n1e300: b\n-.inf: c\n.nan: d\n-1.7976931348623157e308: e\n");
  ASSERT_TRUE(value.ok()) << value.error().message();
  EXPECT_EQ((*value)["1.5"].to_string(), "a");
  EXPECT_EQ((*value)[".inf"].to_string(), "b");
  EXPECT_EQ((*value)["-.inf"].to_string(), "e");
  EXPECT_EQ((*value)[".nan"].to_string(), "d");
}

TEST(Yaml, UnderscoresOfANumberWithAPointInFrontStandBetweenDigits) {
  EXPECT_EQ((*parse("[.5_5]"))[0], data::Value(0.55));
  EXPECT_EQ((*parse("[.5_5e1_0]"))[0], data::Value(.55e10));
  for (const char* text : {"._5", ".5_", ".5__5", ".5_e1", ".5e_1", "._"}) {
    EXPECT_EQ(*parse(text), data::Value(text));
  }
}

TEST(Yaml, PrintsSortedAndQuotesWhatWouldBeMisread) {
  auto value = parse("b: \"1\"\na: \"no\"\nc: [x]\n");
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(print(*value), "a: \"no\"\nb: \"1\"\nc:\n- x\n");
}

TEST(Yaml, OnlyARawNextLineFoldsToABlank) {
  // Marshal's JSON holds it raw and is read as YAML, where it is a line break.
  EXPECT_EQ(print("a\xC2\x85"
                  "b"),
            "a b\n");
  EXPECT_EQ(*json_to_yaml("\"a\xC2\x85"
                          "b\""),
            "a b\n");
  EXPECT_EQ(*json_to_yaml("\"a\\u0085b\""), "\"a\\Nb\"\n");
  EXPECT_EQ(*json_to_yaml("{\"k\": [\"\\u0085\"]}"), "k:\n- \"\\N\"\n");
}

TEST(Yaml, NamesTheLineOfAnError) {
  auto value = parse("a: 1\nb: [\n");
  ASSERT_FALSE(value.ok());
  EXPECT_NE(value.error().message().find("line "), std::string::npos);
}

TEST(Yaml, RefusesAliasBombs) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; i++) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int k = 0; k < 8; k++)
      text += "," + before;
    text += "]\n";
  }
  EXPECT_FALSE(parse(text).ok());
}

TEST(Objects, ADocumentWithABraceIsJson) {
  auto objects = to_objects("{}\n---\n {\"kind\": \"A\"}\n---\nkind: B\n");
  ASSERT_TRUE(objects.ok()) << objects.error().message();
  ASSERT_EQ(objects->size(), 2u);
  EXPECT_EQ(objects->at(1)["kind"].as_string(), "B");
  EXPECT_EQ(to_objects("{kind: A}").error().message(),
            "invalid character 'k' looking for beginning of object key string");
}

TEST(Objects, ItemsOfAListTakeItsKindIfTheySayNothing) {
  auto objects = to_objects(
      "apiVersion: v2\nkind: PodList\nitems:\n- a: 1\n- null\n- kind: B\n- apiVersion: v3\n");
  ASSERT_TRUE(objects.ok()) << objects.error().message();
  ASSERT_EQ(objects->size(), 4u);
  EXPECT_EQ(objects->at(0)["kind"], data::Value("Pod"));
  EXPECT_EQ(objects->at(0)["apiVersion"], data::Value("v2"));
  EXPECT_EQ(objects->at(1)["kind"], data::Value("Pod"));
  EXPECT_FALSE(objects->at(2).contains("apiVersion"));
  EXPECT_FALSE(objects->at(3).contains("kind"));
  EXPECT_EQ(to_objects("kind: A\nitems: null\n")->size(), 0u);
}

TEST(Objects, ErrorsAreInTheWordsOfTheOriginal) {
  struct Case {
    const char* text;
    const char* want;
  };
  const Case cases[] = {
      {"b: 1\na: 2", "Object 'Kind' is missing in '{\"a\":2,\"b\":1}'"},
      {" {\"b\": 1,\r\n \"a\": 2}", "Object 'Kind' is missing in ' {\"b\": 1,\n \"a\": 2}\n'"},
      {"items: [1]", "json: cannot unmarshal number into Go value of type map[string]interface {}"},
      {"items: {}",
       "json: cannot unmarshal object into Go struct field decodeList.items of type "
       "[]json.RawMessage"},
      {"items: []", "Object 'Kind' is missing in '{\"items\":[]}'"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.text);
    auto objects = to_objects(c.text);
    ASSERT_FALSE(objects.ok());
    EXPECT_EQ(objects.error().message(), c.want);
  }
}

}  // namespace
}  // namespace fleet::yaml
