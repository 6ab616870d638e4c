#include "kube/workqueue/workqueue.h"

#include <thread>

#include <gtest/gtest.h>

namespace fleet::kube {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Key key(const char* name) {
  return Key{"ns", name};
}

Result<Key> try_get(WorkQueue& queue, const Clock& clock) {
  return queue.get(Context(clock, Log(), {}).with_timeout(Duration::zero()));
}

TEST(WorkQueue, AKeyWaitsOnce) {
  ManualClock clock;
  WorkQueue queue(clock);
  queue.add(key("a"));
  queue.add(key("a"));
  queue.add(key("b"));
  EXPECT_EQ(queue.depth(), 2u);
}

TEST(WorkQueue, AKeyAddedWhileHeldComesAgainAfterDone) {
  WorkQueue queue(system_clock());
  const Context ctx = Context::background();
  queue.add(key("a"));
  Key held = queue.get(ctx).value();
  queue.add(key("a"));
  EXPECT_EQ(queue.depth(), 0u);
  queue.done(held);
  EXPECT_EQ(queue.depth(), 1u);
  EXPECT_EQ(queue.get(ctx).value(), key("a"));
}

TEST(WorkQueue, TheEarliestTimeWins) {
  ManualClock clock;
  WorkQueue queue(clock);
  queue.add_after(key("a"), seconds(10));
  queue.add_after(key("a"), seconds(2));
  queue.add_after(key("a"), seconds(20));
  EXPECT_TRUE(queue.idle(seconds(2)));
  clock.advance(seconds(2));
  EXPECT_EQ(queue.get(Context(clock, Log(), {})).value(), key("a"));
  queue.done(key("a"));
  clock.advance(seconds(30));
  EXPECT_TRUE(queue.idle(seconds(1)));
}

TEST(WorkQueue, AWaiterWakesWhenAKeyFallsDue) {
  WorkQueue queue(system_clock());
  queue.add_after(key("a"), milliseconds(20));
  EXPECT_EQ(queue.get(Context::background()).value(), key("a"));
}

TEST(WorkQueue, BackoffDoublesAndForgets) {
  ManualClock clock;
  WorkQueue queue(clock, Backoff{milliseconds(5), milliseconds(30)});
  EXPECT_EQ(queue.retry(key("a")), milliseconds(5));
  EXPECT_EQ(queue.retry(key("a")), milliseconds(10));
  EXPECT_EQ(queue.retry(key("a")), milliseconds(20));
  EXPECT_EQ(queue.retry(key("a")), milliseconds(30));
  EXPECT_EQ(queue.failures(key("a")), 4);
  queue.forget(key("a"));
  EXPECT_EQ(queue.retry(key("a")), milliseconds(5));
}

TEST(WorkQueue, ShutDownWakesWaiters) {
  WorkQueue queue(system_clock());
  std::jthread closer([&] { queue.shut_down(); });
  EXPECT_EQ(queue.get(Context::background()).error().code(), Code::Cancelled);
  queue.add(key("a"));
  EXPECT_EQ(queue.depth(), 0u);
}

TEST(WorkQueue, AStopWakesWaiters) {
  WorkQueue queue(system_clock());
  std::stop_source stop;
  std::jthread stopper([&] { stop.request_stop(); });
  Context ctx(system_clock(), Log(), stop.get_token());
  EXPECT_EQ(queue.get(ctx).error().code(), Code::Cancelled);
}

TEST(WorkQueue, ADeadlineEndsTheWait) {
  WorkQueue queue(system_clock());
  EXPECT_EQ(try_get(queue, system_clock()).error().code(), Code::Timeout);
}

}  // namespace
}  // namespace fleet::kube
