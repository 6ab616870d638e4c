// When a GitRepo is polled: at its interval, less and less often while its host is away, at once
// when something asks for it, and not at all when that is switched off. The clock is moved by hand.
#include <optional>

#include "base/strings.h"
#include "cluster/fleet_fixture.h"
#include "controller/reconcilers/gitrepo_reconciler.h"
#include "fleet/api/gitrepo.h"
#include "kube/controller/manager.h"
#include "server/manifests.h"

namespace fleet::cluster_tests {
namespace {

using std::chrono::seconds;

class GitRepoPolling : public testing::Test {
 protected:
  void SetUp() override {
    kube::ApiServerOptions options;
    options.manifests = server::hub_manifests();
    api_ = kube::ApiServer::open(Context::background(), std::move(options)).value();
    manager_.emplace(api_->client());
    caches_.emplace(*manager_);
    reconciler_.emplace(api_->client(), *caches_, git_, charts_, controller::GitRepoOptions{});
    git_.commit({{"cm.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cm}\n"}});
  }

  void make(const data::Value& more = {}) {
    kube::Object repo = kube::Object::make(api::GitRepo::kKind.gvk(), key_);
    repo.set({"spec", "repo"}, "http://git.example/repo");
    repo.set({"spec", "branch"}, "main");
    repo.set({"spec", "pollingInterval"}, "10s");
    for (const auto& member : more.members())
      repo.set({"spec", member.key.view()}, member.value);
    auto made = api_->client().create(now_, gitrepos_, repo);
    ASSERT_TRUE(made.ok()) << made.error().message();
    look();  // adds the finalizer
  }
  void patch(const data::Value& spec) {
    auto done = api_->client().patch(
        now_, gitrepos_, key_, kube::Patch::merge(data::Value::object({{"spec", spec}})));
    ASSERT_TRUE(done.ok()) << done.error().message();
  }
  // Reconciles; when it wants to be called again.
  std::optional<seconds> look() {
    Result<kube::Requeue> done = reconciler_->reconcile(now_, key_);
    EXPECT_TRUE(done.ok()) << done.error().message();
    if (!done.ok() || !done->delay()) return {};
    return std::chrono::duration_cast<seconds>(*done->delay());
  }
  // The next waits, each slept to its end; each must bring one poll.
  std::vector<int> waits(size_t count) {
    std::vector<int> out;
    for (size_t i = 0; i < count; ++i) {
      const int before = git_.polls();
      const std::optional<seconds> wait = look();
      EXPECT_EQ(git_.polls(), before + 1);
      if (!wait) return out;
      out.push_back(static_cast<int>(wait->count()));
      // Another event half-way is no reason to ask earlier.
      clock_.advance(*wait / 2);
      look();
      EXPECT_EQ(git_.polls(), before + 1);
      clock_.advance(*wait - *wait / 2);
    }
    return out;
  }

  const kube::Resource gitrepos_ = api::GitRepo::kKind.resource();
  const kube::Key key_{"fleet-default", "sample"};
  sys::ManualClock clock_;
  const Context now_{clock_, Log(), {}};
  MemoryGit git_;
  gitjob::NoCharts charts_;
  std::unique_ptr<kube::ApiServer> api_;
  std::optional<kube::Manager> manager_;
  std::optional<controller::Caches> caches_;
  std::optional<controller::GitRepoReconciler> reconciler_;
};

TEST_F(GitRepoPolling, AHostThatIsAwayIsAskedLessAndLessOften) {
  make();
  EXPECT_EQ(waits(3), (std::vector<int>{10, 10, 10}));
  git_.set_broken(true);
  EXPECT_EQ(waits(6), (std::vector<int>{10, 20, 40, 80, 120, 120}));
  git_.set_broken(false);
  EXPECT_EQ(waits(2), (std::vector<int>{10, 10}));
  git_.set_broken(true);
  EXPECT_EQ(waits(2), (std::vector<int>{10, 20}));
}

TEST_F(GitRepoPolling, ANewGitRepoWhoseHostIsAwayIsNoDifferent) {
  git_.set_broken(true);
  make();
  EXPECT_EQ(waits(3), (std::vector<int>{10, 20, 40}));
}

TEST_F(GitRepoPolling, AnIntervalLongerThanTheBackOffStays) {
  git_.set_broken(true);
  make(data::Value::object({{"pollingInterval", "5m"}}));
  EXPECT_EQ(waits(3), (std::vector<int>{300, 300, 300}));
}

TEST_F(GitRepoPolling, AChangedGitRepoIsPolledAtOnce) {
  git_.set_broken(true);
  make();
  waits(4);
  look();
  const int before = git_.polls();
  patch(data::Value::object({{"branch", "other"}}));
  EXPECT_EQ(look(), seconds(10));
  EXPECT_EQ(git_.polls(), before + 1);
}

TEST_F(GitRepoPolling, WithoutPollingItRestsUntilSomethingChanges) {
  make(data::Value::object({{"disablePolling", true}}));
  EXPECT_EQ(look(), std::nullopt);
  EXPECT_EQ(git_.polls(), 1);  // the first commit is looked for all the same
  clock_.advance(std::chrono::hours(1));
  EXPECT_EQ(look(), std::nullopt);
  EXPECT_EQ(git_.polls(), 1);
  git_.set_broken(true);
  patch(data::Value::object({{"branch", "other"}}));
  EXPECT_EQ(look(), seconds(10));
  EXPECT_EQ(git_.polls(), 2);
}

}  // namespace
}  // namespace fleet::cluster_tests
