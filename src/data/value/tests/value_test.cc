#include "data/value/value.h"

#include <gtest/gtest.h>

namespace fleet::data {
namespace {

TEST(Value, ReadsWhatIsThereAndNullForWhatIsNot) {
  Value pod = Value::object(
      {{"spec",
        Value::object({{"containers", Value::array({Value::object({{"image", "nginx"}})})}})}});
  EXPECT_EQ(pod.at({"spec", "containers", 0, "image"}).as_string(), "nginx");
  EXPECT_TRUE(pod.at({"spec", "containers", 1, "image"}).is_null());
  EXPECT_TRUE(pod["spec"]["nothing"]["below"].is_null());
  EXPECT_EQ(pod.find("metadata"), nullptr);
}

TEST(Value, CopiesShareUntilOneWrites) {
  Value first =
      Value::object({{"a", Value::array({1, 2})}, {"long", "a text of more than fourteen bytes"}});
  Value second = first;
  EXPECT_TRUE(first.same_node(second));
  second.set({"a", 1}, 3);
  EXPECT_EQ(first.at({"a", 1}).as_int(), 2);
  EXPECT_EQ(second.at({"a", 1}).as_int(), 3);
  EXPECT_EQ(second["long"].as_string(), "a text of more than fourteen bytes");
}

TEST(Value, StringsOfEveryLengthSurviveCopyAndMove) {
  for (size_t size = 0; size < 40; ++size) {
    std::string text(size, 'x');
    Value value(text);
    Value copy = value;
    Value moved = std::move(value);
    EXPECT_EQ(copy.as_string(), text);
    EXPECT_EQ(moved.as_string(), text);
    moved = copy;
    copy = Value();
    EXPECT_EQ(moved.as_string(), text);
  }
}

TEST(Value, ObjectsKeepOrderAndCompareWithoutIt) {
  Value a = Value::object({{"x", 1}, {"y", 2}});
  Value b = Value::object({{"y", 2}, {"x", 1}});
  EXPECT_EQ(a, b);
  EXPECT_EQ(name(a.members()[0]), "x");
  EXPECT_EQ(name(b.members()[0]), "y");
  EXPECT_EQ(name(b.sorted().members()[0]), "x");
}

TEST(Value, LargeObjectsAreIndexed) {
  Value object = Value::object();
  for (int i = 0; i < 1000; ++i)
    object.set("key" + std::to_string(i), i);
  for (int i = 0; i < 1000; i += 2)
    EXPECT_TRUE(object.erase("key" + std::to_string(i)));
  EXPECT_EQ(object.size(), 500U);
  EXPECT_EQ(object["key501"].as_int(), 501);
  EXPECT_TRUE(object["key500"].is_null());
}

TEST(Value, NumbersCompareByValue) {
  EXPECT_EQ(Value(1), Value(1.0));
  EXPECT_EQ(Value::number("1.50"), Value(1.5));
  EXPECT_EQ(Value(UINT64_MAX), Value::number("18446744073709551615"));
  EXPECT_NE(Value(INT64_MAX), Value(UINT64_MAX));
  EXPECT_NE(Value(9007199254740993), Value(9007199254740992));
  EXPECT_NE(Value(1), Value("1"));
  EXPECT_NE(Value(true), Value(1));
}

TEST(Value, AssigningAPartOfItselfIsSafe) {
  Value value =
      Value::object({{"inner", Value::object({{"deep", "a text of more than fourteen bytes"}})}});
  value = value["inner"];
  EXPECT_EQ(value["deep"].as_string(), "a text of more than fourteen bytes");
}

TEST(Key, PooledOrNotTheyCompareByText) {
  std::string long_name(200, 'k');
  EXPECT_EQ(Key("metadata"), Key("metadata"));
  EXPECT_EQ(Key{long_name}, Key{long_name});
  EXPECT_FALSE(Key("a") == Key("b"));
}

}  // namespace
}  // namespace fleet::data
