// Patches of all four kinds, and who owns which field.
#include "kube/apiserver/tests/fixture.h"

namespace fleet::kube {
namespace {

class Apply : public ApiTest {
 protected:
  static constexpr const char* kPath = "/apis/apps/v1/namespaces/default/deployments/web";

  void SetUp() override {
    open({.controllers = false});
    const Answer made =
        post("/apis/apps/v1/namespaces/default/deployments?fieldManager=maker",
             "{metadata: {name: web}, spec: {replicas: 1, selector: {matchLabels: {a: b}}, "
             "template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: "
             "i}]}}}}");
    ASSERT_EQ(made.status, 201) << made.text;
  }
  std::string images(const data::Value& object) {
    std::vector<std::string> all;
    for (const auto& c : object.at({"spec", "template", "spec", "containers"}).items()) {
      all.push_back(cat(c["name"].to_string(), "=", c["image"].to_string()));
    }
    return join(all, " ");
  }
};

TEST_F(Apply, StrategicPatchesMergeListsByKey) {
  const Answer done = patch(
      kPath,
      "strategic-merge-patch+json",
      R"({"spec":{"template":{"spec":{"containers":[{"name":"c","image":"j"},{"name":"d","image":"k"}]}}}})");
  ASSERT_EQ(done.status, 200) << done.text;
  EXPECT_EQ(images(done.body), "c=j d=k");
}

TEST_F(Apply, MergePatchesReplaceLists) {
  const Answer done =
      patch(kPath,
            "merge-patch+json",
            R"({"spec":{"template":{"spec":{"containers":[{"name":"d","image":"k"}]}}}})");
  ASSERT_EQ(done.status, 200) << done.text;
  EXPECT_EQ(images(done.body), "d=k");
}

TEST_F(Apply, JsonPatchesAndTheirFailures) {
  const Answer done = patch(
      kPath,
      "json-patch+json",
      R"([{"op":"test","path":"/spec/replicas","value":1},{"op":"replace","path":"/spec/replicas","value":4}])");
  ASSERT_EQ(done.status, 200) << done.text;
  EXPECT_EQ(done.body.at({"spec", "replicas"}).as_int(), 4);
  const Answer failed =
      patch(kPath, "json-patch+json", R"([{"op":"test","path":"/spec/replicas","value":1}])");
  EXPECT_EQ(failed.status, 422);
  EXPECT_EQ(patch(kPath, "unknown-patch+json", "{}").status, 415);
}

TEST_F(Apply, ServerSideApplyConflictsUnlessForced) {
  const std::string config =
      R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":3}})";
  const Answer refused = patch(cat(kPath, "?fieldManager=me"), "apply-patch+yaml", config);
  EXPECT_EQ(refused.status, 409);
  EXPECT_TRUE(refused.message().starts_with(
      R"(Apply failed with 1 conflict: conflict with "maker" using apps/v1)"))
      << refused.message();
  EXPECT_EQ(refused.body.at({"details", "causes", 0, "reason"}).to_string(),
            "FieldManagerConflict");
  const Answer forced =
      patch(cat(kPath, "?fieldManager=me&force=true"), "apply-patch+yaml", config);
  ASSERT_EQ(forced.status, 200) << forced.text;
  EXPECT_EQ(forced.body.at({"spec", "replicas"}).as_int(), 3);
  const data::Value& managed = forced.body.at({"metadata", "managedFields"});
  EXPECT_EQ(managed[0]["manager"].to_string(), "me");
  EXPECT_EQ(managed[0]["operation"].to_string(), "Apply");
  // The same again changes nothing.
  const Answer again = patch(cat(kPath, "?fieldManager=me"), "apply-patch+yaml", config);
  EXPECT_EQ(again.body.at({"metadata", "resourceVersion"}),
            forced.body.at({"metadata", "resourceVersion"}));
}

TEST_F(Apply, ServerSideApplyCreates) {
  const char* path = "/api/v1/namespaces/default/configmaps/new?fieldManager=me";
  const Answer made =
      patch(path, "apply-patch+yaml", "{apiVersion: v1, kind: ConfigMap, data: {a: b}}");
  EXPECT_EQ(made.status, 201) << made.text;
  const Answer less =
      patch(path, "apply-patch+yaml", "{apiVersion: v1, kind: ConfigMap, data: {c: d}}");
  EXPECT_EQ(less.status, 200);
  EXPECT_FALSE(less.body["data"].contains("a"));  // no longer applied, nobody else's
  EXPECT_EQ(less.body.at({"data", "c"}).to_string(), "d");
  EXPECT_EQ(patch("/api/v1/namespaces/default/configmaps/x",
                  "apply-patch+yaml",
                  "{apiVersion: v1, kind: ConfigMap}")
                .status,
            422);
}

}  // namespace
}  // namespace fleet::kube
