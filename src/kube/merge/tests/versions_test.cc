// Ownership across versions that differ in form.
#include <gtest/gtest.h>

#include "data/json/parse.h"
#include "data/json/print.h"
#include "kube/merge/apply.h"
#include "kube/merge/owners.h"

namespace fleet::kube {
namespace {

data::Value json_of(std::string_view text) {
  auto value = json::parse(text);
  EXPECT_TRUE(value.ok());
  return value.ok() ? *value : data::Value();
}

// spec.size in x/v1 is spec.replicas in x/v2; x/v0 is served no more.
class Renamed final : public Versions {
 public:
  Result<Type> type(const std::string& version) const override {
    if (version == "x/v0") return Error(Code::NotFound, "no such version");
    return deduced_type();
  }
  Result<data::Value> convert(const data::Value& object,
                              const std::string& from,
                              const std::string& to) const override {
    if (to == "x/v0") return Error(Code::NotFound, "no such version");
    if (from == to) return object;
    const char* old_name = from == "x/v1" ? "size" : "replicas";
    const char* new_name = to == "x/v1" ? "size" : "replicas";
    data::Value out = object;
    out.set("apiVersion", to);
    if (const data::Value* value = object["spec"].find(old_name)) {
      const data::Value kept = *value;
      out.edit("spec").erase(old_name);
      out.set({"spec", new_name}, kept);
    }
    return out;
  }
};

Writer writer(std::string manager, std::string version) {
  return {.manager = std::move(manager),
          .api_version = std::move(version),
          .subresource = "",
          .now = TimePoint(std::chrono::seconds(1700000000)),
          .reset_fields = {}};
}

constexpr std::string_view kFirst =
    R"({"apiVersion":"x/v1","kind":"K","metadata":{"name":"a"},"spec":{"size":1}})";

TEST(Versions, AConflictIsSeenInTheVersionOfTheOtherManager) {
  const Renamed versions;
  auto first = apply({}, json_of(kFirst), writer("one", "x/v1"), Force::No, versions);
  ASSERT_TRUE(first.ok()) << first.error().message();
  const data::Value live = *versions.convert(first->object, "x/v1", "x/v2");
  const data::Value config =
      json_of(R"({"apiVersion":"x/v2","kind":"K","metadata":{"name":"a"},"spec":{"replicas":5}})");
  auto refused = apply(live, config, writer("two", "x/v2"), Force::No, versions);
  ASSERT_TRUE(refused.ok()) << refused.error().message();
  ASSERT_EQ(refused->conflicts.size(), 1U);
  EXPECT_EQ(refused->conflicts[0].path, ".spec.size");
  auto same = apply(live,
                    json_of(R"({"apiVersion":"x/v2","kind":"K","metadata":{"name":"a"},
                               "spec":{"replicas":1}})"),
                    writer("two", "x/v2"),
                    Force::No,
                    versions);
  ASSERT_TRUE(same.ok());
  EXPECT_TRUE(same->conflicts.empty());
}

TEST(Versions, WhatAManagerDropsInANewVersionGoesAway) {
  const Renamed versions;
  auto first = apply({}, json_of(kFirst), writer("one", "x/v1"), Force::No, versions);
  ASSERT_TRUE(first.ok());
  const data::Value live = *versions.convert(first->object, "x/v1", "x/v2");
  auto next = apply(live,
                    json_of(R"({"apiVersion":"x/v2","kind":"K","metadata":{"name":"a"}})"),
                    writer("one", "x/v2"),
                    Force::No,
                    versions);
  ASSERT_TRUE(next.ok()) << next.error().message();
  EXPECT_TRUE(next->object.at({"spec", "replicas"}).is_null());
}

TEST(Versions, AVersionThatIsNoMoreOwnsNothing) {
  const Renamed versions;
  Owners owners;
  owners["old"] = {FieldSet::of({{PathElement::field("spec")}}), "x/v0", true};
  const data::Value object = json_of(R"({"spec":{"replicas":1}})");
  auto applied =
      apply_owned(data::Value::object(), object, "x/v2", owners, "new", false, Ignored(), versions);
  ASSERT_TRUE(applied.ok()) << applied.error().message();
  EXPECT_TRUE(applied->conflicts.empty());
  EXPECT_EQ(applied->owners.size(), 1U);
}

TEST(Owners, DifferenceIgnoresWhetherAnEntryWasApplied) {
  const FieldSet a = FieldSet::of({{PathElement::field("a")}});
  const FieldSet b = FieldSet::of({{PathElement::field("b")}});
  EXPECT_TRUE(difference({{"m", {a, "v1", true}}}, {{"m", {a, "v1", false}}}).empty());
  EXPECT_EQ(difference({{"m", {a, "v1", true}}}, {{"m", {b, "v1", true}}})["m"].set, a.united(b));
  EXPECT_EQ(difference({{"m", {a, "v1", true}}}, {{"m", {b, "v2", true}}})["m"].set, b);
}

TEST(GuessedFieldSet, FindsItemsByTheirNames) {
  const FieldSet set = guessed_field_set(json_of(R"({"a":[{"id":1,"name":"x","v":2}, 3]})"));
  EXPECT_TRUE(set.has({PathElement::field("a"),
                       PathElement::key({{"id", data::Value(1)}, {"name", data::Value("x")}}),
                       PathElement::field("v")}));
  EXPECT_TRUE(set.has({PathElement::field("a"), PathElement::index(1)}));
}

}  // namespace
}  // namespace fleet::kube
