// One suite for every store.
#include "kube/store/store.h"

#include <gtest/gtest.h>

#include "base/strings.h"
#include "kube/store/open.h"
#include "sys/files.h"
#include "sys/guarded.h"
#include "sys/thread.h"

namespace fleet::kube::store {
namespace {

enum class Kind { Memory, Sqlite };

class StoreTest : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override { open({}); }

  void open(const Options& options) {
    store_.reset();
    if (GetParam() == Kind::Memory) {
      store_ = open_memory(clock_, options);
    } else {
      auto opened = open_sqlite(ctx_, folder_.file("db"), options);
      ASSERT_TRUE(opened.ok()) << opened.error().message();
      store_ = std::move(opened).value();
    }
  }

  Result<Committed> create(std::string key, std::string value = "v") {
    return store_->write(ctx_, {Operation::Create, std::move(key), std::move(value), 0});
  }
  Result<Committed> update(std::string key, std::string value, Revision expected = 0) {
    return store_->write(ctx_, {Operation::Update, std::move(key), std::move(value), expected});
  }
  Result<Committed> erase(std::string key, Revision expected = 0) {
    return store_->write(ctx_, {Operation::Delete, std::move(key), "", expected});
  }

  std::string keys(const Range& range) {
    auto page = store_->list(ctx_, range);
    if (!page.ok()) return cat("error: ", to_string(page.error().code()));
    std::vector<std::string> words;
    for (const auto& entry : page->entries)
      words.push_back(cat(entry->key, "=", entry->value));
    return cat(
        page->revision, ": ", join(words, " "), page->more ? cat(" +", page->remaining) : "");
  }

  // Takes until `count` events came.
  std::string events(Subscription& subscription, size_t count) {
    std::vector<std::string> words;
    while (words.size() < count) {
      auto batch = subscription.take(100);
      if (!batch.ok()) return cat("error: ", to_string(batch.error().code()));
      for (const auto& event : batch->events) {
        words.push_back(
            cat(event->revision, event->before ? (event->after ? "~" : "-") : "+", event->key()));
      }
      if (words.size() < count) {
        EXPECT_TRUE(woken_
                        .wait(
                            ctx_.with_timeout(std::chrono::seconds(10)),
                            [](const bool& woken) { return woken; },
                            [](bool& woken) { woken = false; })
                        .ok());
      }
    }
    return join(words, " ");
  }

  std::function<void()> wake() {
    return [this] {
      woken_.with([](bool& woken) { woken = true; });
      woken_.notify_all();
    };
  }

  ManualClock clock_;
  Context ctx_ = Context(clock_, Log(), std::stop_token());
  sys::TempFolder folder_ = sys::TempFolder::make().value();
  Guarded<bool> woken_;
  std::unique_ptr<Store> store_;
};

TEST_P(StoreTest, WritesGetTheNextRevision) {
  EXPECT_EQ(create("a/1")->revision, 1U);
  EXPECT_EQ(create("a/2")->revision, 2U);
  EXPECT_EQ(update("a/1", "w")->revision, 3U);
  auto entry = store_->get(ctx_, "a/1").value();
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->value, "w");
  EXPECT_EQ(entry->created, 1U);
  EXPECT_EQ(entry->modified, 3U);
  EXPECT_EQ(store_->get(ctx_, "a/3").value(), nullptr);
  EXPECT_EQ(store_->count(ctx_, "a/").value(), 2U);
}

TEST_P(StoreTest, Preconditions) {
  ASSERT_TRUE(create("k").ok());
  EXPECT_EQ(create("k").error().code(), Code::AlreadyExists);
  EXPECT_EQ(update("other", "x").error().code(), Code::NotFound);
  EXPECT_EQ(update("k", "x", 7).error().code(), Code::Conflict);
  EXPECT_EQ(erase("k", 7).error().code(), Code::Conflict);
  EXPECT_EQ(store_->revision(ctx_).value(), 1U);  // refused writes take no revision
  EXPECT_TRUE(update("k", "x", 1).ok());
  auto gone = erase("k", 2);
  ASSERT_TRUE(gone.ok());
  EXPECT_EQ(gone->revision, 3U);
  EXPECT_EQ(gone->entry->value, "x");
  EXPECT_EQ(create("k")->entry->created, 4U);
}

TEST_P(StoreTest, ListsInOrderAndInPages) {
  for (const char* key : {"b/2", "a/9", "b/1", "b/3", "c/1"})
    ASSERT_TRUE(create(key).ok());
  EXPECT_EQ(keys({.prefix = "b/"}), "5: b/1=v b/2=v b/3=v");
  EXPECT_EQ(keys({.prefix = "b/", .limit = 2}), "5: b/1=v b/2=v +1");
  EXPECT_EQ(keys({.prefix = "b/", .start = "b/2", .limit = 2}), "5: b/2=v b/3=v");
  EXPECT_EQ(keys({.prefix = "x/"}), "5: ");
}

TEST_P(StoreTest, ListsThePast) {
  ASSERT_TRUE(create("p/a", "1").ok());
  ASSERT_TRUE(create("p/b", "1").ok());
  ASSERT_TRUE(update("p/a", "2").ok());
  ASSERT_TRUE(erase("p/b").ok());
  ASSERT_TRUE(create("p/c", "1").ok());
  ASSERT_TRUE(create("p/b", "again").ok());
  EXPECT_EQ(keys({.prefix = "p/", .revision = 1}), "1: p/a=1");
  EXPECT_EQ(keys({.prefix = "p/", .revision = 2}), "2: p/a=1 p/b=1");
  EXPECT_EQ(keys({.prefix = "p/", .revision = 3}), "3: p/a=2 p/b=1");
  EXPECT_EQ(keys({.prefix = "p/", .revision = 4}), "4: p/a=2");
  EXPECT_EQ(keys({.prefix = "p/", .limit = 1, .revision = 2}), "2: p/a=1 +1");
  EXPECT_EQ(keys({.prefix = "p/"}), "6: p/a=2 p/b=again p/c=1");
}

TEST_P(StoreTest, ForgetsWhatIsCompacted) {
  ASSERT_TRUE(create("p/a", "1").ok());
  ASSERT_TRUE(update("p/a", "2").ok());
  ASSERT_TRUE(update("p/a", "3").ok());
  auto watch = store_->watch(ctx_, "p/", 1, wake()).value();
  EXPECT_EQ(events(*watch, 2), "2~p/a 3~p/a");  // the pump has passed
  ASSERT_TRUE(store_->compact(ctx_, 2).ok());
  EXPECT_EQ(keys({.prefix = "p/", .revision = 1}), "error: Expired");
  EXPECT_EQ(keys({.prefix = "p/", .revision = 2}), "2: p/a=2");
  EXPECT_EQ(store_->watch(ctx_, "p/", 1, wake()).error().code(), Code::Expired);
  EXPECT_TRUE(store_->watch(ctx_, "p/", 2, wake()).ok());
}

TEST_P(StoreTest, WatchesFromThePastAndOn) {
  ASSERT_TRUE(create("p/x/1").ok());
  ASSERT_TRUE(create("q/x/1").ok());
  ASSERT_TRUE(update("p/x/1", "2").ok());
  auto watch = store_->watch(ctx_, "p/", 1, wake()).value();
  auto one_key = store_->watch(ctx_, "p/x/2", 1, wake()).value();
  ASSERT_TRUE(create("p/x/2").ok());
  ASSERT_TRUE(erase("p/x/1").ok());
  EXPECT_EQ(events(*watch, 3), "3~p/x/1 4+p/x/2 5-p/x/1");
  EXPECT_EQ(events(*one_key, 1), "4+p/x/2");
}

TEST_P(StoreTest, CutsOffASlowReader) {
  open({.subscription_events = 3});
  auto slow = store_->watch(ctx_, "p/", 0, wake()).value();
  auto other = store_->watch(ctx_, "q/", 0, wake()).value();
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(create(cat("p/", i)).ok());
  ASSERT_TRUE(create("q/1").ok());
  EXPECT_EQ(events(*other, 1), "6+q/1");
  EXPECT_EQ(slow->take(10).error().code(), Code::Expired);
  EXPECT_EQ(slow->take(10).error().code(), Code::Expired);
}

TEST_P(StoreTest, TheWindowIsCountAndAge) {
  open({.window_events = 2, .window_age = std::chrono::minutes(10)});
  const Revision start = store_->revision(ctx_).value();
  auto watch = store_->watch(ctx_, "w/", 0, wake()).value();
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(create(cat("w/", i)).ok());
  events(*watch, 5);
  EXPECT_TRUE(store_->watch(ctx_, "w/", start + 1, wake()).ok());  // young enough
  clock_.advance(std::chrono::minutes(11));
  ASSERT_TRUE(create("w/last").ok());
  EXPECT_EQ(store_->watch(ctx_, "w/", start + 1, wake()).error().code(), Code::Expired);
  EXPECT_TRUE(store_->watch(ctx_, "w/", start + 4, wake()).ok());
}

TEST_P(StoreTest, ManyWritersOneOrder) {
  auto watch = store_->watch(ctx_, "t/", 0, wake()).value();
  {
    std::vector<Thread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back("writer", [this, t](std::stop_token) {
        for (int i = 0; i < 25; ++i)
          EXPECT_TRUE(create(cat("t/", t, "/", i)).ok());
      });
    }
    for (auto& thread : threads)
      thread.join();
  }
  EXPECT_EQ(store_->revision(ctx_).value(), 200U);
  Revision last = 0;
  size_t count = 0;
  while (count < 200) {
    auto batch = watch->take(1000);
    ASSERT_TRUE(batch.ok());
    for (const auto& event : batch->events) {
      EXPECT_EQ(event->revision, ++last);
      ++count;
    }
    EXPECT_LE(last, batch->up_to);
    if (batch->events.empty()) {
      ASSERT_TRUE(
          woken_
              .wait(
                  ctx_, [](const bool& woken) { return woken; }, [](bool& woken) { woken = false; })
              .ok());
    }
  }
}

TEST_P(StoreTest, OneWriterOfManyWinsAPrecondition) {
  ASSERT_TRUE(create("c").ok());
  std::atomic<int> won = 0;
  {
    std::vector<Thread> threads;
    for (int t = 0; t < 6; ++t) {
      threads.emplace_back("writer", [&, t](std::stop_token) {
        if (update("c", cat(t), 1).ok()) ++won;
      });
    }
    for (auto& thread : threads)
      thread.join();
  }
  EXPECT_EQ(won, 1);
}

TEST_P(StoreTest, StopsAndRefuses) {
  auto watch = store_->watch(ctx_, "p/", 0, wake()).value();
  ASSERT_TRUE(create("p/1").ok());
  store_->stop();
  EXPECT_EQ(create("p/2").error().code(), Code::ServiceUnavailable);
  EXPECT_TRUE(store_->get(ctx_, "p/1").value());
}

INSTANTIATE_TEST_SUITE_P(Stores,
                         StoreTest,
                         testing::Values(Kind::Memory, Kind::Sqlite),
                         [](const auto& row) {
                           return row.param == Kind::Memory ? "memory" : "sqlite";
                         });

}  // namespace
}  // namespace fleet::kube::store
