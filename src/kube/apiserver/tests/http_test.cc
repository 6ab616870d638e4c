// Over real sockets: TLS, client certificates, tokens, watches, restarts.
#include "kube/apiserver/tests/fixture.h"
#include "kube/client/http_client.h"
#include "kube/client/rest_mapper.h"
#include "sys/files.h"

namespace fleet::kube {
namespace {

const Resource kConfigMaps{{"", "v1", "configmaps"}, "ConfigMap", true};

class Http : public ApiTest {
 protected:
  void SetUp() override {
    open({.data_dir = folder_.path(), .storage = ApiServerOptions::Storage::Sqlite});
    serve();
  }
  void serve() {
    auto served = api_->serve(ctx_, {});
    ASSERT_TRUE(served.ok()) << served.error().message();
    access_ = parse_kubeconfig(api_->admin_kubeconfig().value()).value();
    client_ = make_http_client(access_).value();
  }
  Object config_map(const char* name) {
    return Object::make({"", "v1", "ConfigMap"}, {"default", name});
  }

  sys::TempFolder folder_ = sys::TempFolder::make().value();
  kube::Access access_;
  std::unique_ptr<Client> client_;
};

TEST_F(Http, AClientCertificateIsCredentialEnough) {
  auto made = client_->create(ctx_, kConfigMaps, config_map("a"));
  ASSERT_TRUE(made.ok()) << made.error().message();
  EXPECT_EQ(client_->get(ctx_, kConfigMaps, {"default", "a"})->uid(), made->uid());
  EXPECT_EQ(client_->get(ctx_, kConfigMaps, {"default", "b"}).error().code(), Code::NotFound);
}

TEST_F(Http, WithoutCredentialsThereIsOnlyHealth) {
  kube::Access nobody = access_;
  nobody.client_certificate.clear();
  nobody.client_key = Secret<>();
  auto client = make_http_client(nobody).value();
  EXPECT_EQ(client->raw(ctx_, {.path = "/healthz"})->body, "ok");
  EXPECT_EQ(client->raw(ctx_, {.path = "/version"})->status, 200);
  EXPECT_EQ(client->raw(ctx_, {.path = "/api/v1/namespaces"})->status, 401);
  nobody.token = Secret<>(std::string("nonsense"));
  auto liar = make_http_client(nobody).value();
  EXPECT_EQ(liar->raw(ctx_, {.path = "/healthz"})->status, 401);
}

TEST_F(Http, ATokenIsItsAccount) {
  Object request =
      Object::make({"authentication.k8s.io", "v1", "TokenRequest"}, {"default", "default"});
  eventually("/api/v1/namespaces/default/serviceaccounts/default",
             [](const Answer& answer) { return answer.status == 200; });
  auto token = client_->create(ctx_,
                               {{"", "v1", "serviceaccounts"}, "ServiceAccount", true},
                               request,
                               {.subresource = "token"});
  ASSERT_TRUE(token.ok()) << token.error().message();
  kube::Access robot = access_;
  robot.client_certificate.clear();
  robot.client_key = Secret<>();
  robot.token = Secret<>(token->at({"status", "token"}).to_string());
  auto client = make_http_client(robot).value();
  auto refused = client->get(ctx_, kConfigMaps, {"default", "a"});
  EXPECT_EQ(refused.error().code(), Code::Forbidden);
  EXPECT_TRUE(
      contains(refused.error().message(), R"(User "system:serviceaccount:default:default")"));
}

TEST_F(Http, WatchesAreStreams) {
  auto list = client_->list(ctx_, kConfigMaps, {.ns = "default"}).value();
  auto watch =
      client_
          ->watch(ctx_, kConfigMaps, {.ns = "default", .resource_version = list.resource_version})
          .value();
  for (const char* name : {"a", "b"})
    ASSERT_TRUE(client_->create(ctx_, kConfigMaps, config_map(name)).ok());
  const Context ctx = ctx_.with_timeout(std::chrono::seconds(10));
  std::string seen;
  while (!contains(seen, "b")) {
    auto event = watch->next(ctx);
    ASSERT_TRUE(event.ok()) << event.error().message();
    ASSERT_TRUE(*event);
    seen += std::string((*event)->object.name());
  }
  EXPECT_TRUE(seen.ends_with("ab")) << seen;
}

TEST_F(Http, LongListsComeInPieces) {
  for (int i = 0; i < 300; ++i) {
    Object object = config_map(cat("m", i).c_str());
    object.set({"data", "x"}, std::string(1000, 'x'));
    ASSERT_TRUE(api_->client().create(ctx_, kConfigMaps, object).ok());
  }
  EXPECT_GE(client_->list(ctx_, kConfigMaps, {.ns = "default"})->items.size(), 300U);
  EXPECT_GE(list_all(ctx_, *client_, kConfigMaps, {.ns = "default"}, 50)->items.size(), 300U);
}

TEST_F(Http, DiscoveryFindsKinds) {
  RestMapper mapper(*client_);
  EXPECT_EQ(mapper.resource_for(ctx_, {"apps", "", "Deployment"})->gvr.resource, "deployments");
  EXPECT_EQ(mapper.find(ctx_, "po")->resource.kind, "Pod");
}

TEST_F(Http, ARestartKeepsEverything) {
  ASSERT_TRUE(client_->create(ctx_, kConfigMaps, config_map("a")).ok());
  const std::string ca = api_->ca_pem();
  client_.reset();
  api_.reset();
  open({.data_dir = folder_.path(), .storage = ApiServerOptions::Storage::Sqlite});
  serve();
  EXPECT_EQ(api_->ca_pem(), ca);
  EXPECT_TRUE(client_->get(ctx_, kConfigMaps, {"default", "a"}).ok());
  EXPECT_EQ(ApiServer::open(
                ctx_, {.data_dir = folder_.path(), .storage = ApiServerOptions::Storage::Sqlite})
                .error()
                .code(),
            Code::Conflict);
}

}  // namespace
}  // namespace fleet::kube
