#include "kube/merge/apply.h"

#include <gtest/gtest.h>

#include "data/json/parse.h"
#include "data/json/print.h"

namespace fleet::kube {
namespace {

data::Value json_of(std::string_view text) {
  auto value = json::parse(text);
  EXPECT_TRUE(value.ok());
  return value.ok() ? *value : data::Value();
}

Writer writer(std::string manager, int seconds) {
  return {.manager = std::move(manager),
          .api_version = "apps/v1",
          .subresource = "",
          .now = TimePoint(std::chrono::seconds(1700000000 + seconds)),
          .reset_fields = {"status"}};
}

Type deployment() {
  return *builtin_type({"apps", "v1", "Deployment"});
}

constexpr std::string_view kDeployment =
    R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a","labels":{"x":"1"}},
        "spec":{"replicas":1,"template":{"spec":{"containers":[{"name":"c","image":"i:1"}]}}}})";

TEST(Apply, CreatesAnObjectAndOwnsItsFields) {
  auto applied = apply({}, json_of(kDeployment), writer("one", 0), Force::No, deployment());
  ASSERT_TRUE(applied.ok()) << applied.error().message();
  EXPECT_TRUE(applied->changed);
  const data::Value& entry = applied->object.at({"metadata", "managedFields", 0});
  EXPECT_EQ(
      json::print(entry, json::Keys::AsWritten),
      R"({"manager":"one","operation":"Apply","apiVersion":"apps/v1","time":"2023-11-14T22:13:20Z",)"
      R"("fieldsType":"FieldsV1","fieldsV1":{"f:metadata":{"f:labels":{"f:x":{}}},)"
      R"("f:spec":{"f:replicas":{},"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"c\"}":)"
      R"({".":{},"f:image":{},"f:name":{}}}}}}}})");
}

TEST(Apply, TheSameConfigChangesNothing) {
  auto first = apply({}, json_of(kDeployment), writer("one", 0), Force::No, deployment());
  ASSERT_TRUE(first.ok());
  auto second =
      apply(first->object, json_of(kDeployment), writer("one", 9), Force::No, deployment());
  ASSERT_TRUE(second.ok());
  EXPECT_FALSE(second->changed);
  EXPECT_EQ(second->object, first->object);
}

TEST(Apply, AnotherManagersFieldIsAConflictUnlessForced) {
  auto first = apply({}, json_of(kDeployment), writer("one", 0), Force::No, deployment());
  ASSERT_TRUE(first.ok());
  auto config = json_of(
      R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a"},"spec":{"replicas":5}})");
  auto refused = apply(first->object, config, writer("two", 1), Force::No, deployment());
  ASSERT_TRUE(refused.ok());
  EXPECT_EQ(refused->conflict_message,
            "Apply failed with 1 conflict: conflict with \"one\": .spec.replicas");
  auto forced = apply(first->object, config, writer("two", 1), Force::Yes, deployment());
  ASSERT_TRUE(forced.ok());
  EXPECT_EQ(forced->object.at({"spec", "replicas"}).as_int(), 5);
  EXPECT_EQ(forced->object.at({"metadata", "managedFields"}).size(), 2U);
}

TEST(Apply, WhatIsNoLongerAppliedGoesAway) {
  auto first = apply({}, json_of(kDeployment), writer("one", 0), Force::No, deployment());
  ASSERT_TRUE(first.ok());
  auto less = json_of(
      R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a"},"spec":{"replicas":1}})");
  auto second = apply(first->object, less, writer("one", 1), Force::No, deployment());
  ASSERT_TRUE(second.ok());
  EXPECT_FALSE(second->object["metadata"].contains("labels"));
  EXPECT_FALSE(second->object["spec"].contains("template"));
}

TEST(Apply, RefusesWrongVersionsAndUnknownFields) {
  auto wrong = json_of(R"({"apiVersion":"apps/v2","kind":"Deployment"})");
  EXPECT_EQ(apply({}, wrong, writer("one", 0), Force::No, deployment()).error().message(),
            "Incorrect version specified in apply patch. Specified patch version: apps/v2, "
            "expected: apps/v1");
  auto unknown = json_of(R"({"apiVersion":"apps/v1","kind":"Deployment","spec":{"nope":1}})");
  EXPECT_EQ(apply({}, unknown, writer("one", 0), Force::No, deployment()).error().message(),
            ".spec.nope: field not declared in schema");
}

TEST(TrackUpdate, ACreateOwnsAllAndAnUpdateWhatItChanged) {
  data::Value live = track_update({}, json_of(kDeployment), writer("creator", 0), deployment());
  EXPECT_EQ(live.at({"metadata", "managedFields", 0, "operation"}).as_string(), "Update");
  data::Value next = live;
  next.set({"spec", "replicas"}, 3);
  next = track_update(live, next, writer("scaler", 1), deployment());
  const data::Value& entries = next.at({"metadata", "managedFields"});
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(json::print(entries[1]["fieldsV1"], json::Keys::AsWritten),
            R"({"f:spec":{"f:replicas":{}}})");
  EXPECT_FALSE(entries[0].at({"fieldsV1", "f:spec"}).contains("f:replicas"));
}

TEST(TrackUpdate, AnEmptyListResetsTracking) {
  data::Value live = track_update({}, json_of(kDeployment), writer("creator", 0), deployment());
  data::Value next = live;
  next.set({"metadata", "managedFields"}, data::Value::array());
  next = track_update(live, next, writer("x", 1), deployment());
  EXPECT_FALSE(next["metadata"].contains("managedFields"));
}

TEST(Apply, OnAnUntrackedObjectTheFirstOwnerIsWhoWasBefore) {
  data::Value live = json_of(kDeployment);
  auto config = json_of(
      R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a"},"spec":{"paused":true}})");
  auto applied = apply(live, config, writer("one", 0), Force::No, deployment());
  ASSERT_TRUE(applied.ok());
  EXPECT_EQ(applied->object.at({"metadata", "managedFields", 1, "manager"}).as_string(),
            "before-first-apply");
}

TEST(StructuralType, CrdListsAndUnknownFields) {
  Type type = structural_type(
      json_of(R"({"type":"object","properties":{"spec":{"type":"object","properties":{
      "items":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["id"],
               "items":{"type":"object","properties":{"id":{"type":"integer"},"v":{"type":"string"}}}},
      "free":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}}})"));
  Writer who = writer("one", 0);
  who.api_version = "x/v1";
  auto config = json_of(R"({"apiVersion":"x/v1","kind":"X","metadata":{"name":"a"},
      "spec":{"items":[{"id":1,"v":"a"}],"free":{"a":{"b":1}}}})");
  auto applied = apply({}, config, who, Force::No, type);
  ASSERT_TRUE(applied.ok()) << applied.error().message();
  EXPECT_EQ(json::print(applied->object.at({"metadata", "managedFields", 0, "fieldsV1"}),
                        json::Keys::AsWritten),
            R"({"f:spec":{"f:free":{"f:a":{".":{},"f:b":{}}},)"
            R"("f:items":{"k:{\"id\":1}":{".":{},"f:id":{},"f:v":{}}}}})");
}

}  // namespace
}  // namespace fleet::kube
