#include "sys/context.h"

#include <gtest/gtest.h>

#include "sys/guarded.h"
#include "sys/thread.h"

namespace fleet::sys {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

TEST(Context, EndsWithItsDeadlineOnTheGivenClock) {
  ManualClock clock;
  const Context ctx = Context(clock, Log(), {}).with_timeout(seconds{5});
  EXPECT_TRUE(ctx.check().ok());
  EXPECT_EQ(ctx.remaining(hours{1}), seconds{5});
  clock.advance(seconds{5});
  EXPECT_EQ(ctx.check().error().code(), Code::Timeout);
  EXPECT_EQ(ctx.remaining(hours{1}), seconds{0});
}

TEST(Context, TheEarlierDeadlineWins) {
  ManualClock clock;
  const Context outer = Context(clock, Log(), {}).with_timeout(seconds{5});
  EXPECT_EQ(outer.with_timeout(seconds{50}).deadline(), outer.deadline());
  EXPECT_LT(*outer.with_timeout(seconds{1}).deadline(), *outer.deadline());
}

TEST(Context, AJumpingDateDoesNotMoveDeadlines) {
  ManualClock clock;
  const Context ctx = Context(clock, Log(), {}).with_timeout(seconds{5});
  clock.set_date(clock.now() + hours{24 * 365});
  EXPECT_TRUE(ctx.check().ok());
}

TEST(Context, SleepEndsWhenTheClockIsAdvanced) {
  ManualClock clock;
  const Context ctx(clock, Log(), {});
  std::atomic<bool> done = false;
  Thread sleeper("sleeper", [&](std::stop_token) {
    EXPECT_TRUE(ctx.sleep(seconds{60}).ok());
    done = true;
  });
  while (!done)
    clock.advance(seconds{1});
  sleeper.join();
}

TEST(Context, SleepIsCancelledByAStop) {
  const Context parent = Context::background();
  StopScope scope(parent);
  Thread stopper("stopper", [&](std::stop_token) { scope.stop(); });
  EXPECT_EQ(scope.context().sleep(hours{1}).error().code(), Code::Cancelled);
}

TEST(StopScope, FollowsItsParentButNotTheOtherWayRound) {
  StopScope outer(Context::background());
  {
    StopScope inner(outer.context());
    inner.stop();
    EXPECT_FALSE(inner.context().check().ok());
    EXPECT_TRUE(outer.context().check().ok());
  }
  StopScope inner(outer.context());
  outer.stop();
  EXPECT_EQ(inner.context().check().error().code(), Code::Cancelled);
}

TEST(Guarded, WaitsForAConditionAndUsesItUnderTheSameLock) {
  Guarded<std::vector<int>> box;
  Thread producer("producer", [&](std::stop_token) {
    for (int i = 0; i < 100; ++i) {
      box.with([&](std::vector<int>& v) { v.push_back(i); });
      box.notify_one();
    }
  });
  int next = 0;
  while (next < 100) {
    Result<std::vector<int>> got = box.wait(
        Context::background(),
        [](const std::vector<int>& v) { return !v.empty(); },
        [](std::vector<int>& v) { return std::exchange(v, {}); });
    for (const int i : *got)
      EXPECT_EQ(i, next++);
  }
}

TEST(Guarded, WaitEndsWithTheContext) {
  Guarded<int> box;
  StopScope scope(Context::background());
  Thread stopper("stopper", [&](std::stop_token) { scope.stop(); });
  EXPECT_EQ(box.wait(scope.context(), [](int v) { return v == 1; }).error().code(),
            Code::Cancelled);
  const Context late = Context::background().with_timeout(std::chrono::milliseconds{1});
  EXPECT_EQ(box.wait(late, [](int v) { return v == 1; }).error().code(), Code::Timeout);
}

TEST(Guarded, WaitUntilSaysWhetherItIsReady) {
  ManualClock clock;
  const Context ctx(clock, Log(), {});
  Guarded<int> box;
  const Instant until = clock.instant() + seconds{1};
  box.with([](int& v) { v = 1; });
  EXPECT_TRUE(*box.wait_until(ctx, until, [](int v) { return v == 1; }));
  clock.advance(seconds{1});
  EXPECT_FALSE(*box.wait_until(ctx, until, [](int v) { return v == 2; }));
}

TEST(Thread, IsToldToStopAndJoinedByItsOwner) {
  std::atomic<bool> stopped = false;
  {
    Thread thread("worker", [&](std::stop_token stop) {
      const Context ctx = Context::background().with_stop(stop);
      stopped = ctx.sleep(hours{1}).error().code() == Code::Cancelled;
    });
    EXPECT_TRUE(thread.joinable());
  }
  EXPECT_TRUE(stopped);
  EXPECT_FALSE(Thread().joinable());
  EXPECT_GE(processor_count(), 1);
}

}  // namespace
}  // namespace fleet::sys
