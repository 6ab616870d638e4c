// A full disk: writes are refused in so many words, reads go on, nothing is lost or half there, and
// writing resumes as soon as there is room. A tmpfs of a few megabytes is the disk.
#include <cerrno>
#include <cstring>
#include <map>
#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <sys/mount.h>

#include "base/strings.h"
#include "data/json/parse.h"
#include "kube/apiserver/server.h"
#include "kube/client/http_client.h"
#include "kube/client/kubeconfig.h"
#include "kube/store/open.h"
#include "sys/files.h"

namespace fleet::cluster_tests {
namespace {

constexpr const char* kDisk = "size=6m,mode=0700";
constexpr size_t kBallast = size_t{2} << 20;  // bytes of another file, whose removal makes room
constexpr size_t kPayload = 60'000;
constexpr int kMoreThanFits = 200;  // objects of kPayload

const kube::Resource kConfigMaps{{"", "v1", "configmaps"}, "ConfigMap", true};

class FullDiskTest : public testing::Test {
 protected:
  void SetUp() override {
    if (::mount("tmpfs", folder_.path().c_str(), "tmpfs", 0, kDisk) != 0) {
      GTEST_SKIP() << "a small disk cannot be mounted here: " << std::strerror(errno);
    }
    mounted_ = true;
    ASSERT_TRUE(sys::write_file(ballast(), std::string(kBallast, 'x')).ok());
  }
  void TearDown() override {
    stop();
    if (mounted_) {
      EXPECT_EQ(::umount2(folder_.path().c_str(), MNT_DETACH), 0) << std::strerror(errno);
    }
  }

  std::string ballast() const { return folder_.file("ballast"); }
  std::string data_dir() const { return folder_.file("data"); }

  void start() {
    kube::ApiServerOptions options;
    options.data_dir = data_dir();
    options.storage = kube::ApiServerOptions::Storage::Sqlite;
    options.controllers = false;
    auto opened = kube::ApiServer::open(ctx_, std::move(options));
    ASSERT_TRUE(opened.ok()) << opened.error().message();
    api_ = std::move(opened).value();
    ASSERT_TRUE(api_->serve(ctx_, {}).ok());
    auto access = kube::parse_kubeconfig(api_->admin_kubeconfig().value());
    ASSERT_TRUE(access.ok()) << access.error().message();
    client_ = kube::make_http_client(*access).value();
  }
  void stop() {
    client_.reset();
    if (api_) api_->stop(Duration::zero());
    api_.reset();
  }

  Result<kube::Object> create(const std::string& name) {
    kube::Object object = kube::Object::make(kConfigMaps.gvk(), {"default", name});
    object.set({"data", "text"}, payload(name));
    return client_->create(ctx_, kConfigMaps, object);
  }
  // Nothing that a file system or a database could store in less.
  static std::string payload(const std::string& name) {
    std::string text;
    uint64_t state = std::hash<std::string>{}(name);
    while (text.size() < kPayload) {
      state = state * 6364136223846793005U + 1442695040888963407U;
      text += cat(state);
    }
    return text;
  }
  // Writes until one is refused; the error of that one.
  std::optional<Error> fill() {
    for (int i = 0; i < kMoreThanFits; ++i) {
      const std::string name = cat("cm-", i);
      Result<kube::Object> made = create(name);
      if (!made.ok()) {
        refused_ = name;
        return std::move(made).error();
      }
      kept_[name] = std::string(made->resource_version());
    }
    return {};
  }
  // What was acknowledged is there, byte by byte, and nothing else is.
  void expect_whole() {
    auto list = kube::list_all(ctx_, *client_, kConfigMaps, {.ns = "default"}, 10);
    ASSERT_TRUE(list.ok()) << list.error().message();
    EXPECT_EQ(list->items.size(), kept_.size());
    for (const kube::Object& object : list->items) {
      const std::string name(object.name());
      ASSERT_EQ(kept_.count(name), 1U) << name << " was never acknowledged";
      EXPECT_EQ(object.resource_version(), kept_[name]) << name;
      EXPECT_EQ(object.at({"data", "text"}).as_string(), payload(name)) << name;
    }
  }

  const Context ctx_ = Context::background();
  sys::TempFolder folder_ = sys::TempFolder::make("full-disk").value();
  bool mounted_ = false;
  std::unique_ptr<kube::ApiServer> api_;
  std::unique_ptr<kube::Client> client_;
  std::map<std::string, std::string> kept_;  // name to resourceVersion
  std::string refused_;
};

TEST_F(FullDiskTest, WritesAreRefusedReadsGoOnAndWritingResumes) {
  start();
  const std::optional<Error> full = fill();
  ASSERT_TRUE(full) << "the disk never got full";
  EXPECT_EQ(full->code(), Code::InsufficientStorage) << full->message();
  EXPECT_TRUE(contains(full->message(), "the disk of the store is full: make room"))
      << full->message();
  EXPECT_GT(kept_.size(), 3U);
  // The answer itself, as any client sees it.
  auto answer = client_->raw(
      ctx_,
      {.method = "POST",
       .path = "/api/v1/namespaces/default/configmaps",
       .body = cat(R"({"metadata":{"name":"again"},"data":{"text":")", payload("a"), "\"}}")});
  ASSERT_TRUE(answer.ok()) << answer.error().message();
  EXPECT_EQ(answer->status, 507);
  const data::Value status = json::parse(answer->body).value();
  EXPECT_EQ(status["kind"].as_string(), "Status");
  EXPECT_EQ(status["reason"].as_string(), "InsufficientStorage");
  EXPECT_EQ(status["code"].as_int(), 507);
  // What was refused left no trace, and what is there cannot be changed but read.
  EXPECT_EQ(client_->get(ctx_, kConfigMaps, {"default", refused_}).error().code(), Code::NotFound);
  expect_whole();
  auto watch = client_->watch(ctx_, kConfigMaps, {.ns = "default"});
  ASSERT_TRUE(watch.ok()) << watch.error().message();
  EXPECT_EQ((*watch)->next(ctx_).value()->type, kube::WatchEvent::Type::Added);
  // Room again, without a restart.
  ASSERT_TRUE(sys::remove_path(ballast()).ok());
  Result<kube::Object> made = create(refused_);
  ASSERT_TRUE(made.ok()) << made.error().message();
  kept_[refused_] = std::string(made->resource_version());
  expect_whole();
}

TEST_F(FullDiskTest, NothingIsLostWhenTheServerStopsOnAFullDisk) {
  start();
  ASSERT_TRUE(fill()) << "the disk never got full";
  stop();
  ASSERT_TRUE(sys::remove_path(ballast()).ok());
  start();
  expect_whole();
  Result<kube::Object> made = create(refused_);
  ASSERT_TRUE(made.ok()) << made.error().message();
}

}  // namespace
}  // namespace fleet::cluster_tests
