// Who may do what: tokens, reviews, RBAC, impersonation.
#include "kube/apiserver/tests/fixture.h"

namespace fleet::kube {
namespace {

class Access : public ApiTest {
 protected:
  std::unique_ptr<Client> as(std::string user, std::vector<std::string> groups = {}) {
    return api_->client_as({std::move(user), std::move(groups)});
  }
  data::Value review_token(const std::string& token) {
    return post("/apis/authentication.k8s.io/v1/tokenreviews",
                cat("{spec: {token: '", token, "'}}"))
        .body["status"];
  }
};

TEST_F(Access, ForbiddenSaysWhat) {
  struct Case {
    const char* path;
    const char* message;
  };
  constexpr Case kCases[] = {
      {"/api/v1/namespaces/default/pods",
       R"(pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default")"},
      {"/apis/apps/v1/namespaces/default/deployments/web",
       R"(deployments.apps "web" is forbidden: User "jane" cannot get resource "deployments" in API group "apps" in the namespace "default")"},
      {"/api/v1/nodes",
       R"(nodes is forbidden: User "jane" cannot list resource "nodes" in API group "" at the cluster scope)"},
      {"/metrics", R"(forbidden: User "jane" cannot get path "/metrics")"},
  };
  auto jane = as("jane");
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.path);
    const Answer answer = ask_as(*jane, {.path = c.path});
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(answer.message(), c.message);
  }
  EXPECT_EQ(ask_as(*jane, {.path = "/version"}).status, 200);
}

TEST_F(Access, RolesAllowAtOnce) {
  ASSERT_EQ(
      post(
          "/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings",
          "{metadata: {name: b}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, "
          "name: view}, subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: jane}]}")
          .status,
      201);
  auto jane = as("jane");
  const Context ctx = ctx_.with_timeout(std::chrono::seconds(10));
  int status = 0;
  while (status != 200 && ctx.sleep(std::chrono::milliseconds(5)).ok()) {
    status = ask_as(*jane, {.path = "/api/v1/namespaces/default/pods"}).status;
  }
  EXPECT_EQ(status, 200);
  EXPECT_EQ(ask_as(*jane, {.path = "/api/v1/namespaces/default/secrets"}).status, 403);
  const Answer review = ask_as(
      *jane,
      {.method = "POST",
       .path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
       .content_type = "application/yaml",
       .body = "{spec: {resourceAttributes: {verb: get, resource: pods, namespace: default}}}"});
  EXPECT_EQ(review.status, 201) << review.text;
  EXPECT_TRUE(review.body.at({"status", "allowed"}).as_bool());
}

TEST_F(Access, NobodyGrantsWhatTheyDoNotHave) {
  ASSERT_EQ(
      post("/apis/rbac.authorization.k8s.io/v1/clusterroles",
           "{metadata: {name: roles}, rules: [{apiGroups: [rbac.authorization.k8s.io], resources: "
           "['*'], verbs: [create]}]}")
          .status,
      201);
  ASSERT_EQ(
      post(
          "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
          "{metadata: {name: roles}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: "
          "ClusterRole, name: roles}, subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, "
          "name: jane}]}")
          .status,
      201);
  auto jane = as("jane");
  const RawRequest grab{.method = "POST",
                        .path = "/apis/rbac.authorization.k8s.io/v1/clusterroles",
                        .content_type = "application/yaml",
                        .body =
                            "{metadata: {name: grab}, rules: [{apiGroups: [''], resources: "
                            "[secrets], verbs: [get]}]}"};
  const Context ctx = ctx_.with_timeout(std::chrono::seconds(10));
  Answer refused = ask_as(*jane, grab);
  while (!contains(refused.message(), "attempting to grant") &&
         ctx.sleep(std::chrono::milliseconds(5)).ok()) {
    refused = ask_as(*jane, grab);
  }
  EXPECT_EQ(refused.status, 403);
  EXPECT_TRUE(
      contains(refused.message(), "attempting to grant RBAC permissions not currently held"))
      << refused.message();
}

TEST_F(Access, RequestedTokensLiveWithTheirAccount) {
  const std::string accounts = "/api/v1/namespaces/default/serviceaccounts";
  ASSERT_EQ(post(accounts, "{metadata: {name: robot}}").status, 201);
  const Answer made = post(cat(accounts, "/robot/token"), "{spec: {expirationSeconds: 3600}}");
  ASSERT_EQ(made.status, 201) << made.text;
  const std::string token = made.body.at({"status", "token"}).to_string();
  const data::Value good = review_token(token);
  EXPECT_TRUE(good["authenticated"].as_bool()) << json::print(good, json::Keys::AsWritten);
  EXPECT_EQ(good.at({"user", "username"}).to_string(), "system:serviceaccount:default:robot");
  EXPECT_EQ(good.at({"user", "groups", 1}).to_string(), "system:serviceaccounts:default");
  EXPECT_FALSE(review_token(token + "x")["authenticated"].as_bool());
  EXPECT_EQ(remove(cat(accounts, "/robot")).status, 200);
  EXPECT_FALSE(review_token(token)["authenticated"].as_bool());
  EXPECT_EQ(post(cat(accounts, "/robot/token"), "{}").status, 404);
}

TEST_F(Access, SecretTokensAreMintedAndRevoked) {
  ASSERT_EQ(post("/api/v1/namespaces/default/serviceaccounts", "{metadata: {name: robot}}").status,
            201);
  ASSERT_EQ(
      post("/api/v1/namespaces/default/secrets",
           "{metadata: {name: t, annotations: {kubernetes.io/service-account.name: robot}}, type: "
           "kubernetes.io/service-account-token}")
          .status,
      201);
  const std::string path = "/api/v1/namespaces/default/secrets/t";
  const Answer filled = eventually(path, [](const Answer& answer) {
    return !answer.body.at({"data", "token"}).is_null();
  });
  auto client = api_->client().get(ctx_, {{"", "v1", "secrets"}, "Secret", true}, {"default", "t"});
  ASSERT_TRUE(client.ok());
  const std::string encoded = filled.body.at({"data", "token"}).to_string();
  EXPECT_FALSE(filled.body.at({"data", "ca.crt"}).to_string().empty());
  ASSERT_EQ(remove("/api/v1/namespaces/default/serviceaccounts/robot").status, 200);
  EXPECT_EQ(gone(path).status, 404);
}

TEST_F(Access, ASecretTokenOfNoAccountGoes) {
  ASSERT_EQ(
      post("/api/v1/namespaces/default/secrets",
           "{metadata: {name: t, annotations: {kubernetes.io/service-account.name: nobody}}, type: "
           "kubernetes.io/service-account-token}")
          .status,
      201);
  EXPECT_EQ(gone("/api/v1/namespaces/default/secrets/t").status, 404);
}

}  // namespace
}  // namespace fleet::kube
