// Create, read, update, delete; in the words of kube-apiserver.
#include "kube/apiserver/tests/fixture.h"

namespace fleet::kube {
namespace {

constexpr const char* kMaps = "/api/v1/namespaces/default/configmaps";

class Crud : public ApiTest {};

TEST_F(Crud, CreateSetsWhatTheServerSets) {
  const Answer made =
      post(kMaps, "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {x: one}}");
  ASSERT_EQ(made.status, 201) << made.text;
  const data::Value& meta = made.body["metadata"];
  EXPECT_EQ(meta["namespace"].to_string(), "default");
  EXPECT_EQ(meta["uid"].to_string().size(), 36U);
  EXPECT_TRUE(parse_rfc3339(meta["creationTimestamp"].to_string()));
  EXPECT_FALSE(meta["resourceVersion"].to_string().empty());
  EXPECT_EQ(made.body.at({"data", "x"}).to_string(), "one");
  const Answer read = get(cat(kMaps, "/a"));
  EXPECT_EQ(read.status, 200);
  EXPECT_EQ(read.body, made.body);
}

TEST_F(Crud, Refusals) {
  ASSERT_EQ(post(kMaps, "{metadata: {name: a}}").status, 201);
  struct Case {
    const char* rule;
    RawRequest request;
    int status;
    const char* message;
  };
  auto write = [](const char* method, const char* path, const char* body) {
    return RawRequest{
        .method = method, .path = path, .content_type = "application/yaml", .body = body};
  };
  const Case cases[] = {
      {"absent",
       {.path = "/api/v1/namespaces/default/configmaps/b"},
       404,
       R"(configmaps "b" not found)"},
      {"there already",
       write("POST", kMaps, "{metadata: {name: a}}"),
       409,
       R"(configmaps "a" already exists)"},
      {"no such namespace",
       write("POST", "/api/v1/namespaces/nope/configmaps", "{metadata: {name: a}}"),
       404,
       R"(namespaces "nope" not found)"},
      {"no such resource",
       {.path = "/api/v1/namespaces/default/widgets"},
       404,
       "the server could not find the requested resource"},
      {"another version",
       write("POST", kMaps, "{apiVersion: v2, kind: ConfigMap, metadata: {name: c}}"),
       400,
       "the API version in the data (v2) does not match the expected API version (v1)"},
      {"another namespace",
       write("POST", kMaps, "{metadata: {name: c, namespace: other}}"),
       400,
       "the namespace of the provided object does not match the namespace sent on the request"},
      {"another name",
       write("PUT", "/api/v1/namespaces/default/configmaps/a", "{metadata: {name: b}}"),
       400,
       "the name of the object (b) does not match the name on the URL (a)"},
      {"a stale version",
       write("PUT",
             "/api/v1/namespaces/default/configmaps/a",
             "{metadata: {name: a, resourceVersion: '1'}}"),
       409,
       R"(Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again)"},
      {"the wrong verb",
       write("POST", "/api/v1/namespaces/default/configmaps/a", "{}"),
       405,
       "the server does not allow this method on the requested resource"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.rule);
    const Answer answer = ask(c.request);
    EXPECT_EQ(answer.status, c.status);
    EXPECT_EQ(answer.message(), c.message);
    EXPECT_EQ(answer.body["kind"].to_string(), "Status");
  }
}

TEST_F(Crud, BadNamesAreInvalid) {
  const Answer answer = post(kMaps, "{metadata: {name: 'A_'}}");
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.body.at({"details", "causes", 0, "field"}).to_string(), "metadata.name");
  EXPECT_TRUE(answer.message().starts_with(
      R"(ConfigMap "A_" is invalid: metadata.name: Invalid value: "A_")"))
      << answer.message();
}

TEST_F(Crud, GeneratesNames) {
  const Answer one = post(kMaps, "{metadata: {generateName: a-}}");
  const Answer two = post(kMaps, "{metadata: {generateName: a-}}");
  ASSERT_EQ(two.status, 201) << two.text;
  EXPECT_EQ(one.body.at({"metadata", "name"}).to_string().size(), 7U);
  EXPECT_NE(one.body.at({"metadata", "name"}), two.body.at({"metadata", "name"}));
}

TEST_F(Crud, AnUpdateThatChangesNothingWritesNothing) {
  const Answer made = post(kMaps, "{metadata: {name: a}, data: {x: one}}");
  const Answer same = put(cat(kMaps, "/a"), "{metadata: {name: a}, data: {x: one}}");
  EXPECT_EQ(same.body.at({"metadata", "resourceVersion"}),
            made.body.at({"metadata", "resourceVersion"}));
  const Answer other = put(cat(kMaps, "/a"), "{metadata: {name: a}, data: {x: two}}");
  EXPECT_NE(other.body.at({"metadata", "resourceVersion"}),
            made.body.at({"metadata", "resourceVersion"}));
  EXPECT_EQ(other.body.at({"metadata", "uid"}), made.body.at({"metadata", "uid"}));
}

TEST_F(Crud, GenerationCountsTheSpecAndStatusIsApart) {
  const std::string path = "/apis/apps/v1/namespaces/default/deployments";
  const char* body =
      "{metadata: {name: d}, spec: {replicas: 1, selector: {matchLabels: {a: b}}, template: "
      "{metadata: "
      "{labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}}, status: {replicas: 7}}";
  const Answer made = post(path, body);
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(made.body.at({"metadata", "generation"}).as_int(), 1);
  EXPECT_TRUE(made.body.at({"status", "replicas"}).is_null());
  const Answer status =
      patch(path + "/d/status", "merge-patch+json", R"({"status":{"replicas":3}})");
  ASSERT_EQ(status.status, 200) << status.text;
  EXPECT_EQ(status.body.at({"status", "replicas"}).as_int(), 3);
  EXPECT_EQ(status.body.at({"metadata", "generation"}).as_int(), 1);
  const Answer spec =
      patch(path + "/d", "merge-patch+json", R"({"spec":{"replicas":2},"status":null})");
  EXPECT_EQ(spec.body.at({"metadata", "generation"}).as_int(), 2);
  EXPECT_EQ(spec.body.at({"status", "replicas"}).as_int(), 3);
  const Answer scale = patch(path + "/d/scale", "merge-patch+json", R"({"spec":{"replicas":5}})");
  ASSERT_EQ(scale.status, 200) << scale.text;
  EXPECT_EQ(scale.body["kind"].to_string(), "Scale");
  EXPECT_EQ(get(path + "/d").body.at({"spec", "replicas"}).as_int(), 5);
}

TEST_F(Crud, ServicesGetAddressesAndKeepThem) {
  const std::string path = "/api/v1/namespaces/default/services";
  const Answer made = post(
      path, "{metadata: {name: s}, spec: {type: NodePort, selector: {a: b}, ports: [{port: 80}]}}");
  ASSERT_EQ(made.status, 201) << made.text;
  const std::string address = made.body.at({"spec", "clusterIP"}).to_string();
  EXPECT_TRUE(address.starts_with("10.43.")) << address;
  EXPECT_EQ(made.body.at({"spec", "clusterIPs", 0}).to_string(), address);
  EXPECT_GE(made.body.at({"spec", "ports", 0, "nodePort"}).as_int(), 30000);
  const Answer next =
      put(path + "/s",
          "{metadata: {name: s}, spec: {type: NodePort, selector: {c: d}, ports: [{port: 80}]}}");
  ASSERT_EQ(next.status, 200) << next.text;
  EXPECT_EQ(next.body.at({"spec", "clusterIP"}).to_string(), address);
  EXPECT_EQ(next.body.at({"spec", "ports"}), made.body.at({"spec", "ports"}));
}

TEST_F(Crud, JobsSelectTheirOwnPods) {
  const Answer made =
      post("/apis/batch/v1/namespaces/default/jobs",
           "{metadata: {name: j}, spec: {template: {spec: {restartPolicy: Never, containers: "
           "[{name: c, image: i}]}}}}");
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(made.body.at({"spec", "selector", "matchLabels", "batch.kubernetes.io/controller-uid"}),
            made.body.at({"metadata", "uid"}));
  EXPECT_EQ(made.body.at({"spec", "template", "metadata", "labels", "job-name"}).to_string(), "j");
}

TEST_F(Crud, WhatOnlyARunningPodCouldAnswerIsRefusedInWords) {
  const std::string pods = "/api/v1/namespaces/default/pods";
  ASSERT_EQ(post(pods, "{metadata: {name: p}, spec: {containers: [{name: c, image: i}]}}").status,
            201);
  for (const char* part : {"log", "exec", "attach", "portforward", "proxy", "proxy/path"}) {
    const Answer answer = get(cat(pods, "/p/", part));
    EXPECT_EQ(answer.status, 405) << part;
    EXPECT_EQ(answer.body["reason"].as_string(), "MethodNotAllowed") << part;
    EXPECT_EQ(answer.message(),
              "pod \"p\": nothing runs on simulated nodes, so there are no logs, no processes and "
              "no ports to connect to");
    EXPECT_EQ(get(cat(pods, "/absent/", part)).message(), "pods \"absent\" not found");
  }
  EXPECT_EQ(post(cat(pods, "/p/exec?command=ls"), "").status, 405);
  EXPECT_EQ(get(cat(pods, "/p/unheard-of")).status, 404);
}

TEST_F(Crud, DryRunWritesNothing) {
  EXPECT_EQ(post(cat(kMaps, "?dryRun=All"), "{metadata: {name: a}}").status, 201);
  EXPECT_EQ(get(cat(kMaps, "/a")).status, 404);
  ASSERT_EQ(post(kMaps, "{metadata: {name: a}}").status, 201);
  EXPECT_EQ(remove(cat(kMaps, "/a?dryRun=All")).status, 200);
  EXPECT_EQ(get(cat(kMaps, "/a")).status, 200);
}

TEST_F(Crud, UnknownFieldsAreDroppedOrRefused) {
  const char* body = "{metadata: {name: a}, data: {x: one}, colour: red}";
  const Answer strict = post(cat(kMaps, "?fieldValidation=Strict"), body);
  EXPECT_EQ(strict.status, 400);
  EXPECT_EQ(
      strict.message(),
      R"(ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "colour")");
  const Answer made = post(kMaps, body);
  EXPECT_EQ(made.status, 201);
  EXPECT_FALSE(made.body.contains("colour"));
}

TEST_F(Crud, DeleteAnswersWithAStatusOrWaitsForFinalizers) {
  ASSERT_EQ(post(kMaps, "{metadata: {name: a}}").status, 201);
  const Answer gone_now = remove(cat(kMaps, "/a"));
  EXPECT_EQ(gone_now.body["status"].to_string(), "Success");
  EXPECT_EQ(gone_now.body.at({"details", "kind"}).to_string(), "configmaps");
  EXPECT_EQ(get(cat(kMaps, "/a")).status, 404);

  ASSERT_EQ(post(kMaps, "{metadata: {name: b, finalizers: [example.com/wait]}}").status, 201);
  const Answer waits = remove(cat(kMaps, "/b"));
  EXPECT_FALSE(waits.body.at({"metadata", "deletionTimestamp"}).is_null());
  EXPECT_EQ(get(cat(kMaps, "/b")).status, 200);
  EXPECT_EQ(
      patch(cat(kMaps, "/b"), "merge-patch+json", R"({"metadata":{"finalizers":null}})").status,
      200);
  EXPECT_EQ(get(cat(kMaps, "/b")).status, 404);
}

TEST_F(Crud, DeletionPreconditions) {
  ASSERT_EQ(post(kMaps, "{metadata: {name: a}}").status, 201);
  const Answer refused = remove(cat(kMaps, "/a"), "{preconditions: {uid: other}}");
  EXPECT_EQ(refused.status, 409);
  EXPECT_TRUE(contains(refused.message(), "Precondition failed: UID in precondition: other"))
      << refused.message();
}

TEST_F(Crud, DeleteCollectionTakesTheSelected) {
  for (const char* name : {"a", "b", "c"}) {
    const std::string kept = *name == 'b' ? "yes" : "no";
    ASSERT_EQ(
        post(kMaps, cat("{metadata: {name: ", name, ", labels: {kept: '", kept, "'}}}")).status,
        201);
  }
  EXPECT_EQ(remove(cat(kMaps, "?labelSelector=kept=no")).status, 200);
  EXPECT_EQ(get(cat(kMaps, "/a")).status, 404);
  EXPECT_EQ(get(cat(kMaps, "/b")).status, 200);
}

TEST_F(Crud, RequestsAreCounted) {
  ASSERT_EQ(post(kMaps, "{metadata: {name: a}}").status, 201);
  const std::string text = get("/metrics").text;
  EXPECT_TRUE(contains(text,
                       "apiserver_request_total{verb=\"create\",group=\"\",version=\"v1\",resource="
                       "\"configmaps\",subresource=\"\",code=\"201\"}"))
      << text;
}

TEST_F(Crud, AnObjectMayNotBeTooLarge) {
  const Answer refused =
      post(kMaps, cat("{metadata: {name: a}, data: {x: ", std::string(1600000, 'x'), "}}"));
  EXPECT_EQ(refused.status, 413);
}

}  // namespace
}  // namespace fleet::kube
