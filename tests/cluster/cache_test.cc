// Informers, controllers and leases against a real API server, with and without lies.
#include <atomic>
#include <set>

#include "base/strings.h"
#include "cluster/fleet_fixture.h"
#include "kube/cache/informer.h"
#include "kube/controller/leader.h"
#include "kube/controller/manager.h"
#include "kube/controller/write.h"

namespace fleet::cluster_tests {
namespace {

// Passes everything on, but lists may come out empty.
class LyingClient final : public kube::Client {
 public:
  explicit LyingClient(kube::Client& inner)
      : inner_(inner) {}
  std::atomic<bool> lies = false;
  std::atomic<int> lists = 0;

  Result<kube::Object> get(const Context& c,
                           const kube::Resource& r,
                           const kube::Key& k,
                           const kube::GetOptions& o) override {
    return inner_.get(c, r, k, o);
  }
  Result<kube::ObjectList> list(const Context& c,
                                const kube::Resource& r,
                                const kube::ListOptions& o) override {
    ++lists;
    kube::ObjectList found = TRY(inner_.list(c, r, o));
    if (lies) found.items.clear();
    return found;
  }
  Result<std::unique_ptr<kube::Watch>> watch(const Context& c,
                                             const kube::Resource& r,
                                             const kube::WatchOptions& o) override {
    if (lies) return Error(Code::Expired, "too old resource version");
    return inner_.watch(c, r, o);
  }
  Result<kube::Object> create(const Context& c,
                              const kube::Resource& r,
                              const kube::Object& b,
                              const kube::WriteOptions& o) override {
    return inner_.create(c, r, b, o);
  }
  Result<kube::Object> update(const Context& c,
                              const kube::Resource& r,
                              const kube::Object& b,
                              const kube::WriteOptions& o) override {
    return inner_.update(c, r, b, o);
  }
  Result<kube::Object> patch(const Context& c,
                             const kube::Resource& r,
                             const kube::Key& k,
                             const kube::Patch& p,
                             const kube::WriteOptions& o) override {
    return inner_.patch(c, r, k, p, o);
  }
  Result<std::optional<kube::Object>> remove(const Context& c,
                                             const kube::Resource& r,
                                             const kube::Key& k,
                                             const kube::DeleteOptions& o) override {
    return inner_.remove(c, r, k, o);
  }
  Result<> remove_collection(const Context& c,
                             const kube::Resource& r,
                             const kube::ListOptions& w,
                             const kube::DeleteOptions& o) override {
    return inner_.remove_collection(c, r, w, o);
  }
  Result<kube::RawAnswer> raw(const Context& c, const kube::RawRequest& q) override {
    return inner_.raw(c, q);
  }

 private:
  kube::Client& inner_;
};

class CacheTest : public FleetTest {
 protected:
  void SetUp() override {
    hub_ = kube::ApiServer::open(ctx_, {}).value();
    lying_ = std::make_unique<LyingClient>(hub());
  }
  void make(const std::string& name) {
    ASSERT_TRUE(
        hub()
            .create(ctx_, config_maps(), kube::Object::make(config_maps().gvk(), {"default", name}))
            .ok());
  }
  kube::InformerOptions options() {
    kube::InformerOptions out;
    out.resource = config_maps();
    out.ns = "default";
    out.labels = kube::LabelSelector::parse("!skip").value();
    out.retry_first = std::chrono::milliseconds(5);
    out.retry_last = std::chrono::milliseconds(20);
    return out;
  }
  // Runs an informer until the body is done.
  void with_informer(kube::Informer& informer, const std::function<void()>& body) {
    StopScope scope(ctx_);
    Thread thread("informer",
                  [&](const std::stop_token&) { (void)informer.run(scope.context()).ok(); });
    EXPECT_TRUE(informer.wait_synced(ctx_).ok());
    body();
    scope.stop();
  }
  std::unique_ptr<LyingClient> lying_;
};

TEST_F(CacheTest, AnInformerFollowsTheServer) {
  make("a");
  kube::Informer informer(*lying_, options());
  std::atomic<int> deleted = 0;
  informer.add_handler([&](const kube::CacheEvent& e) {
    if (e.type == kube::CacheEvent::Type::Deleted) ++deleted;
  });
  with_informer(informer, [&] {
    EXPECT_TRUE(informer.indexer().get({"default", "a"}));
    make("b");
    EXPECT_TRUE(eventually(
        [&] {
          return informer.indexer().get({"default", "b"}) != nullptr;
        },
        "b is seen"));
    ASSERT_TRUE(hub().remove(ctx_, config_maps(), {"default", "a"}).ok());
    EXPECT_TRUE(eventually([&] { return deleted == 1; }, "the deletion is told"));
    EXPECT_FALSE(informer.indexer().get({"default", "a"}));
  });
}

TEST_F(CacheTest, AnEmptyListDropsNothing) {
  make("a");
  make("b");
  auto how = options();
  how.first_relist = std::chrono::milliseconds(20);
  how.relist = std::chrono::milliseconds(20);
  kube::Informer informer(*lying_, how);
  std::atomic<int> deleted = 0;
  informer.add_handler([&](const kube::CacheEvent& e) {
    if (e.type == kube::CacheEvent::Type::Deleted) ++deleted;
  });
  with_informer(informer, [&] {
    lying_->lies = true;
    const int before = lying_->lists;
    EXPECT_TRUE(eventually([&] { return lying_->lists > before + 5; }, "it lists again"));
    EXPECT_TRUE(informer.indexer().get({"default", "a"}));
    EXPECT_TRUE(informer.indexer().get({"default", "b"}));
    EXPECT_EQ(deleted, 0);
    EXPECT_TRUE(informer.trouble().has_value());
    lying_->lies = false;
    ASSERT_TRUE(hub().remove(ctx_, config_maps(), {"default", "a"}).ok());
    EXPECT_TRUE(eventually([&] { return deleted == 1; }, "a true deletion is told"));
  });
}

class Counting final : public kube::Reconciler {
 public:
  std::atomic<int> runs = 0;
  std::atomic<int> fail_first = 0;
  Code code = Code::ServiceUnavailable;

  Result<kube::Requeue> reconcile(const Context&, const kube::Key&) override {
    if (++runs <= fail_first) return Error(code, "not now");
    return kube::Requeue::never();
  }
};

TEST_F(CacheTest, AFailureIsTriedAgainAndAnInvalidOneIsNot) {
  for (const auto& [code, runs] :
       {std::pair{Code::ServiceUnavailable, 3}, std::pair{Code::Invalid, 1}}) {
    Counting reconciler;
    reconciler.fail_first = 2;
    reconciler.code = code;
    kube::Controller controller({"test", 1, {}}, reconciler, system_clock());
    StopScope scope(ctx_);
    Thread worker("worker", [&](const std::stop_token&) { controller.work(scope.context()); });
    controller.queue().add({"ns", "a"});
    EXPECT_TRUE(eventually(
        [&] { return reconciler.runs == runs && controller.queue().idle(std::chrono::seconds(1)); },
        "it settles"));
    EXPECT_EQ(reconciler.runs, runs);
    scope.stop();
    controller.queue().shut_down();
  }
}

TEST_F(CacheTest, OneLeaderAtATimeAndTheNextTakesOver) {
  kube::LeaderOptions options;
  options.lease = {"default", "test"};
  options.retry_period = std::chrono::milliseconds(20);
  options.lease_duration = std::chrono::seconds(10);
  std::atomic<int> leading = 0;
  std::atomic<int> terms = 0;
  auto lead = [&](const Context& ctx) -> Result<> {
    EXPECT_EQ(++leading, 1);
    ++terms;
    Guarded<bool> never(false);
    Result<> done = never.wait(ctx, [](bool) { return false; });
    --leading;
    return done;
  };
  StopScope first(ctx_);
  StopScope second(ctx_);
  auto run = [&](StopScope& scope, const char* who) {
    kube::LeaderOptions own = options;
    own.identity = who;
    (void)kube::run_as_leader(scope.context(), hub(), own, lead).ok();
  };
  Thread a("a", [&](const std::stop_token&) { run(first, "a"); });
  ASSERT_TRUE(eventually([&] { return terms == 1; }, "the first leads"));
  Thread b("b", [&](const std::stop_token&) { run(second, "b"); });
  first.stop();
  // The lease was given back: nobody waits out its duration.
  EXPECT_TRUE(eventually([&] { return terms == 2; }, "the second leads"));
  second.stop();
}

TEST(MergeDifference, SaysWhatChanged) {
  using data::Value;
  const Value from =
      Value::object({{"a", 1}, {"b", Value::object({{"c", 1}, {"d", 2}})}, {"gone", true}});
  const Value to =
      Value::object({{"a", 1}, {"b", Value::object({{"c", 3}, {"d", 2}})}, {"new", "x"}});
  const Value want =
      Value::object({{"b", Value::object({{"c", 3}})}, {"gone", Value()}, {"new", "x"}});
  EXPECT_EQ(kube::merge_difference(from, to).value(), want);
  EXPECT_FALSE(kube::merge_difference(from, from).has_value());
}

}  // namespace
}  // namespace fleet::cluster_tests
