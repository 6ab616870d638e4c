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

}  // namespace
}  // namespace fleet::yaml
