// Lists in pages, selectors, shapes; watches with bookmarks and their end.
#include "kube/apiserver/tests/fixture.h"

namespace fleet::kube {
namespace {

constexpr const char* kMaps = "/api/v1/namespaces/default/configmaps";
const Resource kConfigMaps{{"", "v1", "configmaps"}, "ConfigMap", true};

class ListWatch : public ApiTest {
 protected:
  void SetUp() override {
    open({.controllers = false});
    for (const char* name : {"a", "b", "c", "d", "e"}) {
      const std::string half = *name < 'c' ? "first" : "second";
      ASSERT_EQ(
          post(kMaps, cat("{metadata: {name: ", name, ", labels: {half: ", half, "}}}")).status,
          201);
    }
  }

  static std::string names(const data::Value& list) {
    std::vector<std::string> all;
    for (const data::Value& item : list["items"].items()) {
      all.push_back(item.at({"metadata", "name"}).to_string());
    }
    return join(all, " ");
  }

  std::string next(Watch& watch) {
    auto event = watch.next(ctx_.with_timeout(std::chrono::seconds(10)));
    if (!event.ok()) return cat("error: ", to_string(event.error().code()));
    if (!*event) return "end";
    return cat(to_string((*event)->type), " ", (*event)->object.name());
  }
};

TEST_F(ListWatch, Selectors) {
  struct Case {
    const char* rule;
    const char* query;
    const char* want;
  };
  constexpr Case kCases[] = {
      {"all", "", "a b c d e"},
      {"a label", "labelSelector=half%3Dfirst", "a b"},
      {"a set", "labelSelector=half%20in%20(second,third)", "c d e"},
      {"a name", "fieldSelector=metadata.name%3Dc", "c"},
      {"not a name", "fieldSelector=metadata.name!%3Dc", "a b d e"},
      {"both", "labelSelector=half%3Dfirst&fieldSelector=metadata.name!%3Da", "b"},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.rule);
    EXPECT_EQ(names(get(cat(kMaps, "?", c.query)).body), c.want);
  }
  const Answer refused = get(cat(kMaps, "?fieldSelector=data.x%3Dc"));
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.message(), "field label not supported: data.x");
}

TEST_F(ListWatch, PagesShowOneMoment) {
  const Answer one = get(cat(kMaps, "?limit=2"));
  EXPECT_EQ(names(one.body), "a b");
  EXPECT_EQ(one.body.at({"metadata", "remainingItemCount"}).as_int(), 3);
  ASSERT_EQ(remove(cat(kMaps, "/c")).status, 200);
  ASSERT_EQ(post(kMaps, "{metadata: {name: f}}").status, 201);
  const Answer two =
      get(cat(kMaps, "?limit=2&continue=", one.body.at({"metadata", "continue"}).to_string()));
  EXPECT_EQ(names(two.body), "c d");
  EXPECT_EQ(two.body.at({"metadata", "resourceVersion"}),
            one.body.at({"metadata", "resourceVersion"}));
  const Answer three =
      get(cat(kMaps, "?limit=2&continue=", two.body.at({"metadata", "continue"}).to_string()));
  EXPECT_EQ(names(three.body), "e");
  EXPECT_FALSE(three.body["metadata"].contains("continue"));
}

TEST_F(ListWatch, ListsThePast) {
  const std::string then = get(kMaps).body.at({"metadata", "resourceVersion"}).to_string();
  ASSERT_EQ(remove(cat(kMaps, "/a")).status, 200);
  EXPECT_EQ(names(get(cat(kMaps, "?resourceVersionMatch=Exact&resourceVersion=", then)).body),
            "a b c d e");
  EXPECT_EQ(
      names(get(cat(kMaps, "?resourceVersionMatch=NotOlderThan&resourceVersion=", then)).body),
      "b c d e");
  const Answer future = get(cat(kMaps, "?resourceVersion=99999"));
  EXPECT_EQ(future.status, 504);
  EXPECT_TRUE(future.message().starts_with("Too large resource version: 99999, current: "));
}

TEST_F(ListWatch, Tables) {
  const Answer table =
      ask({.path = kMaps, .accept = "application/json;as=Table;v=v1;g=meta.k8s.io"});
  EXPECT_EQ(table.body["kind"].to_string(), "Table");
  EXPECT_EQ(table.body.at({"columnDefinitions", 0, "name"}).to_string(), "Name");
  EXPECT_EQ(table.body["rows"].size(), 5U);
  EXPECT_EQ(table.body.at({"rows", 1, "cells", 0}).to_string(), "b");
  EXPECT_EQ(table.body.at({"rows", 1, "object", "kind"}).to_string(), "PartialObjectMetadata");
  const Answer partial =
      ask({.path = kMaps,
           .accept = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"});
  EXPECT_EQ(partial.body["kind"].to_string(), "PartialObjectMetadataList");
  EXPECT_EQ(ask({.path = kMaps, .accept = "application/vnd.kubernetes.protobuf"}).status, 406);
}

TEST_F(ListWatch, WatchesFromARevision) {
  const auto list = api_->client().list(ctx_, kConfigMaps, {.ns = "default"}).value();
  auto watch =
      api_->client()
          .watch(ctx_, kConfigMaps, {.ns = "default", .resource_version = list.resource_version})
          .value();
  ASSERT_EQ(put(cat(kMaps, "/b"), "{metadata: {name: b}, data: {x: one}}").status, 200);
  ASSERT_EQ(remove(cat(kMaps, "/c")).status, 200);
  ASSERT_EQ(post(kMaps, "{metadata: {name: f}}").status, 201);
  EXPECT_EQ(next(*watch), "MODIFIED b");
  EXPECT_EQ(next(*watch), "DELETED c");
  EXPECT_EQ(next(*watch), "ADDED f");
}

TEST_F(ListWatch, SelectedObjectsComeAndGo) {
  auto watch = api_->client()
                   .watch(ctx_,
                          kConfigMaps,
                          {.ns = "default", .labels = LabelSelector::parse("half=first").value()})
                   .value();
  EXPECT_EQ(next(*watch), "ADDED a");
  EXPECT_EQ(next(*watch), "ADDED b");
  ASSERT_EQ(
      patch(cat(kMaps, "/a"), "merge-patch+json", R"({"metadata":{"labels":{"half":"second"}}})")
          .status,
      200);
  ASSERT_EQ(
      patch(cat(kMaps, "/e"), "merge-patch+json", R"({"metadata":{"labels":{"half":"first"}}})")
          .status,
      200);
  EXPECT_EQ(next(*watch), "DELETED a");
  EXPECT_EQ(next(*watch), "ADDED e");
}

TEST_F(ListWatch, SendsTheStateWithAnEndMark) {
  auto watch = api_->client()
                   .watch(ctx_,
                          kConfigMaps,
                          {.ns = "default",
                           .fields = FieldSelector::parse("metadata.name=d").value(),
                           .send_initial_events = true})
                   .value();
  EXPECT_EQ(next(*watch), "ADDED d");
  auto mark = watch->next(ctx_).value();
  EXPECT_EQ(mark->type, WatchEvent::Type::Bookmark);
  EXPECT_EQ(mark->object.annotation("k8s.io/initial-events-end"), "true");
}

TEST_F(ListWatch, EndsWithItsContextAndItsTime) {
  StopScope scope(ctx_);
  auto watch = api_->client().watch(scope.context(), kConfigMaps, {.resource_version = "1"});
  ASSERT_TRUE(watch.ok());
  scope.stop();
  for (std::string event = next(**watch); event != "error: Cancelled"; event = next(**watch)) {
    ASSERT_FALSE(event.starts_with("error")) << event;
  }
  auto timed =
      api_->client().watch(ctx_, kConfigMaps, {.ns = "none", .timeout = std::chrono::seconds(1)});
  EXPECT_EQ(next(**timed), "end");
}

}  // namespace
}  // namespace fleet::kube
