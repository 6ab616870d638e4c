// WorkQueue: keys that wait to be reconciled, each at most once and held by one worker at a time.
//
// - A key that is added while it waits is there once.
// - A key that is added while a worker holds it is handed out again after `done`.
// - `add_after` makes a key due later; the earliest time wins. `retry` does so with the key's
//   back-off: kFirstDelay, doubled with every failure, up to kLastDelay; `forget` resets it.
// - `get` waits for a key that is ready or due. There is no timer thread: whoever waits in `get`
//   wakes when the next key falls due.
// Threads: all functions from any thread. Lifetime: the clock outlives the queue.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <set>
#include <utility>

#include "base/result.h"
#include "base/time.h"
#include "kube/meta/key.h"
#include "sys/clock.h"
#include "sys/context.h"
#include "sys/guarded.h"

namespace fleet::kube {

struct Backoff {
  Duration first = std::chrono::milliseconds(5);
  Duration last = std::chrono::seconds(1000);

  // first * 2^failures, at most last.
  Duration delay(int failures) const;
};

class WorkQueue {
 public:
  explicit WorkQueue(const Clock& clock, Backoff backoff = Backoff{})
      : clock_(&clock),
        backoff_(backoff) {}

  void add(const Key& key);
  void add_after(const Key& key, Duration delay);
  // Adds with the key's back-off and counts a failure. Returns the delay.
  Duration retry(const Key& key);
  void forget(const Key& key);
  int failures(const Key& key) const;

  // The next key; the caller holds it until `done`. Cancelled when the Context stops or the queue
  // is shut down, Timeout at its deadline.
  Result<Key> get(const Context& ctx);
  void done(const Key& key);

  // Wakes all waiters with Cancelled; later `add`s are dropped.
  void shut_down();

  // Keys ready now (not those held, not those due later).
  size_t depth() const;
  // Nothing ready, held or due before `horizon` from now.
  bool idle(Duration horizon) const;

 private:
  struct State {
    std::deque<Key> ready;
    std::set<Key> waiting;  // the keys in `ready`, or to be put there when released
    std::set<Key> held;
    std::map<Key, Instant> due;
    std::set<std::pair<Instant, Key>> due_order;  // the same, by time
    std::map<Key, int> failures;
    bool closed = false;
  };

  static void make_ready(State& state, const Key& key);
  static void move_due(State& state, Instant now);
  static Instant next_due(const State& state, Instant otherwise);

  const Clock* clock_;
  Backoff backoff_;
  Guarded<State> state_;
};

}  // namespace fleet::kube
