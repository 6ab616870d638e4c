// Kinds of CustomResourceDefinitions, discovery and OpenAPI.
#include "kube/apiserver/tests/fixture.h"

namespace fleet::kube {
namespace {

constexpr const char* kCrds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
constexpr const char* kCrd = R"(
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: widgets, kind: Widget, shortNames: [wd], categories: [all]}
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}}
    additionalPrinterColumns: [{name: Size, type: integer, jsonPath: .spec.size}]
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            required: [size]
            properties:
              size: {type: integer, minimum: 1}
              colour: {type: string, default: red}
          status: {type: object, x-kubernetes-preserve-unknown-fields: true}
)";
constexpr const char* kWidgets = "/apis/example.com/v1/namespaces/default/widgets";

class Custom : public ApiTest {
 protected:
  void SetUp() override {
    open({.controllers = false});
    const Answer made = post(kCrds, kCrd);
    ASSERT_EQ(made.status, 201) << made.text;
  }
  Answer make(const char* spec) {
    return post(
        kWidgets,
        cat("{apiVersion: example.com/v1, kind: Widget, metadata: {name: w}, spec: ", spec, "}"));
  }
};

TEST_F(Custom, IsEstablishedAtOnce) {
  const data::Value crd = get(cat(kCrds, "/widgets.example.com")).body;
  EXPECT_EQ(crd.at({"status", "acceptedNames", "listKind"}).to_string(), "WidgetList");
  EXPECT_TRUE(contains(json::print(crd["status"], json::Keys::Sorted), "Established"));
  EXPECT_EQ(get(kWidgets).body["kind"].to_string(), "WidgetList");
}

TEST_F(Custom, ObjectsAreDefaultedPrunedAndChecked) {
  const Answer made = make("{size: 3, weight: 7}");
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(made.body.at({"spec", "colour"}).to_string(), "red");
  EXPECT_FALSE(made.body["spec"].contains("weight"));
  EXPECT_EQ(made.body.at({"metadata", "generation"}).as_int(), 1);
  remove(cat(kWidgets, "/w"));
  const Answer refused = make("{size: 0}");
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(
      refused.message(),
      R"(Widget.example.com "w" is invalid: spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1)");
}

TEST_F(Custom, StatusIsASubresource) {
  ASSERT_EQ(make("{size: 1}").status, 201);
  const std::string path = cat(kWidgets, "/w");
  const Answer status =
      patch(path + "/status", "merge-patch+json", R"({"status":{"ready":true},"spec":{"size":9}})");
  ASSERT_EQ(status.status, 200) << status.text;
  EXPECT_TRUE(status.body.at({"status", "ready"}).as_bool());
  EXPECT_EQ(status.body.at({"spec", "size"}).as_int(), 1);
  EXPECT_EQ(
      put(path, "{apiVersion: example.com/v1, kind: Widget, metadata: {name: w}, spec: {size: 2}}")
          .message(),
      R"(Widget.example.com "w" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update)");
}

TEST_F(Custom, TablesShowTheColumns) {
  ASSERT_EQ(make("{size: 4}").status, 201);
  const Answer table =
      ask({.path = kWidgets, .accept = "application/json;as=Table;v=v1;g=meta.k8s.io"});
  EXPECT_EQ(table.body.at({"columnDefinitions", 1, "name"}).to_string(), "Size");
  EXPECT_EQ(table.body.at({"rows", 0, "cells", 1}).as_int(), 4);
}

TEST_F(Custom, DiscoveryAndOpenApiFollow) {
  const Answer list = get("/apis/example.com/v1");
  EXPECT_EQ(list.body.at({"resources", 0, "shortNames", 0}).to_string(), "wd");
  EXPECT_EQ(list.body.at({"resources", 1, "name"}).to_string(), "widgets/status");
  const Answer aggregated =
      ask({.path = "/apis",
           .accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"});
  EXPECT_TRUE(contains(aggregated.text,
                       R"("responseKind":{"group":"example.com","version":"v1","kind":"Widget"})"));
  const Answer root = get("/openapi/v3");
  const std::string address =
      root.body.at({"paths", "apis/example.com/v1", "serverRelativeURL"}).to_string();
  EXPECT_TRUE(contains(get(address).text, "fieldValidation"));
  EXPECT_TRUE(get(address).body.at({"components", "schemas"}).contains("com.example.v1.Widget"));
  EXPECT_TRUE(get("/openapi/v2").body["definitions"].contains("com.example.v1.Widget"));
}

TEST_F(Custom, ABadDefinitionIsRefused) {
  const Answer refused = post(kCrds, replace_all(kCrd, "widgets.example.com", "wrong.example.com"));
  EXPECT_EQ(refused.status, 422);
  EXPECT_TRUE(contains(refused.message(), "metadata.name: Invalid value")) << refused.message();
}

}  // namespace
}  // namespace fleet::kube
