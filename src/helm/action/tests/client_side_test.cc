#include "helm/action/client_side.h"

#include <gtest/gtest.h>

#include "data/json/parse.h"
#include "data/json/print.h"

namespace fleet::helm {
namespace {

const kube::Resource kService{{"", "v1", "services"}, "Service", true};
const kube::Resource kWidget{{"example.com", "v1", "widgets"}, "Widget", true};

std::string patch_of(const kube::Resource& resource,
                     const char* original,
                     const char* target,
                     const char* live,
                     bool three_way = false) {
  const data::Value a = json::parse(original).value();
  const data::Value b = json::parse(target).value();
  const data::Value c = json::parse(live).value();
  auto patch = client_side_patch(resource, ClientSideInput{a, b, c, three_way}).value();
  return patch ? json::print(patch->body, json::Keys::Sorted) : "none";
}

TEST(ClientSidePatch, KnownKindsAreSetBack) {
  EXPECT_EQ(patch_of(kService,
                     R"({"spec":{"type":"ClusterIP"}})",
                     R"({"spec":{"type":"ClusterIP"}})",
                     R"({"spec":{"type":"NodePort","clusterIP":"10.0.0.1"}})"),
            R"({"spec":{"type":"ClusterIP"}})");
  EXPECT_EQ(
      patch_of(kService, R"({"spec":{"a":1}})", R"({"spec":{"a":1}})", R"({"spec":{"a":1,"b":2}})"),
      "none");
}

TEST(ClientSidePatch, OtherKindsGetWhatTheManifestsChanged) {
  EXPECT_EQ(patch_of(kWidget, R"({"spec":{"a":1}})", R"({"spec":{"a":1}})", R"({"spec":{"a":9}})"),
            "none");
  EXPECT_EQ(
      patch_of(kWidget, R"({"spec":{"a":1}})", R"({"spec":{"a":1}})", R"({"spec":{"a":9}})", true),
      R"({"spec":{"a":1}})");
  EXPECT_EQ(
      patch_of(
          kWidget, R"({"spec":{"a":1,"b":1}})", R"({"spec":{"a":2}})", R"({"spec":{"a":1,"b":1}})"),
      R"({"spec":{"a":2,"b":null}})");
}

}  // namespace
}  // namespace fleet::helm
