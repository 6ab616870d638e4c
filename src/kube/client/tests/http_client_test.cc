#include "kube/client/http_client.h"

#include <gtest/gtest.h>

#include "base/strings.h"
#include "kube/client/rest_mapper.h"
#include "sys/guarded.h"
#include "wire/http/server.h"

namespace fleet::kube {
namespace {

const Resource kPods{{"", "v1", "pods"}, "Pod", true};
const Resource kCrontabs{{"stable.example.com", "v1", "crontabs"}, "CronTab", true};

Context ctx() {
  return Context::background().with_timeout(std::chrono::seconds{30});
}

// A peer that answers as the test says and keeps what it was asked.
class Peer {
 public:
  using Answer = std::function<void(const http::Request&, http::Responder&)>;
  explicit Peer(Answer answer)
      : answer_(std::move(answer)) {
    server_ =
        http::Server::start(Context::background(),
                            {},
                            [this](const Context&, const http::Request& r, http::Responder out) {
                              asked_.with([&](auto& all) { all.push_back(r); });
                              answer_(r, out);
                            })
            .value();
    Access access;
    access.server = server_->url() + "/base/";
    access.token = Secret<>("tok");
    access.as_user = "alice";
    access.as_groups = {"a", "b"};
    client = make_http_client(access).value();
  }

  http::Request last() {
    return asked_.with([](auto& all) { return all.back(); });
  }
  size_t count() {
    return asked_.with([](auto& all) { return all.size(); });
  }

  std::unique_ptr<Client> client;

 private:
  Answer answer_;
  Guarded<std::vector<http::Request>> asked_;
  std::unique_ptr<http::Server> server_;
};

Peer::Answer fixed(int status, std::string body) {
  return [status, body](const http::Request&, http::Responder& out) {
    out.send({status, {{"content-type", "application/json"}}, body});
  };
}

constexpr const char* kPod =
    R"({"kind":"Pod","apiVersion":"v1","metadata":{"name":"a","namespace":"n","resourceVersion":"5"}})";

TEST(HttpClient, SaysWhoAndWhat) {
  Peer peer(fixed(200, kPod));
  const Object pod = peer.client->get(ctx(), kPods, {"n", "a"}).value();
  EXPECT_EQ(pod.key().str(), "n/a");
  const http::Request asked = peer.last();
  EXPECT_EQ(asked.method + " " + asked.path, "GET /base/api/v1/namespaces/n/pods/a");
  EXPECT_EQ(asked.headers.value("authorization"), "Bearer tok");
  EXPECT_EQ(asked.headers.value("impersonate-user"), "alice");
  EXPECT_EQ(asked.headers.all("impersonate-group").size(), 2U);
}

TEST(HttpClient, WritesGoToTheRightPlace) {
  Peer peer(fixed(200, kPod));
  const Object pod(data::Value::object(
      {{"metadata", data::Value::object({{"name", "a"}, {"namespace", "n"}})}}));
  const auto asked = [&] {
    const http::Request r = peer.last();
    return cat(r.method,
               " ",
               r.raw_path,
               r.raw_query.empty() ? "" : "?",
               r.raw_query,
               " ",
               r.headers.value("content-type"));
  };
  const std::string base = "/base/api/v1/namespaces/n/pods";
  ASSERT_TRUE(peer.client->create(ctx(), kPods, pod, {.field_manager = "m", .dry_run = true}).ok());
  EXPECT_EQ(asked(), "POST " + base + "?fieldManager=m&dryRun=All application/json");
  ASSERT_TRUE(peer.client->create(ctx(), kPods, pod, {.subresource = "eviction"}).ok());
  EXPECT_EQ(asked(), "POST " + base + "/a/eviction application/json");
  ASSERT_TRUE(peer.client->update_status(ctx(), kPods, pod).ok());
  EXPECT_EQ(asked(), "PUT " + base + "/a/status application/json");
  ASSERT_TRUE(peer.client
                  ->patch(ctx(),
                          kPods,
                          {"n", "a"},
                          Patch::apply(pod.value()),
                          {.field_manager = "m", .force = true})
                  .ok());
  EXPECT_EQ(asked(), "PATCH " + base + "/a?fieldManager=m&force=true application/apply-patch+yaml");
  ASSERT_TRUE(peer.client->patch_status(ctx(), kPods, {"n", "a"}, Patch::merge(pod.value())).ok());
  EXPECT_EQ(asked(), "PATCH " + base + "/a/status application/merge-patch+json");
  ASSERT_TRUE(
      peer.client
          ->remove(ctx(), kPods, {"n", "a"}, {.propagation = Propagation::Orphan, .uid = "u"})
          .ok());
  EXPECT_EQ(asked(), "DELETE " + base + "/a application/json");
  EXPECT_EQ(
      peer.last().body,
      R"({"kind":"DeleteOptions","apiVersion":"v1","propagationPolicy":"Orphan","preconditions":{"uid":"u"}})");
}

TEST(HttpClient, RemovalTellsGoneFromWaiting) {
  Peer gone(fixed(200, R"({"kind":"Status","apiVersion":"v1","status":"Success"})"));
  EXPECT_FALSE(gone.client->remove(ctx(), kPods, {"n", "a"})->has_value());
  Peer waiting(fixed(200, kPod));
  EXPECT_EQ((*waiting.client->remove(ctx(), kPods, {"n", "a"}))->name(), "a");
}

TEST(HttpClient, ErrorsAreTheServers) {
  Peer peer(fixed(
      409,
      R"({"kind":"Status","apiVersion":"v1","status":"Failure","reason":"AlreadyExists","message":"pods \"a\" already exists","code":409})"));
  const auto refused = peer.client->get(ctx(), kPods, {"n", "a"});
  EXPECT_EQ(refused.error().code(), Code::AlreadyExists);
  EXPECT_EQ(refused.error().message(), "pods \"a\" already exists");
}

constexpr const char* kAbsent =
    R"({"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound","message":"pods \"a\" not found","code":404})";

TEST(HttpClient, OnlyAStatusSaysThatAnObjectIsNotThere) {
  struct Case {
    int status;
    const char* body;
    Code code;
  };
  const Case cases[] = {
      {404, kAbsent, Code::NotFound},
      {404, "404 page not found\n", Code::ServiceUnavailable},
      {404, "<html>no such site</html>", Code::ServiceUnavailable},
      {404, "", Code::ServiceUnavailable},
      {404, R"({"error":"NotFound"})", Code::ServiceUnavailable},
      {404, R"({"kind":"Status","code":404})", Code::ServiceUnavailable},
      {404, R"({"kind":"Status","reason":"Elsewhere","code":404})", Code::ServiceUnavailable},
      {200, kPod, Code::Unknown},
  };
  for (const Case& c : cases) {
    Peer peer(fixed(c.status, c.body));
    const auto got = peer.client->get(ctx(), kPods, {"n", "a"});
    ASSERT_EQ(got.ok(), c.status == 200) << c.body;
    if (got.ok()) continue;
    EXPECT_EQ(got.error().code(), c.code) << c.body;
    EXPECT_EQ(peer.client->list(ctx(), kPods).error().code(), c.code) << c.body;
    EXPECT_EQ(peer.client->watch(ctx(), kPods).error().code(), c.code) << c.body;
    EXPECT_EQ(peer.client->remove(ctx(), kPods, {"n", "a"}).error().code(), c.code) << c.body;
    EXPECT_EQ(discover(ctx(), *peer.client).error().code(), c.code) << c.body;
  }
  Peer page(fixed(404, "404 page not found\n"));
  EXPECT_EQ(
      page.client->get(ctx(), kPods, {"n", "a"}).error().message(),
      "the answer is not from a Kubernetes API: 404: 404 page not found (look at the server's "
      "address and at proxies before it)");
}

// What kube-apiserver says of paths it does not serve is a plain 404; its discovery is asked.
TEST(HttpClient, AKindThatTheServerDoesNotHaveIsNotFound) {
  Peer peer([](const http::Request& r, http::Responder& out) {
    const std::map<std::string, const char*> answers = {
        {"/base/api/v1", R"({"kind":"APIResourceList","resources":[{"name":"pods"}]})"},
        {"/base/apis", R"({"kind":"APIGroupList","groups":[{"name":"stable.example.com",
           "versions":[{"groupVersion":"stable.example.com/v1","version":"v1"}]}]})"},
        {"/base/apis/stable.example.com/v1",
         R"({"kind":"APIResourceList","resources":[{"name":"crontabs"}]})"}};
    const auto at = answers.find(r.path);
    if (at == answers.end()) return out.send({.status = 404, .body = "404 page not found\n"});
    out.send({.body = at->second});
  });
  const auto code_for = [&](const char* group, const char* version, const char* resource) {
    const Resource kind{{group, version, resource}, "Kind", true};
    const auto got = peer.client->get(ctx(), kind, {"n", "a"});
    EXPECT_EQ(peer.client->list(ctx(), kind).error().code(), got.error().code());
    return got.error().code();
  };
  EXPECT_EQ(code_for("", "v1", "things"), Code::NotFound);
  EXPECT_EQ(code_for("stable.example.com", "v1", "things"), Code::NotFound);
  EXPECT_EQ(code_for("stable.example.com", "v2", "crontabs"), Code::NotFound);
  EXPECT_EQ(code_for("other.example.com", "v1", "crontabs"), Code::NotFound);
  // A kind that is served: the page came from somewhere else.
  EXPECT_EQ(code_for("", "v1", "pods"), Code::ServiceUnavailable);
  EXPECT_EQ(code_for("stable.example.com", "v1", "crontabs"), Code::ServiceUnavailable);
}

TEST(RestMapper, AGroupThatIsAwayHidesNeitherOthersNorItself) {
  for (const int status : {503, 404}) {
    Peer peer([status](const http::Request& r, http::Responder& out) {
      const std::map<std::string, const char*> answers = {
          {"/base/api", R"({"kind":"APIVersions","versions":["v1"]})"},
          {"/base/api/v1",
           R"({"kind":"APIResourceList","resources":[{"name":"pods","kind":"Pod"}]})"},
          {"/base/apis", R"({"kind":"APIGroupList","groups":[{"name":"metrics.k8s.io",
             "versions":[{"groupVersion":"metrics.k8s.io/v1","version":"v1"}]}]})"}};
      const auto at = answers.find(r.path);
      if (at == answers.end()) return out.send({.status = status, .body = "away\n"});
      out.send({.body = at->second});
    });
    const auto found = discover(ctx(), *peer.client);
    ASSERT_EQ(found.ok(), status == 503);
    if (found.ok()) {
      EXPECT_EQ(found->size(), 1U);
    } else {
      EXPECT_EQ(found.error().code(), Code::ServiceUnavailable);
    }
  }
}

TEST(HttpClient, WaitsWhenToldTo) {
  std::atomic<int> calls = 0;
  Peer peer([&](const http::Request&, http::Responder& out) {
    if (++calls < 3) return out.send({429, {{"retry-after", "0"}}, "later"});
    out.send({.body = kPod});
  });
  EXPECT_TRUE(peer.client->get(ctx(), kPods, {"n", "a"}).ok());
  EXPECT_EQ(calls, 3);
  Peer busy([](const http::Request&, http::Responder& out) {
    out.send({429, {{"retry-after", "0"}}, "later"});
  });
  EXPECT_EQ(busy.client->get(ctx(), kPods, {"n", "a"}).error().code(), Code::TooManyRequests);
  EXPECT_EQ(busy.count(), 10U);
}

TEST(HttpClient, ListsInPages) {
  Peer peer([](const http::Request& r, http::Responder& out) {
    if (r.query.value("continue").empty()) {
      out.send(
          {.body =
               R"({"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"7","continue":"c1","remainingItemCount":1},"items":[{"metadata":{"name":"a"}}]})"});
    } else {
      out.send(
          {.body =
               R"({"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"7"},"items":[{"metadata":{"name":"b"}}]})"});
    }
  });
  ListOptions options;
  options.ns = "n";
  options.labels = LabelSelector::parse("x=y").value();
  const ObjectList all = list_all(ctx(), *peer.client, kPods, options, 1).value();
  ASSERT_EQ(all.items.size(), 2U);
  EXPECT_EQ(all.items[1].name(), "b");
  EXPECT_EQ(all.items[1].kind(), "Pod");
  EXPECT_EQ(all.items[1].api_version(), "v1");
  EXPECT_EQ(all.resource_version, "7");
  EXPECT_EQ(peer.last().raw_query, "labelSelector=x%3Dy&limit=1&continue=c1");
}

TEST(HttpClient, AnExpiredPageStartsTheListAgain) {
  Peer peer([](const http::Request& r, http::Responder& out) {
    if (!r.query.value("continue").empty()) {
      out.send(
          {410,
           {},
           R"({"kind":"Status","status":"Failure","reason":"Expired","message":"m","code":410})"});
    } else if (r.query.has("limit")) {
      out.send({.body = R"({"metadata":{"continue":"c"},"items":[{"metadata":{"name":"a"}}]})"});
    } else {
      out.send(
          {.body =
               R"({"metadata":{},"items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b"}}]})"});
    }
  });
  EXPECT_EQ(list_all(ctx(), *peer.client, kPods, {}, 1)->items.size(), 2U);
}

TEST(HttpClient, WatchesEventByEvent) {
  Guarded<std::optional<http::BodyStream>> stream;
  Peer peer([&](const http::Request&, http::Responder& out) {
    stream.with([&](auto& s) { s = out.stream(200, {{"content-type", "application/json"}}); });
    stream.notify_all();
  });
  auto watch = peer.client->watch(ctx(), kPods, {.ns = "n", .resource_version = "5"}).value();
  EXPECT_EQ(peer.last().raw_query, "watch=true&resourceVersion=5&allowWatchBookmarks=true");
  ASSERT_TRUE(stream.wait(ctx(), [](const auto& s) { return s.has_value(); }).ok());
  const auto send = [&](std::string text) {
    stream.with([&](auto& s) { s->offer(std::move(text)); });
  };
  // Cut anywhere, several at once.
  const std::string added = cat(R"({"type":"ADDED","object":)", kPod, "}\n");
  send(added.substr(0, 20));
  send(added.substr(20) + added +
       R"({"type":"BOOKMARK","object":{"kind":"Pod","metadata":{"resourceVersion":"9"}}})" + "\n");
  EXPECT_EQ((*watch->next(ctx()))->object.name(), "a");
  EXPECT_EQ((*watch->next(ctx()))->type, WatchEvent::Type::Added);
  const auto mark = *watch->next(ctx());
  EXPECT_EQ(mark->type, WatchEvent::Type::Bookmark);
  EXPECT_EQ(mark->object.resource_version(), "9");
  EXPECT_EQ(
      watch->next(Context::background().with_timeout(std::chrono::milliseconds{20})).error().code(),
      Code::Timeout);
  send(
      R"({"type":"ERROR","object":{"kind":"Status","reason":"Expired","message":"too old","code":410}})"
      "\n");
  EXPECT_EQ(watch->next(ctx()).error().code(), Code::Expired);
  stream.with([](auto& s) { s->finish(); });
  EXPECT_EQ(*watch->next(ctx()), std::nullopt);
  stream.with([](auto& s) { s.reset(); });
}

TEST(HttpClient, ARefusedWatchIsAnError) {
  Peer peer(fixed(
      410,
      R"({"kind":"Status","status":"Failure","reason":"Expired","message":"too old resource version","code":410})"));
  EXPECT_EQ(peer.client->watch(ctx(), kPods, {}).error().code(), Code::Expired);
}

TEST(HttpClient, ChangesAreRepeatedAfterAConflict) {
  std::atomic<int> puts = 0;
  Peer peer([&](const http::Request& r, http::Responder& out) {
    if (r.method == "PUT" && ++puts < 3) {
      return out.send(
          {409, {}, R"({"kind":"Status","reason":"Conflict","message":"m","code":409})"});
    }
    out.send({.body = kPod});
  });
  int reads = 0;
  const auto change = [&](Object& o) -> Result<bool> {
    ++reads;
    o.set_label("x", "y");
    return true;
  };
  EXPECT_TRUE(change_object(ctx(), *peer.client, kPods, {"n", "a"}, change).ok());
  EXPECT_EQ(reads, 3);
  const auto nothing = [](Object&) -> Result<bool> { return false; };
  puts = 0;
  EXPECT_TRUE(change_object(ctx(), *peer.client, kPods, {"n", "a"}, nothing).ok());
  EXPECT_EQ(puts, 0);
}

constexpr const char* kAggregated = R"({"kind":"APIGroupDiscoveryList","items":[
 {"metadata":{"name":"stable.example.com"},"versions":[{"version":"v1","resources":[
  {"resource":"crontabs","responseKind":{"group":"","version":"","kind":"CronTab"},"scope":"Namespaced",
   "singularResource":"crontab","shortNames":["ct"],"verbs":["get","list"],
   "subresources":[{"subresource":"status"}]}]}]}]})";

void serve_plain_discovery(const http::Request& r, http::Responder& out) {
  const std::map<std::string, const char*> answers = {
      {"/base/api", R"({"kind":"APIVersions","versions":["v1"]})"},
      {"/base/api/v1", R"({"kind":"APIResourceList","resources":[
        {"name":"pods","singularName":"pod","namespaced":true,"kind":"Pod","verbs":["get"],"shortNames":["po"]},
        {"name":"pods/status","namespaced":true,"kind":"Pod","verbs":["get"]}]})"},
      {"/base/apis", R"({"kind":"APIGroupList","groups":[{"name":"stable.example.com","versions":[
        {"groupVersion":"stable.example.com/v1beta1"},{"groupVersion":"stable.example.com/v1"}],
        "preferredVersion":{"groupVersion":"stable.example.com/v1"}}]})"},
      {"/base/apis/stable.example.com/v1",
       R"({"resources":[{"name":"crontabs","kind":"CronTab","namespaced":true,"verbs":["get","list"],"singularName":"crontab","shortNames":["ct"]},{"name":"crontabs/status","kind":"CronTab"}]})"},
      {"/base/apis/stable.example.com/v1beta1",
       R"({"resources":[{"name":"crontabs","kind":"CronTab","namespaced":true}]})"}};
  const auto at = answers.find(r.path);
  out.send(
      {.status = at == answers.end() ? 404 : 200, .body = at == answers.end() ? "" : at->second});
}

void serve_aggregated_discovery(const http::Request& r, http::Responder& out) {
  if (r.path == "/base/apis") return out.send({.body = kAggregated});
  if (r.path == "/base/api")
    return out.send({.body = R"({"kind":"APIGroupDiscoveryList","items":[]})"});
  out.send({404});
}

TEST(RestMapper, UnderstandsBothForms) {
  for (const bool aggregated : {false, true}) {
    Peer peer(aggregated ? serve_aggregated_discovery : serve_plain_discovery);
    RestMapper mapper(*peer.client);
    EXPECT_EQ(*mapper.resource_for(ctx(), {"stable.example.com", "v1", "CronTab"}), kCrontabs);
    EXPECT_EQ(*mapper.resource_for(ctx(), {"stable.example.com", "", "CronTab"}), kCrontabs);
    for (const char* word : {"crontabs",
                             "crontab",
                             "ct",
                             "CronTab",
                             "crontabs.stable.example.com",
                             "crontab.v1.stable.example.com"}) {
      const auto found = mapper.find(ctx(), word);
      ASSERT_TRUE(found.ok()) << word;
      EXPECT_EQ(found->resource, kCrontabs);
      EXPECT_EQ(found->subresources, std::vector<std::string>{"status"});
      EXPECT_TRUE(found->can("list"));
      EXPECT_FALSE(found->can("delete"));
    }
    const size_t asked = peer.count();
    const auto missing = mapper.resource_for(ctx(), {"g", "v1", "X"});
    EXPECT_EQ(missing.error().code(), Code::NotFound);
    EXPECT_EQ(missing.error().message(), "no matches for kind \"X\" in version \"g/v1\"");
    EXPECT_EQ(mapper.find(ctx(), "x").error().message(),
              "the server doesn't have a resource type \"x\"");
    EXPECT_EQ(peer.count(), asked);  // too soon to ask again
  }
}

TEST(RestMapper, FindsWhatWasAddedLater) {
  std::atomic<bool> added = false;
  Peer peer([&](const http::Request& r, http::Responder& out) {
    if (added || r.path != "/base/apis") return serve_aggregated_discovery(r, out);
    out.send({.body = R"({"kind":"APIGroupDiscoveryList","items":[]})"});
  });
  ManualClock clock;
  const Context now = Context(clock, Log(), {});
  RestMapper mapper(*peer.client);
  EXPECT_FALSE(mapper.resource_for(now, kCrontabs.gvk()).ok());
  added = true;
  EXPECT_FALSE(mapper.resource_for(now, kCrontabs.gvk()).ok());
  clock.advance(std::chrono::seconds{10});
  EXPECT_TRUE(mapper.resource_for(now, kCrontabs.gvk()).ok());
  added = false;
  mapper.reset();
  EXPECT_FALSE(mapper.resource_for(now, kCrontabs.gvk()).ok());
}

}  // namespace
}  // namespace fleet::kube
