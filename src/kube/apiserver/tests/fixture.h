// An API server in memory, and requests to it as text.
#pragma once

#include <gtest/gtest.h>

#include "base/strings.h"
#include "data/json/parse.h"
#include "data/json/print.h"
#include "data/yaml/yaml.h"
#include "kube/apiserver/server.h"

namespace fleet::kube {

class ApiTest : public testing::Test {
 protected:
  void SetUp() override { open({}); }

  void open(ApiServerOptions options) {
    auto opened = ApiServer::open(ctx_, std::move(options));
    ASSERT_TRUE(opened.ok()) << opened.error().message();
    api_ = std::move(opened).value();
  }

  struct Answer {
    int status = 0;
    std::string text;
    data::Value body;

    std::string message() const { return body["message"].to_string(); }
  };

  Answer ask(const RawRequest& request) { return ask_as(api_->client(), request); }
  Answer ask_as(Client& client, const RawRequest& request) {
    auto raw = client.raw(ctx_, request);
    EXPECT_TRUE(raw.ok());
    Answer answer{raw->status, raw->body, {}};
    if (auto parsed = json::parse(raw->body); parsed.ok()) answer.body = std::move(parsed).value();
    return answer;
  }
  Answer get(std::string path) { return ask({.path = std::move(path)}); }
  // Bodies are YAML, for brevity.
  Answer post(std::string path, std::string body) { return send("POST", path, body); }
  Answer put(std::string path, std::string body) { return send("PUT", path, body); }
  Answer remove(std::string path, std::string body = "") { return send("DELETE", path, body); }
  Answer send(std::string method, std::string path, std::string body) {
    return ask({.method = std::move(method),
                .path = std::move(path),
                .content_type = "application/yaml",
                .body = std::move(body)});
  }
  Answer patch(std::string path, std::string type, std::string body) {
    return ask({.method = "PATCH",
                .path = std::move(path),
                .content_type = cat("application/", type),
                .body = std::move(body)});
  }

  // Asks again until `good` says so, for what the controllers inside do.
  template <typename Good>
  Answer eventually(std::string path, Good good) {
    const Context ctx = ctx_.with_timeout(std::chrono::seconds(10));
    while (true) {
      Answer answer = get(path);
      if (good(answer) || !ctx.sleep(std::chrono::milliseconds(10)).ok()) return answer;
    }
  }
  Answer gone(std::string path) {
    return eventually(std::move(path), [](const Answer& answer) { return answer.status == 404; });
  }

  Context ctx_ = Context::background();
  std::unique_ptr<ApiServer> api_;
};

}  // namespace fleet::kube
